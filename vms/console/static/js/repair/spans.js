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

/** Minutes of the day of what a person wrote (8:30, 0830, 8); null where it is no time. */
export function minutesOf(text) {
  const found = /^(\d{1,2})(?:[:\uff1a.]?(\d{2}))?$/.exec(text.trim());
  if (!found) return null;
  const minutes = Number(found[1]) * HOUR_MIN + Number(found[2] ?? 0);
  return Number(found[2] ?? 0) < HOUR_MIN && minutes <= DAY_MIN ? minutes : null;
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

/** What cannot be read is put back as it was. */
function TimeInput({ minutes, label, onMinutes }) {
  const written = (event) => {
    const found = minutesOf(event.target.value);
    event.target.value = clock(found ?? minutes);
    if (found !== null && found !== minutes) onMinutes(found);
  };
  return html`<input type="text" inputmode="numeric" class="time-input" maxlength="5" aria-label=${label} value=${clock(minutes)} onChange=${written} />`;
}

export function SpansInput({ spans, onChange, label, name }) {
  const set = (n, side) => (minutes) => onChange(spans.map((span, at) => (at === n ? (side === 0 ? [minutes, span[1]] : [span[0], minutes]) : span)));
  const last = spans.at(-1)?.[1] ?? 8 * HOUR_MIN;
  const next = [Math.min(last + HOUR_MIN, DAY_MIN - HOUR_MIN), Math.min(last + 4 * HOUR_MIN, DAY_MIN)];
  const wrong = wrongSpans(spans);
  return html`<span class="spans-input" data-spans=${name}>${spans.map(([from, until], n) => html`<span key=${n} class="span-input"><${TimeInput} minutes=${from} label=${`${label} ${t('spans.from')}`} onMinutes=${set(n, 0)} />–<${TimeInput}
      minutes=${until} label=${`${label} ${t('spans.until')}`} onMinutes=${set(n, 1)} /><button type="button" class="small quiet" aria-label=${t('action.remove')} onClick=${() => onChange(spans.filter((_, at) => at !== n))}>✕</button></span>`)}
    ${spans.length < MOST && last < DAY_MIN && html`<button type="button" class="small quiet" data-deed="add_span" onClick=${() => onChange([...spans, next])}>＋ ${t('spans.add')}</button>`}
    ${wrong && html`<small class="is-wrong" role="alert">${wrong}</small>`}</span>`;
}
