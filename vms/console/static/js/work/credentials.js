// Credential sets: which there are, put in and rotated, and who used which when. A password goes in and never comes out.
import { put, remove } from '../api.js';
import { Problem, useDeed } from '../deed.js';
import { Drawer } from '../drawer.js';
import { html, useState } from '../html.js';
import { t } from '../i18n.js';
import { Empty, Shown } from '../parts.js';
import { useResource } from '../resource.js';
import { Age } from '../time.js';
import { Uses } from '../uses.js';

const NAME = '[^\\u0000-\\u001f\\/]+';

function SetForm({ set, close, onDone }) {
  const { run, busy, problem } = useDeed();
  async function submit(event) {
    event.preventDefault();
    const form = new FormData(event.target);
    const name = set.id ? set.name : form.get('name').trim();
    const done = await run(() => put(`credentials/${encodeURIComponent(name)}`, { username: form.get('username'),
      password: form.get('password'), owner: form.get('owner').trim() }));
    if (done === undefined) return;
    onDone();
    close();
  }
  return html`<${Drawer} title=${set.id ? t('credential.rotate_title', { name: set.name }) : t('credential.new')} close=${close}>
    <form class="form-lines" onSubmit=${submit}>
      ${!set.id && html`<label>${t('credential.name')}<input name="name" required maxlength="80" pattern=${NAME} autocomplete="off" /></label>`}
      <label>${t('credential.username')}<input name="username" required maxlength="200" defaultValue=${set.username} autocomplete="off" /></label>
      <label>${t('session.password')}<input name="password" type="password" required maxlength="200" autocomplete="new-password" /></label>
      <label>${t('credential.owner')}<input name="owner" maxlength="200" defaultValue=${set.owner ?? ''} placeholder=${t('credential.office')} /></label>
      <p class="note">${t('credential.hint')}</p><${Problem} of=${problem} />
      <div class="row-end"><button type="submit" class="primary" disabled=${busy}>${t('action.save')}</button></div></form><//>`;
}

function SetUses({ set, close }) {
  return html`<${Drawer} title=${t('credential.uses_of', { name: set.name })} close=${close}><${Uses} path=${`credentials/${set.id}/uses`}
    column=${t('credential.device')} first=${(use) => use.address ?? `#${use.device_id}`} /><//>`;
}

function Row({ set, admin, open, onGone }) {
  const { run, busy, problem } = useDeed();
  const [sure, setSure] = useState(false);
  const gone = async () => { if (await run(() => remove(`credentials/${encodeURIComponent(set.name)}`)) !== undefined) onGone(); };
  return html`<tr data-set=${set.name}><th scope="row">${set.name}<small class="why">${set.owner ?? t('credential.office')}</small></th><td>${set.username}</td>
    <td class="number-cell">${set.version}<small class="why"><${Age} at=${set.changed_at} /></small></td><td class="number-cell">${set.devices}</td>
    <td class="number-cell ${set.refused_by ? 'is-wrong' : ''}">${set.refused_by}</td>
    <td class="number-cell">${set.uses}<small class="why">${set.last_used_at && html`<${Age} at=${set.last_used_at} />`}</small></td>
    ${admin && html`<td class="row-deeds"><button type="button" class="small" onClick=${() => open('uses', set)}>${t('credential.uses')}</button>
      <button type="button" class="small" onClick=${() => open('form', set)}>${t('credential.rotate')}</button>
      <button type="button" class="small danger-quiet" disabled=${busy} onBlur=${() => setSure(false)} onClick=${() => (sure ? gone() : setSure(true))}>
        ${t(sure ? 'action.sure' : 'action.remove')}</button><${Problem} of=${problem} /></td>`}</tr>`;
}

export function Credentials({ user }) {
  const sets = useResource('credentials', {}, { refreshOn: ['credential.', 'device.'], everyS: 60 });
  const [opened, setOpened] = useState(null);
  const admin = user.role === 'admin';
  const open = (kind, set) => setOpened({ kind, set });
  const close = () => setOpened(null);
  const none = (list) => list.items.length === 0 && html`<${Empty} title=${t('credential.none')} next=${t('credential.none.next')} />`;
  return html`<div class="paper credentials"><header class="table-tools"><h2>${t('nav.credentials')}</h2><p class="faint">${t('credential.about')}</p>
      ${admin && html`<button type="button" class="primary push-end" onClick=${() => open('form', {})}>${t('credential.new')}</button>`}</header>
    <${Shown} resource=${sets} empty=${none}>${(list) => html`<div class="table-box"><table class="list"><thead><tr><th scope="col">${t('credential.name')}</th>
      <th scope="col">${t('credential.username')}</th><th scope="col" class="number-cell">${t('credential.version')}</th>
      <th scope="col" class="number-cell">${t('credential.devices')}</th><th scope="col" class="number-cell">${t('credential.refused_by')}</th>
      <th scope="col" class="number-cell">${t('credential.uses')}</th>${admin && html`<th></th>`}</tr></thead>
      <tbody>${list.items.map((set) => html`<${Row} key=${set.id} set=${set} admin=${admin} open=${open} onGone=${sets.reload} />`)}</tbody></table></div>`}<//>
    ${opened?.kind === 'form' && html`<${SetForm} set=${opened.set} close=${close} onDone=${sets.reload} />`}
    ${opened?.kind === 'uses' && html`<${SetUses} set=${opened.set} close=${close} />`}</div>`;
}
