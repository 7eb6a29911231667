// One device as it is known, small enough to stand beside another one.
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Shown } from '../parts.js';
import { useResource } from '../resource.js';
import { link } from '../router.js';
import { Age } from '../time.js';

/** Its keys, without the serial number that is told above them. */
export const toldKeys = (device) => device.keys.filter((key) => key.kind !== 'serial' || key.value !== device.serial_no);

const dash = html`<span class="faint">—</span>`;

/** `others`: what the devices beside it say, by field, to mark what is the same. */
export function DeviceCard({ id, role, mark = {}, onLoaded }) {
  const device = useResource(`devices/${id}`, {}, { refreshOn: ['device.'] });
  if (device.data && onLoaded) queueMicrotask(() => onLoaded(device.data));
  return html`<section class="device-card"><header><h4>${t('device.number', { id })}</h4>${role && html`<small>${role}</small>`}</header>
    ${device.error?.status === 404 ? html`<p class="faint">${t('device.not_for_you')}</p>` : html`<${Shown} resource=${device}>${(one) => html`<dl>${[
      ['manufacturer', one.manufacturer], ['model', one.model], ['firmware', one.firmware], ['serial_no', one.serial_no],
      ['address', one.address && `${one.address}:${one.port}`],
      ...toldKeys(one).map((key) => [`key:${key.kind}`, key.value]),
    ].map(([name, value]) => html`<div key=${name + value} class=${mark[name]?.has(value) ? 'is-same' : ''}>
      <dt>${name.startsWith('key:') ? t(`key.${name.slice(4)}`) : t(`field.${name}`)}</dt><dd>${value || dash}</dd></div>`)}
      <div><dt>${t('field.last_seen')}</dt><dd><${Age} at=${one.last_seen_at} /></dd></div>
      <div><dt>${t('device.cameras')}</dt><dd class="about">${one.cameras.length === 0 ? dash : one.cameras.map((camera) => html`<a key=${camera.id}
        href=${link(`camera/${camera.id}`)}>${[camera.name || t('camera.number', { id: camera.id }), one.cameras.length > 1 && camera.channel].filter(Boolean).join(' · ')}</a>`)}</dd></div></dl>`}<//>`}</section>`;
}
