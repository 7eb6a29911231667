// The days of a camera as a calendar of heat: each cell shows how its day was spent; one opens as a line of 24 hours.
import { html, useRef, useState } from '../html.js';
import { language, t } from '../i18n.js';
import { Chips, faultName, percent, Shown } from '../parts.js';
import { useResource } from '../resource.js';
import { setQuery } from '../router.js';
import { duration } from '../time.js';
import { DayLine } from './day_line.js';
import { PARTS, shareOf, SIGN, worstOf } from './day_parts.js';

const SPANS = ['30', '90', '365'];
const USUAL = '90';
const WEEK = 7;
const LEAST_SHARE = 0.12;
const STEPS = { ArrowLeft: -WEEK, ArrowRight: WEEK, ArrowUp: -1, ArrowDown: 1, PageUp: -28, PageDown: 28 };

const locale = () => (language() === 'zh' ? 'zh-CN' : 'en-GB');
const utc = (day) => new Date(`${day}T00:00:00Z`);
const weekday = (day) => (utc(day).getUTCDay() + 6) % WEEK;
const dayName = (day) => utc(day).toLocaleDateString(locale(), { timeZone: 'UTC', year: 'numeric', month: 'short', day: 'numeric', weekday: 'short' });

const partWords = (day) => PARTS.filter((part) => day.parts_s[part] >= 1).map((part) => t('calendar.part', { part: t(`calendar.${part}`), time: duration(day.parts_s[part]), share: percent(shareOf(day, part)) }));
const faultWords = (day, faults) => [...new Set(day.faults.map((id) => faultName(faults.get(id)?.kind)))];

/** What was short is still seen. */
function heightsOf(day) {
  const shown = PARTS.filter((part) => day.parts_s[part] > 0).map((part) => [part, Math.max(LEAST_SHARE, shareOf(day, part))]);
  return shown;
}

function Cell({ day, faults, tabbed, open, onOpen, onFocus }) {
  const worst = worstOf(day);
  const words = [dayName(day.day), ...partWords(day), ...faultWords(day, faults)].join(t('word.semicolon'));
  return html`<button type="button" role="gridcell" class="heat-day is-${worst}" data-day=${day.day} tabindex=${tabbed ? 0 : -1} aria-pressed=${open} aria-label=${words} title=${words} onClick=${() => onOpen(day.day)} onFocus=${() => onFocus(day.day)}>
    ${heightsOf(day).map(([part, share]) => html`<i key=${part} class="heat-${part}" style=${`flex:${share}`}></i>`)}<b aria-hidden="true">${SIGN[worst]}</b></button>`;
}

function Grid({ calendar, faults, open, onOpen, onFocus }) {
  const box = useRef(null);
  const { days } = calendar;
  const [at, setAt] = useState(days.at(-1).day);
  const first = weekday(days[0].day);
  const columns = Math.ceil((first + days.length) / WEEK);
  const move = (event) => {
    const here = days.findIndex((day) => day.day === event.target.dataset.day);
    const there = event.key === 'Home' ? 0 : event.key === 'End' ? days.length - 1 : event.key in STEPS ? here + STEPS[event.key] : null;
    if (here < 0 || there === null) return;
    event.preventDefault();
    const day = days[Math.max(0, Math.min(days.length - 1, there))].day;
    setAt(day);
    box.current.querySelector(`[data-day="${day}"]`)?.focus();
  };
  const months = days.map((day, n) => [day.day, Math.floor((first + n) / WEEK) + 2]).filter(([day], n) => n === 0 || day.endsWith('-01'))
    .filter(([, column], n, all) => n === all.length - 1 || all[n + 1][1] - column > 1);
  return html`<div class="heat" role="grid" aria-label=${t('history.calendar')} ref=${box} onKeyDown=${move} style=${`--columns: ${columns}`}>
    ${months.map(([day, column]) => html`<span key=${day} class="heat-month" aria-hidden="true" style=${`grid-column:${column}`}>${utc(day).toLocaleDateString(locale(), { timeZone: 'UTC', month: 'short' })}</span>`)}
    ${[0, 2, 4, 6].map((n) => html`<span key=${n} class="heat-week" aria-hidden="true" style=${`grid-row:${n + 2}`}>${new Date(Date.UTC(2024, 0, 1 + n)).toLocaleDateString(locale(), { timeZone: 'UTC', weekday: 'narrow' })}</span>`)}
    ${days.map((day, n) => html`<div key=${day.day} role="row" style=${`grid-column:${Math.floor((first + n) / WEEK) + 2};grid-row:${((first + n) % WEEK) + 2}`}>
      <${Cell} day=${day} faults=${faults} tabbed=${day.day === at} open=${open === day.day} onOpen=${onOpen} onFocus=${(name) => { setAt(name); onFocus(name); }} /></div>`)}</div>`;
}

function Said({ day, faults }) {
  return html`<p class="heat-said" role="status"><b>${dayName(day.day)}</b> ${partWords(day).map((words) => html`<span key=${words}>${words}</span>`)}
    ${faultWords(day, faults).length > 0 && html`<span class="is-down-ink">${faultWords(day, faults).join(t('word.comma'))}</span>`}</p>`;
}

function Table({ days, faults }) {
  return html`<details class="heat-table"><summary>${t('calendar.as_table')}</summary><div class="table-box"><table class="list"><thead><tr><th scope="col">${t('calendar.day')}</th>
      ${PARTS.map((part) => html`<th scope="col" key=${part} class="number-cell">${t(`calendar.${part}`)}</th>`)}<th scope="col">${t('maintenance.faults')}</th></tr></thead>
    <tbody>${[...days].reverse().map((day) => html`<tr key=${day.day}><th scope="row"><button type="button" class="link" onClick=${() => setQuery({ day: day.day })}>${dayName(day.day)}</button></th>
      ${PARTS.map((part) => html`<td key=${part} class="number-cell">${day.parts_s[part] >= 1 ? duration(day.parts_s[part]) : html`<span class="faint">—</span>`}</td>`)}<td>${faultWords(day, faults).join(t('word.comma'))}</td></tr>`)}</tbody></table></div></details>`;
}

export function CalendarPart({ camera, query }) {
  const span = SPANS.includes(query?.days) ? query.days : USUAL;
  const [seen, setSeen] = useState(null);
  const calendar = useResource(`cameras/${camera.row.id}/calendar`, { days: span }, { refreshOn: ['fault.', 'notice.'], everyS: 120 });
  const open = query?.day;
  return html`<div class="table-tools"><${Chips} label=${t('calendar.span')} value=${span} onChange=${(next) => setQuery({ days: next || null, day: null })} options=${SPANS.map((n) => [n, t('calendar.days', { n })])} />
      <ul class="heat-legend">${PARTS.map((part) => html`<li key=${part}><i class="heat-${part}">${SIGN[part]}</i> ${t(`calendar.${part}`)}</li>`)}</ul></div>
    <${Shown} resource=${calendar}>${(found) => {
    const faults = new Map(found.faults.map((fault) => [fault.id, fault]));
    const day = found.days.find((each) => each.day === (seen ?? open)) ?? found.days.at(-1);
    return html`<${Grid} key=${span} calendar=${found} faults=${faults} open=${open} onFocus=${setSeen} onOpen=${(name) => setQuery({ day: name === open ? null : name })} />
      <${Said} day=${day} faults=${faults} />${open && html`<${DayLine} camera=${camera} day=${open} name=${dayName(open)} zone=${found.time_zone} />`}<${Table} days=${found.days} faults=${faults} />`;
  }}<//>`;
}
