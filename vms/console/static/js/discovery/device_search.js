// Finds another device by what is written on it or by its address, and lets one be chosen.
import { html, useState } from '../html.js';
import { t } from '../i18n.js';
import { Filter } from '../pager.js';
import { Shown } from '../parts.js';
import { useResource } from '../resource.js';
import { Age } from '../time.js';

const LIMIT = 20;
const ADDRESS = /^\d{1,3}\.[\d.]*$|:/;

const told = (device) => [device.manufacturer, device.model, device.serial_no].filter(Boolean).join(' · ');

/** `without`: the device that is not meant. */
export function DeviceSearch({ without, chosen, onChosen }) {
  const [text, setText] = useState('');
  const asked = ADDRESS.test(text.trim()) ? { address: text.trim() } : { q: text.trim() };
  const found = useResource(text.trim() ? 'devices' : null, { ...asked, limit: LIMIT });
  return html`<div class="device-search"><${Filter} value="" label=${t('device.search')} onChange=${setText} />
    ${text.trim() === '' ? html`<p class="faint">${t('device.search.hint')}</p>` : html`<${Shown} resource=${found}>${(page) => {
      const others = page.items.filter((each) => each.id !== without);
      return html`${others.length === 0 ? html`<p class="faint">${t('device.search.none')}</p>` : html`<ul role="radiogroup" aria-label=${t('device.search')}>${others.map((each) => html`<li key=${each.id}>
          <label><input type="radio" name="other" value=${each.id} checked=${chosen === each.id} onChange=${() => onChosen(each.id)} /><span><b>${t('device.number', { id: each.id })}</b> ${told(each)}
            <small>${each.address && `${each.address}:${each.port} · `}${t('device.n_cameras', { n: each.cameras })} · <${Age} at=${each.last_seen_at} /></small></span></label></li>`)}</ul>`}
        ${page.total > LIMIT && html`<p class="faint">${t('device.search.more', { n: page.total - LIMIT })}</p>`}`;
    }}<//>`}</div>`;
}
