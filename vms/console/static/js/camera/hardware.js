// Which hardware stood at the point and when, and by which other ways the same camera can be reached.
import { Evidence } from '../discovery/evidence.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Shown } from '../parts.js';
import { useResource } from '../resource.js';
import { said } from '../said.js';
import { At } from '../time.js';

export function Hardware({ camera }) {
  const hardware = useResource(`cameras/${camera.row.id}/hardware`, {}, { refreshOn: ['identity.', 'device.'] });
  return html`<${Shown} resource=${hardware}>${(known) => html`<div class="two"><section><h3>${t('hardware.periods')}</h3>${known.periods.length === 0 ? html`<p class="faint">${t('device.none')}</p>`
      : html`<div class="table-box"><table class="list"><tbody>${known.periods.map((period) => html`<tr key=${period.from_at}><td><${At} at=${period.from_at} /> – ${period.until_at ? html`<${At} at=${period.until_at} />` : t('timeline.now')}</td>
        <th scope="row">${period.manufacturer} ${period.model}<small class="why">${period.serial_no} · ${period.channel}</small></th><td>${said(period.why)}</td></tr>`)}</tbody></table></div>`}</section>
    <section><h3>${t('hardware.paths')}</h3>${known.paths.length === 0 ? html`<p class="faint">${t('hardware.no_paths')}</p>` : html`<ul>${known.paths.map((path) => html`<li key=${path.device_id + path.channel}>
      <b>${t('device.number', { id: path.device_id })}</b> ${path.channel} <${Evidence} list=${path.evidence} /></li>`)}</ul>`}</section></div>`}<//>`;
}
