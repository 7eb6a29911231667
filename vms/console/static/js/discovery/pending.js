// Cameras that were heard and that nobody has accepted yet.
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Empty, Shown, Tier } from '../parts.js';
import { useResource } from '../resource.js';
import { link } from '../router.js';
import { Age } from '../time.js';

const SHOWN = 100;

export function Pending() {
  const cameras = useResource('cameras', { filter: 'life_cycle = pending', sort: '-created_at', limit: SHOWN }, { refreshOn: ['camera.'] });
  const none = (page) => page.total === 0 && html`<${Empty} title=${t('pending.none')} next=${t('pending.none.next')} />`;
  return html`<${Shown} resource=${cameras} empty=${none}>${(page) => html`<p class="table-tools"><span>${t('pending.some', { n: page.total })}</span>
      <a class="button small" href=${link('inventory', { life_cycle: 'pending' })}>${t('pending.open')}</a></p>
    <div class="table-box"><table class="list"><thead><tr><th scope="col">${t('camera.name')}</th><th scope="col">${t('camera.tier')}</th>
      <th scope="col">${t('field.address')}</th><th scope="col">${t('field.manufacturer')}</th><th scope="col">${t('field.model')}</th>
      <th scope="col">${t('field.serial_no')}</th><th scope="col">${t('pending.heard')}</th></tr></thead>
    <tbody>${page.items.map((row) => html`<tr key=${row.id}><th scope="row"><a href=${link(`camera/${row.id}`)}>${row.name}</a></th>
      <td><${Tier} tier=${row.tier} /></td><td>${row.address ?? '—'}</td><td>${row.manufacturer}</td><td>${row.model}</td><td>${row.serial_no}</td>
      <td><${Age} at=${row.created_at} /></td></tr>`)}</tbody></table></div>`}<//>`;
}
