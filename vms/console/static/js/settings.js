// People and the server itself.
import { patch, post } from './api.js';
import { Problem, useDeed } from './deed.js';
import { html, useState } from './html.js';
import { t } from './i18n.js';
import { OWN_SIDE_NEWS, OwnSide } from './maintenance/own_side.js';
import { Shown } from './parts.js';
import { useResource } from './resource.js';
import { Sure } from './sure.js';
import { Age, At } from './time.js';

const ROLES = ['admin', 'operator', 'maintainer', 'reviewer', 'planner', 'owner'];

function NewUser({ onDone }) {
  const { run, busy, problem } = useDeed();
  async function submit(event) {
    event.preventDefault();
    const written = event.target;
    const form = new FormData(written);
    const user = { name: form.get('name').trim(), password: form.get('password'), role: form.get('role') };
    if (await run(() => post('users', user)) === undefined) return;
    written.reset();
    onDone();
  }
  return html`<form class="inline-form" onSubmit=${submit}><label>${t('session.user_name')}
    <input name="name" required maxlength="80" autocomplete="off" /></label>
    <label>${t('session.password')}<input name="password" type="password" required minlength="10" maxlength="200" placeholder=${t('users.password_hint')} autocomplete="new-password" /></label>
    <label>${t('users.role')}<select name="role">${ROLES.slice(0, 5).reverse().map((role) => html`<option key=${role} value=${role}>
      ${t(`role.${role}`)}</option>`)}</select></label>
    <button type="submit" class="primary" disabled=${busy}>${t('users.add')}</button><${Problem} of=${problem} /></form>`;
}

function Deed({ user, onDone }) {
  const { run, busy, problem } = useDeed();
  const set = async (disabled) => { if (await run(() => patch(`users/${user.id}`, { disabled })) !== undefined) onDone(); };
  return html`${user.disabled_at ? html`<button type="button" class="small" data-deed="enable" disabled=${busy} onClick=${() => set(false)}>${t('users.enable')}</button>`
    : html`<${Sure} words=${t('users.disable')} question=${t('users.disable.sure')} deed="disable" busy=${busy} onSure=${() => set(true)} />`}<${Problem} of=${problem} />`;
}

function NewPassword({ user, close }) {
  const { run, busy, problem } = useDeed();
  async function submit(event) {
    event.preventDefault();
    if (await run(() => patch(`users/${user.id}`, { password: new FormData(event.target).get('password') })) !== undefined) close(true);
  }
  return html`<form class="inline-form" onSubmit=${submit}><label>${t('users.new_password_of', { name: user.name })}
      <input name="password" type="password" required minlength="10" maxlength="200" placeholder=${t('users.password_hint')} autocomplete="new-password" autofocus /></label>
    <button type="submit" class="primary" disabled=${busy}>${t('action.save')}</button><button type="button" class="quiet" onClick=${() => close(false)}>${t('action.cancel')}</button>
    <p class="faint">${t('users.new_password.hint')}</p><${Problem} of=${problem} /></form>`;
}

function Users({ me }) {
  const [renewing, renew] = useState(null);
  const [renewed, setRenewed] = useState('');
  const users = useResource('users');
  return html`<section class="card"><h2>${t('users.title')}</h2><${NewUser} onDone=${users.reload} />
    ${renewing && html`<${NewPassword} key=${renewing.id} user=${renewing} close=${(done) => { setRenewed(done ? renewing.name : ''); renew(null); }} />`}
    ${renewed && html`<p class="note" role="status">${t('users.renewed', { name: renewed })}</p>`}
    <${Shown} resource=${users}>${(list) => html`<div class="table-box"><table class="list"><thead><tr><th scope="col">
      ${t('session.user_name')}</th><th scope="col">${t('users.role')}</th><th scope="col">${t('users.since')}</th><th></th></tr></thead>
      <tbody>${list.items.map((user) => html`<tr key=${user.id}><th scope="row">${user.name}</th><td>${t(`role.${user.role}`)}</td><td>
        <${At} at=${user.created_at} /></td>
        <td class="row-deeds">${user.disabled_at && html`<small class="faint">${t('users.disabled')}</small> `}${user.id !== me.id && html`<button type="button" class="small" data-deed="password" onClick=${() => { setRenewed(''); renew(user); }}>${t('users.new_password')}</button><${Deed} user=${user} onDone=${users.reload} />`}</td></tr>`)}</tbody></table></div>`}<//></section>`;
}

export function Settings({ user }) {
  const system = useResource('system', {}, { refreshOn: OWN_SIDE_NEWS, everyS: 10 });
  return html`<div class="paper settings">
    <section class="card"><h2>${t('system.title')}</h2><${Shown} resource=${system}>${(now) => html`<dl class="facts"><div><dt>
      ${t('system.version')}</dt><dd>${now.version}</dd></div>
      <div><dt>${t('system.viewers')}</dt><dd>${now.live_viewers}</dd></div><div><dt>${t('system.map')}</dt><dd>${now.attribution}</dd>
        </div>
      <div><dt>${t('system.poller')}</dt><dd>${now.poller.watching ? t('maintenance.watched',
        { n: Math.round(now.poller.interval_s ?? 0) }) : t('maintenance.not_watched')}
        </dd></div></dl><${OwnSide} poller=${now.poller} />
      <ul class="processes">${now.processes.map((each) => html`<li key=${each.name}>
        <span class="status status-${each.alive ? 'up' : 'down'}"><i aria-hidden="true">${each.alive ? '✓' : '✕'}</i></span><b>
        ${t(`process.${each.name}`)}</b> ${each.alive_at && html`<${Age} at=${each.alive_at} />`}</li>`)}</ul>`}<//></section>
    ${user.role === 'admin' && html`<${Users} me=${user} />`}</div>`;
}
