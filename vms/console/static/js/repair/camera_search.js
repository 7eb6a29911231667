// Finds a camera by what it is called, where it stands or what it is numbered, and gives it to who asked.
import { html, useState } from '../html.js';
import { t } from '../i18n.js';
import { Filter } from '../pager.js';
import { Shown, Status, Tier } from '../parts.js';
import { useResource } from '../resource.js';

const LIMIT = 8;

/** `without`: ids that are not offered. */
export function CameraSearch({ onCamera, without = [], label = t('camera_search.label') }) {
  const [text, setText] = useState('');
  const found = useResource(text.trim() ? 'cameras' : null, { q: text.trim(), limit: LIMIT });
  return html`<div class="camera-search"><${Filter} value="" label=${label} onChange=${setText} />${text.trim() !== '' && html`<${Shown} resource=${found}>${(page) => {
    const offered = page.items.filter((camera) => !without.includes(camera.id));
    return offered.length === 0 ? html`<p class="faint">${t('camera_search.none')}</p>` : html`<ul class="found-cameras">${offered.map((camera) => html`<li key=${camera.id}><button type="button" class="quiet" data-camera=${camera.id} onClick=${() => onCamera(camera)}>
      <${Status} status=${camera.status} word=${false} /><b>${camera.name}</b><span class="push-end"><${Tier} tier=${camera.tier} /></span><small class="faint">${[camera.region_name, camera.install_address || camera.pole_code].filter(Boolean).join(' · ')}</small></button></li>`)}</ul>
      ${page.total > LIMIT && html`<p class="faint">${t('device.search.more', { n: page.total - LIMIT })}</p>`}`;
  }}<//>`}</div>`;
}
