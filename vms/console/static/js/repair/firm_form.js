// One firm: what is known of it, which users are its crew, whether it still gets orders.
import { patch, post, put } from '../api.js';
import { Problem, useDeed } from '../deed.js';
import { Drawer } from '../drawer.js';
import { html, useState } from '../html.js';
import { t } from '../i18n.js';
import { Shown } from '../parts.js';
import { useResource } from '../resource.js';
import { forget, mayLeave, useUnsaved } from './unsaved.js';
import { WrongField } from './wrong_field.js';

const LEAST_PASSWORD = 10;

/** Users of the role maintainer: those of this firm, those that may come, and a new one. */
function Crew({ firm, onDone }) {
  const users = useResource('users');
  const { run, busy, problem } = useDeed();
  const done = (found) => { if (found !== undefined) { users.reload(); onDone(); } };
  const move = async (id, to) => done(await run(() => patch(`users/${id}`, { maintainer_id: to })));
  async function add(event) {
    event.preventDefault();
    const form = event.target;
    const given = new FormData(form);
    const made = await run(() => post('users', { name: given.get('name').trim(), password: given.get('password'), role: 'maintainer', maintainer_id: firm.id }));
    if (made !== undefined) form.reset();
    done(made);
  }
  return html`<section class="crew-users"><h3>${t('firms.crews')}</h3><${Shown} resource=${users}>${(list) => {
    const crew = list.items.filter((each) => each.role === 'maintainer' && !each.disabled_at);
    const own = crew.filter((each) => each.maintainer_id === firm.id);
    const free = crew.filter((each) => each.maintainer_id === null);
    return html`${own.length === 0 && html`<p class="faint">${t('firms.nobody.next')}</p>`}<ul>${own.map((each) => html`<li key=${each.id} data-user=${each.name}><b>${each.name}</b><button type="button" class="small quiet push-end" disabled=${busy} onClick=${() => move(each.id, null)}>${t('firms.take_out')}</button></li>`)}</ul>
      ${free.length > 0 && html`<label>${t('firms.bring_in')}<select name="bring_in" value="" disabled=${busy} onChange=${(event) => event.target.value && move(Number(event.target.value), firm.id)}><option value=""></option>${free.map((each) => html`<option key=${each.id} value=${each.id}>${each.name}</option>`)}</select></label>`}
      <form class="inline-form" onSubmit=${add}><label>${t('session.user_name')}<input name="name" required maxlength="80" autocomplete="off" /></label><label>${t('session.password')}<input name="password" type="password" required minlength=${LEAST_PASSWORD} maxlength="200" autocomplete="new-password" /></label>
        <button type="submit" class="small" disabled=${busy}>${t('users.add')}</button></form><${Problem} of=${problem} />`;
  }}<//></section>`;
}

function Readable({ firm }) {
  const rows = [[t('firms.contact'), firm.contact], [t('firms.contract'), firm.contract], [t('firms.calendar'), firm.calendar ?? t('firms.day_and_night')], [t('firms.crews'), firm.crews.join(t('word.comma'))]];
  return html`<dl class="order-facts">${rows.map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${value || '—'}</dd></div>`)}</dl><p class="faint">${t('repair.read_only')}</p>`;
}

export function FirmForm({ firm, user, calendars, onDone, close }) {
  const [draft, setDraft] = useState({ name: firm?.name ?? '', contact: firm?.contact ?? '', contract: firm?.contract ?? '', calendar: firm?.calendar ?? '', retired: Boolean(firm?.retired_at) });
  const [touched, touch] = useState(false);
  const { run, busy, problem } = useDeed();
  useUnsaved(touched);
  const leave = () => { if (mayLeave()) close(); };
  const set = (name) => (event) => { touch(true); setDraft({ ...draft, [name]: event.target.type === 'checkbox' ? event.target.checked : event.target.value }); };
  async function submit(event) {
    event.preventDefault();
    const { name, calendar, ...rest } = draft;
    const wish = { ...rest, calendar: calendar || null, new_name: firm && name.trim() !== firm.name ? name.trim() : '' };
    if (await run(() => put(`maintenance/maintainers/${encodeURIComponent(firm?.name ?? name.trim())}`, wish)) === undefined) return;
    forget();
    onDone();
    close();
  }
  if (user.role !== 'admin') return html`<${Drawer} title=${firm.name} close=${close}><${Readable} firm=${firm} /><//>`;
  return html`<${Drawer} title=${firm?.name ?? t('firms.add')} close=${leave}><form class="form-lines" onSubmit=${submit}>
      <label>${t('firms.name')}<input name="name" required maxlength="200" pattern="[^\\/]+" value=${draft.name} onInput=${set('name')} /><${WrongField} problem=${problem} at="new_name" /></label>
      <label>${t('firms.contact')}<input name="contact" maxlength="200" value=${draft.contact} onInput=${set('contact')} /></label>
      <div class="form-pair"><label>${t('firms.contract')}<input name="contract" maxlength="80" value=${draft.contract} onInput=${set('contract')} /></label>
        <label>${t('firms.calendar')}<select name="calendar" value=${draft.calendar} onChange=${set('calendar')}><option value="">${t('firms.day_and_night')}</option>${calendars.map((each) => html`<option key=${each.id} value=${each.name}>${each.name}</option>`)}</select></label></div>
      ${firm && html`<label class="inline"><input type="checkbox" name="retired" checked=${draft.retired} onChange=${set('retired')} />${t('firms.retire')}</label>`}${draft.retired && !firm?.retired_at && html`<p class="note">${t('firms.retire.hint')}</p>`}<${Problem} of=${problem} />
      <div class="row-end"><button type="button" class="quiet" onClick=${leave}>${t('action.cancel')}</button><button type="submit" class="primary" disabled=${busy}>${t('action.save')}</button></div></form>
    ${firm && !firm.retired_at && html`<${Crew} firm=${firm} onDone=${onDone} />`}<//>`;
}
