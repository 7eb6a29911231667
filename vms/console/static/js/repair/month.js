// A month of a calendar: working days, holidays, working days made up for; a day is chosen and changed.
import { html, useState } from '../html.js';
import { t } from '../i18n.js';
import { serverNow } from '../time.js';
import { SpansInput, spansInWords } from './spans.js';

const WEEK = [0, 1, 2, 3, 4, 5, 6];
const MARKED = ['holiday', 'made_up', 'changed'];
const two = (n) => String(n).padStart(2, '0');
const named = (year, month, day) => `${year}-${two(month + 1)}-${two(day)}`;
/** Monday is 0. */
const weekdayOf = (year, month, day) => (new Date(Date.UTC(year, month, day)).getUTCDay() + 6) % 7;

/** [[day or null]] in weeks. */
function weeksOf(year, month) {
  const count = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const cells = [...Array(weekdayOf(year, month, 1)).fill(null), ...Array.from({ length: count }, (_, n) => n + 1)];
  while (cells.length % 7) cells.push(null);
  return Array.from({ length: cells.length / 7 }, (_, n) => cells.slice(n * 7, n * 7 + 7));
}

/** usual, holiday (as the week, but none), made_up (works though the week says no), changed (other hours). */
function kindOf(date, usual, days) {
  const own = days[date];
  if (own === undefined) return usual.length ? 'work' : 'rest';
  if (own.length === 0) return 'holiday';
  return usual.length ? 'changed' : 'made_up';
}

function DayEditor({ date, usual, days, onDays }) {
  const own = days[date];
  const put = (spans) => onDays(Object.fromEntries(Object.entries({ ...days, [date]: spans }).sort(([a], [b]) => (a < b ? -1 : 1))));
  const drop = () => { const { [date]: _, ...rest } = days; onDays(rest); };
  const now = own === undefined ? 'week' : own.length ? 'hours' : 'holiday';
  const deeds = { week: drop, holiday: () => put([]), hours: () => put(own?.length ? own : usual.length ? usual : [[540, 1020]]) };
  return html`<div class="day-editor" data-day-open=${date}><b>${date} ${t(`weekday.${weekdayOf(...date.split('-').map(Number).map((n, at) => (at === 1 ? n - 1 : n)))}`)}</b><div class="chips" role="group" aria-label=${date}>${Object.entries(deeds).map(([name, deed]) => html`<button type="button" key=${name} class="chip" data-day-is=${name}
    aria-pressed=${name === now} onClick=${deed}>${t(`calendars.day.${name}`)}</button>`)}</div>${now === 'hours' && html`<${SpansInput} name=${date} spans=${own} label=${date} onChange=${put} />`}</div>`;
}

function Day({ day, shown: [year, month], week, days, chosen, editable, choose }) {
  if (day === null) return html`<td></td>`;
  const date = named(year, month, day);
  const usual = week[weekdayOf(year, month, day)];
  const kind = kindOf(date, usual, days);
  const words = `${date} ${t(`calendars.kind.${kind}`)} ${spansInWords(days[date] ?? usual)}`;
  return html`<td><button type="button" class="day is-${kind}" data-day=${date} title=${words} aria-label=${words} aria-pressed=${chosen === date} disabled=${!editable} onClick=${() => choose(chosen === date ? '' : date)}>${day}
    ${MARKED.includes(kind) && html`<small>${t(`calendars.mark.${kind}`)}</small>`}</button></td>`;
}

export function Month({ week, days, editable, onDays }) {
  const today = new Date(serverNow());
  const [shown, show] = useState([today.getFullYear(), today.getMonth()]);
  const [chosen, choose] = useState('');
  const [year, month] = shown;
  const step = (n) => show([year + Math.floor((month + n) / 12), (month + n + 12) % 12]);
  const listed = Object.keys(days).filter((date) => date.startsWith(String(year)));
  return html`<section class="facts"><header class="table-tools"><h3>${t('calendars.days_title')}</h3><div class="push-end month-step"><button type="button" class="small quiet" aria-label=${t('calendars.month_before')} onClick=${() => step(-1)}>←</button><b>${t('calendars.month', { year, month: month + 1 })}</b>
      <button type="button" class="small quiet" aria-label=${t('calendars.month_after')} onClick=${() => step(1)}>→</button></div></header>
    <div class="month-two"><table class="month"><thead><tr>${WEEK.map((n) => html`<th key=${n} scope="col">${t(`weekday.short.${n}`)}</th>`)}</tr></thead><tbody>${weeksOf(year, month).map((cells, n) => html`<tr key=${n}>${cells.map((day, at) => html`<${Day} key=${at} day=${day} shown=${shown} week=${week} days=${days} chosen=${chosen} editable=${editable} choose=${choose} />`)}</tr>`)}</tbody></table>
      <div>${chosen && editable ? html`<${DayEditor} key=${chosen} date=${chosen} usual=${week[weekdayOf(Number(chosen.slice(0, 4)), Number(chosen.slice(5, 7)) - 1, Number(chosen.slice(8)))]} days=${days} onDays=${onDays} />` : html`<p class="faint">${t(editable ? 'calendars.choose_day' : 'repair.read_only')}</p>`}
        <h4>${t('calendars.differ', { year, n: listed.length })}</h4><ul class="differing">${listed.map((date) => html`<li key=${date}><button type="button" class="link" onClick=${() => { show([Number(date.slice(0, 4)), Number(date.slice(5, 7)) - 1]); choose(date); }}>${date.slice(5)}</button> ${days[date].length ? spansInWords(days[date]) : t('calendars.kind.holiday')}</li>`)}</ul></div></div></section>`;
}
