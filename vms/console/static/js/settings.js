// People and the server itself.
import { html, useState } from './html.js';
import { post, request } from './api.js';
import { t } from './i18n.js';
import { Shown } from './parts.js';
import { useResource } from './resource.js';
import { Age, At } from './time.js';

const ROLES = ['admin', 'operator', 'maintainer', 'reviewer', 'planner', 'owner'];

function NewUser({ onDone }) {
  const [problem, setProblem] = useState('');
  async function submit(event) {
    event.preventDefault();
    const form = new FormData(event.target);
    try {
      await post('users', { name: form.get('name'), password: form.get('password'), role: form.get('role') });
      event.target.reset();
      setProblem('');
      onDone();
    } catch (error) {
      setProblem(error.where ? `${error.message} (${error.where})` : error.message);
    }
  }
  return html`<form class="inline-form" onSubmit=${submit}><label>${t('session.user_name')}
    <input name="name" required maxlength="80" autocomplete="off" /></label>
    <label>${t('session.password')}<input name="password" type="password" required minlength="10" maxlength="200" autocomplete="new-password" /></label>
    <label>${t('users.role')}<select name="role">${ROLES.slice(0, 5).reverse().map((role) => html`<option key=${role} value=${role}>
      ${t(`role.${role}`)}</option>`)}</select></label>
    <button type="submit" class="primary">${t('users.add')}</button>${problem && html`<p class="problem" role="alert">${problem}</p>`}
      </form>`;
}

function Users({ me }) {
  const users = useResource('users');
  async function disable(user) {
    await request('PATCH', `users/${user.id}`, { body: { disabled: !user.disabled_at } });
    users.reload();
  }
  return html`<section class="card"><h2>${t('users.title')}</h2><${NewUser} onDone=${users.reload} />
    <${Shown} resource=${users}>${(list) => html`<div class="table-box"><table class="list"><thead><tr><th scope="col">
      ${t('session.user_name')}</th><th scope="col">${t('users.role')}</th><th scope="col">${t('users.since')}</th><th></th></tr></thead>
      <tbody>${list.items.map((user) => html`<tr key=${user.id}><th scope="row">${user.name}</th><td>${t(`role.${user.role}`)}</td><td>
        <${At} at=${user.created_at} /></td>
        <td>${user.id !== me.id && html`<button type="button" class="quiet" onClick=${() => disable(user)}>
          ${t(user.disabled_at ? 'users.enable' : 'users.disable')}</button>`}${user.disabled_at && html`<small>${t('users.disabled')}
          </small>`}</td></tr>`)}</tbody></table></div>`}<//></section>`;
}

export function Settings({ user }) {
  const system = useResource('system', {}, { everyS: 10 });
  return html`<div class="paper settings">
    <section class="card"><h2>${t('system.title')}</h2><${Shown} resource=${system}>${(now) => html`<dl class="facts"><div><dt>
      ${t('system.version')}</dt><dd>${now.version}</dd></div>
      <div><dt>${t('system.viewers')}</dt><dd>${now.live_viewers}</dd></div><div><dt>${t('system.map')}</dt><dd>${now.attribution}</dd>
        </div>
      <div><dt>${t('system.poller')}</dt><dd>${now.poller.watching ? t('maintenance.watched',
        { n: Math.round(now.poller.interval_s ?? 0) }) : t('maintenance.not_watched')}
        </dd></div></dl>
      <ul class="processes">${now.processes.map((each) => html`<li key=${each.name}>
        <span class="status status-${each.alive ? 'up' : 'down'}"><i aria-hidden="true">${each.alive ? '✓' : '✕'}</i></span><b>
        ${t(`process.${each.name}`)}</b> ${each.alive_at && html`<${Age} at=${each.alive_at} />`}</li>`)}</ul>`}<//></section>
    ${user.role === 'admin' && html`<${Users} me=${user} />`}</div>`;
}
