// What was merged, split, replaced and joined; each can be taken back.
import { post } from '../api.js';
import { Problem, useDeed } from '../deed.js';
import { html, useState } from '../html.js';
import { t } from '../i18n.js';
import { Pager } from '../pager.js';
import { Empty, Shown, whoName } from '../parts.js';
import { useResource } from '../resource.js';
import { link } from '../router.js';
import { said } from '../said.js';
import { Age, At } from '../time.js';

const LIMIT = 50;

function Action({ action, onDone }) {
  const { run, busy, problem } = useDeed();
  const undo = async () => { if (await run(() => post(`identity-actions/${action.id}/undo`, {})) !== undefined) onDone(); };
  return html`<tr data-action=${action.id}><td><${Age} at=${action.at} /></td><th scope="row">${t(`identity.${action.kind}`)}</th>
    <td>${action.device_ids.map((id) => t('device.number', { id })).join(t('word.comma'))} ${action.camera_ids.map((id) => html`<a key=${id}
      href=${link(`camera/${id}`)}>${t('camera.number', { id })} </a>`)}</td><td>${whoName(action.who)}</td><td>${said(action.why)}</td>
    <td class="row-deeds">${action.undone_at ? html`<small class="faint">${t('identity.undone', { who: whoName(action.undone_by) })} <${At} at=${action.undone_at} /></small>`
      : html`<button type="button" class="small" disabled=${busy} onClick=${undo}>${t('action.undo')}</button>`}<${Problem} of=${problem} /></td></tr>`;
}

export function Actions() {
  const [offset, setOffset] = useState(0);
  const actions = useResource('identity-actions', { limit: LIMIT, offset }, { refreshOn: ['identity.', 'device.'] });
  const none = (page) => page.total === 0 && html`<${Empty} title=${t('identity.none')} />`;
  return html`<${Shown} resource=${actions} empty=${none}>${(page) => html`<div class="table-box"><table class="list"><thead><tr>
      <th scope="col">${t('looks.when')}</th><th scope="col">${t('identity.what')}</th><th scope="col">${t('identity.of')}</th>
      <th scope="col">${t('looks.who')}</th><th scope="col">${t('word.why')}</th><th></th></tr></thead>
      <tbody>${page.items.map((each) => html`<${Action} key=${each.id} action=${each} onDone=${actions.reload} />`)}</tbody></table></div>
    <${Pager} total=${page.total} limit=${LIMIT} offset=${offset} onOffset=${setOffset} />`}<//>`;
}
