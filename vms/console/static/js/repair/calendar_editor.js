// One calendar: the hours of each weekday, and the days that differ in a view of the month.
import { put, remove } from '../api.js';
import { useDeed } from '../deed.js';
import { html, useState } from '../html.js';
import { t } from '../i18n.js';
import { useDraft } from './draft.js';
import { Month } from './month.js';
import { SaveBar } from './save_bar.js';
import { DayBar, SpansInput, spansInWords, wrongSpans } from './spans.js';
import { forget } from './unsaved.js';
import { ZoneChoice } from './zone_choice.js';

const WORKDAYS = [0, 1, 2, 3, 4];
const HOURS = [0, 6, 12, 18, 24];
export const weekday = (n) => t(`weekday.${n}`);

function Week({ week, editable, onWeek }) {
  const set = (n) => (spans) => onWeek(week.map((each, at) => (at === n ? spans : each)));
  const asMonday = () => onWeek(week.map((each, n) => (WORKDAYS.includes(n) ? week[0] : each)));
  return html`<section class="facts"><header class="table-tools"><h3>${t('calendars.week')}</h3>${editable && html`<button type="button" class="small quiet push-end" data-deed="as_monday" onClick=${asMonday}>${t('calendars.as_monday')}</button>`}</header>
    <div class="week-grid"><span></span><span class="day-hours" aria-hidden="true">${HOURS.map((hour) => html`<i key=${hour}>${hour}</i>`)}</span><span></span>${week.map((spans, n) => html`<b key=${`name ${n}`}>${weekday(n)}</b><${DayBar} spans=${spans} label=${weekday(n)} />
      ${editable ? html`<${SpansInput} name=${n} spans=${spans} label=${weekday(n)} onChange=${set(n)} />` : html`<span>${spansInWords(spans) || t('spans.none')}</span>`}`)}</div></section>`;
}

/** Why it cannot be saved; '' where it can. */
function wrongOf({ week, days }) {
  const day = week.findIndex((spans) => wrongSpans(spans));
  if (day >= 0) return `${weekday(day)}${t('word.colon')}${wrongSpans(week[day])}`;
  const named = Object.entries(days).find(([, spans]) => wrongSpans(spans));
  if (named) return `${named[0]}${t('word.colon')}${wrongSpans(named[1])}`;
  return week.every((spans) => spans.length === 0) ? t('calendars.no_hours') : '';
}

export function CalendarEditor({ calendar, editable, onSaved, onGone }) {
  const { id: _, name: __, ...content } = calendar;
  const draft = useDraft(content);
  const { run, busy, problem } = useDeed();
  const [sure, ask] = useState(false);
  const path = `maintenance/calendars/${encodeURIComponent(calendar.name)}`;
  const set = (field) => (value) => draft.set({ ...draft.draft, [field]: value });
  async function save() {
    const done = await run(() => put(path, draft.draft));
    if (!done) return;
    draft.saved({ time_zone: done.time_zone, week: done.week, days: done.days });
    onSaved();
  }
  const drop = async () => { if (calendar.id === 0 || await run(() => remove(path)) !== undefined) { forget(); onGone(); } };
  const { week, days, time_zone: zone } = draft.draft;
  return html`<div class="calendar-editor" data-calendar-open=${calendar.name}><header class="table-tools"><h2>${calendar.name}</h2><label class="inline">${t('calendars.zone')}${editable ? html`<${ZoneChoice} value=${zone} onChange=${set('time_zone')} />` : html`<b>${zone}</b>`}</label>
      ${editable && html`<button type="button" class="small danger-quiet push-end" data-deed="remove" disabled=${busy} onClick=${() => (sure ? drop() : ask(true))}>${sure ? t('action.sure') : t('action.remove')}</button>`}</header>
    <${Week} week=${week} editable=${editable} onWeek=${set('week')} /><${Month} week=${week} days=${days} editable=${editable} onDays=${set('days')} />
    ${!draft.changed && calendar.id === 0 && editable && html`<div class="row-end"><button type="button" class="primary" data-deed="save" disabled=${busy} onClick=${save}>${t('action.save')}</button></div>`}
    <${SaveBar} draft=${draft} busy=${busy} problem=${draft.changed ? problem : null} wrong=${wrongOf(draft.draft)} onSave=${save} />${!draft.changed && problem && html`<p class="problem" role="alert">${problem.message}</p>`}</div>`;
}
