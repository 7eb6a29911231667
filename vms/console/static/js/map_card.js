// What is known of the camera that was clicked on the map: state, picture, its faults and their orders.
import { html } from './html.js';
import { t } from './i18n.js';
import { useKeys } from './keys.js';
import { OrderOf } from './maintenance/fault_row.js';
import { becauseWords, faultName, Shown, Status, Tier } from './parts.js';
import { useResource } from './resource.js';
import { link } from './router.js';
import { Still } from './still.js';
import { Age } from './time.js';

const MOST = 10;

function Faults({ page }) {
  return page.items.length === 0 ? html`<p class="faint">${t('maintenance.no_faults')}</p>` : html`<ul>${page.items.map((fault) => html`<li key=${fault.id}><span><b>${faultName(fault.kind)}</b>
    <small class="why">${becauseWords(fault.because)}</small></span><${Age} at=${fault.opened_at} /><span>${fault.order ? html`<${OrderOf} order=${fault.order} />` : html`<small class="faint">${t('fault.not_ordered')}</small>`}</span></li>`)}</ul>`;
}

export function CameraCard({ cameraId, close }) {
  useKeys({ Escape: close });
  const camera = useResource(`cameras/${cameraId}`, {}, { refreshOn: ['camera.flip', 'fault.'] });
  const faults = useResource('faults', { camera_id: cameraId, limit: MOST }, { refreshOn: ['fault.', 'order.'] });
  return html`<aside class="spot camera-card" data-camera=${cameraId}><${Shown} resource=${camera}>${({ row, watch }) => html`<header><h2><a href=${link(`camera/${row.id}`, { tab: 'now' })}>${row.name}</a></h2>
      <button type="button" class="quiet" onClick=${close} aria-label=${t('action.close')}>✕</button></header>
    <p><${Status} status=${watch.status} /> ${becauseWords(watch.because)}${watch.since && html` · <${Age} at=${watch.since} />`}</p>
    <p class="faint"><${Tier} tier=${row.tier} /> ${row.install_address || row.pole_code}</p><${Still} cameraId=${row.id} at=${row.still_at} name=${row.name} big />
    <${Shown} resource=${faults}>${(page) => html`<${Faults} page=${page} />`}<//>
    <p><a href=${link(`camera/${row.id}`, { tab: 'history' })}>${t('camera.tab.history')}</a> · <a href=${link('orders', { camera: row.id, state: 'all' })}>${t('nav.orders')}</a></p>`}<//></aside>`;
}
