// Working hours: a list of calendars, and the one that is chosen with its week and its days that differ.
import { html, useState } from '../html.js';
import { t } from '../i18n.js';
import { Empty, Shown } from '../parts.js';
import { useResource } from '../resource.js';
import { setQuery } from '../router.js';
import { CalendarEditor } from './calendar_editor.js';
import { hoursOf } from './spans.js';

const OFFICE = [[540, 1020]];
const NEW = { id: 0, name: '', time_zone: 'Asia/Shanghai', week: [OFFICE, OFFICE, OFFICE, OFFICE, OFFICE, [], []], days: {} };

const weekHours = (week) => Math.round(week.reduce((sum, spans) => sum + hoursOf(spans), 0) * 10) / 10;

function NewName({ names, onName, close }) {
  const [wrong, setWrong] = useState('');
  function submit(event) {
    event.preventDefault();
    const name = new FormData(event.target).get('name').trim();
    if (names.includes(name)) setWrong(t('calendars.taken'));
    else if (name) onName(name);
  }
  return html`<form class="inline-form" onSubmit=${submit}><label>${t('calendars.name')}<input name="name" required maxlength="80" pattern="[^\\/]+" autofocus /></label><button type="submit" class="small primary">${t('action.next')}</button>
    <button type="button" class="small quiet" onClick=${close}>${t('action.cancel')}</button>${wrong && html`<small class="is-wrong" role="alert">${wrong}</small>`}</form>`;
}

export function Calendars({ query, user }) {
  const list = useResource('maintenance/calendars');
  const [naming, name] = useState(false);
  const [fresh, setFresh] = useState(null);
  const editable = user.role === 'admin';
  const begin = (made) => { setFresh({ ...NEW, name: made }); name(false); setQuery({ calendar: made }); };
  const gone = () => { setFresh(null); setQuery({ calendar: null }); list.reload(); };
  return html`<${Shown} resource=${list}>${({ items }) => {
    const all = fresh && !items.some((each) => each.name === fresh.name) ? [...items, fresh] : items;
    const chosen = all.find((each) => each.name === query.calendar) ?? all[0];
    return html`<div class="table-tools"><p class="faint">${t('calendars.hint')}</p>${editable && !naming && html`<button type="button" class="small primary push-end" data-deed="add" onClick=${() => name(true)}>${t('calendars.add')}</button>`}</div>
      ${naming && html`<${NewName} names=${items.map((each) => each.name)} onName=${begin} close=${() => name(false)} />`}
      ${!chosen ? html`<${Empty} title=${t('calendars.none')} next=${t('calendars.none.next')} />` : html`<div class="calendar-two"><div class="review-list">${all.map((each) => html`<button type="button" key=${each.name} data-calendar=${each.name} aria-current=${each === chosen ? 'true' : undefined}
          onClick=${() => setQuery({ calendar: each.name })}><b>${each.name}</b><span>${t('calendars.week_hours', { n: weekHours(each.week) })}</span><small>${t('calendars.days', { n: Object.keys(each.days).length })}</small></button>`)}</div>
        <${CalendarEditor} key=${chosen.name} calendar=${chosen} editable=${editable} onSaved=${list.reload} onGone=${gone} /></div>`}`;
  }}<//>`;
}
