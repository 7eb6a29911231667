// Hours of a day: [from, until] in minutes, as words, as a bar, and to be written.
import { html } from '../html.js';
import { t } from '../i18n.js';

export const DAY_MIN = 1440;
const MOST = 12;
const HOUR_MIN = 60;
const two = (n) => String(n).padStart(2, '0');
export const clock = (minutes) => `${two(Math.floor(minutes / HOUR_MIN))}:${two(minutes % HOUR_MIN)}`;
export const spansInWords = (spans) => spans.map(([from, until]) => `${clock(from)}–${clock(until)}`).join(t('word.comma'));
export const hoursOf = (spans) => spans.reduce((sum, [from, until]) => sum + until - from, 0) / HOUR_MIN;

/** As an input of time takes it: the end of the day is written 00:00. */
const written = (minutes) => clock(minutes % DAY_MIN);
function read(text, isEnd) {
  const [hours, minutes] = text.split(':').map(Number);
  const found = hours * HOUR_MIN + minutes;
  return isEnd && found === 0 ? DAY_MIN : found;
}

/** Why these hours cannot be; '' where they can. */
export function wrongSpans(spans) {
  let last = 0;
  for (const [n, [from, until]] of spans.entries()) {
    if (!(from < until)) return t('spans.backwards', { from: clock(from), until: clock(until) });
    if (n && from < last) return t('spans.overlap', { from: clock(from) });
    last = until;
  }
  return '';
}

export function DayBar({ spans, label }) {
  return html`<span class="day-bar" role="img" aria-label=${`${label} ${spansInWords(spans) || t('spans.none')}`}>${spans.map(([from, until]) => html`<i key=${from} style=${{ left: `${(from / DAY_MIN) * 100}%`, width: `${((until - from) / DAY_MIN) * 100}%` }}></i>`)}</span>`;
}

export function SpansInput({ spans, onChange, label, name }) {
  const set = (n, side, text) => text && onChange(spans.map((span, at) => (at === n ? (side === 0 ? [read(text, false), span[1]] : [span[0], read(text, true)]) : span)));
  const last = spans.at(-1)?.[1] ?? 8 * HOUR_MIN;
  const next = [Math.min(last + HOUR_MIN, DAY_MIN - HOUR_MIN), Math.min(last + 4 * HOUR_MIN, DAY_MIN)];
  const wrong = wrongSpans(spans);
  return html`<span class="spans-input" data-spans=${name}>${spans.map(([from, until], n) => html`<span key=${n} class="span-input"><input type="time" aria-label=${`${label} ${t('spans.from')}`} value=${written(from)} onChange=${(event) => set(n, 0, event.target.value)} />–<input
      type="time" aria-label=${`${label} ${t('spans.until')}`} value=${written(until)} onChange=${(event) => set(n, 1, event.target.value)} /><button type="button" class="small quiet" aria-label=${t('action.remove')} onClick=${() => onChange(spans.filter((_, at) => at !== n))}>✕</button></span>`)}
    ${spans.length < MOST && last < DAY_MIN && html`<button type="button" class="small quiet" data-deed="add_span" onClick=${() => onChange([...spans, next])}>＋ ${t('spans.add')}</button>`}
    ${wrong && html`<small class="is-wrong" role="alert">${wrong}</small>`}</span>`;
}
