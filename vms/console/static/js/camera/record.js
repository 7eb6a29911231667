// The archive record: declared beside observed, device and streams.
import { html } from '../html.js';
import { t } from '../i18n.js';
import { At } from '../time.js';

const dash = html`<span class="faint">—</span>`;
const shown = (value) => (value === null || value === undefined || value === '' ? dash : String(value));
const degrees = (value) => (value === null || value === undefined ? dash : `${Math.round(value)}°`);
const place = (pose) => (pose ? `${pose.lon.toFixed(6)}, ${pose.lat.toFixed(6)}` : dash);

function Facts({ title, rows }) {
  return html`<section class="facts"><h3>${title}</h3><dl>${rows.map(([name, value]) => html`<div key=${name}><dt>${t(`field.${name}`)}</dt>
    <dd>${value}</dd></div>`)}</dl></section>`;
}

export function RecordTab({ camera }) {
  const { declared, observed, device, row } = camera;
  const pose = declared.pose;
  return html`<div class="record">
    <${Facts} title=${t('camera.declared')} rows=${[
      ['name', shown(declared.name)], ['common_name', shown(declared.common_name)], ['gb_device_id', shown(declared.gb_device_id)], ['owner', shown(row.owner)],
      ['region_code', shown(declared.region_code)], ['install_address', shown(declared.install_address)], ['pole_code',
        shown(declared.pole_code)], ['point_class', shown(declared.point_class)],
      ['position', place(pose)], ['entered', declared.entered_x === null ? dash : `${declared.entered_x}, ${declared.entered_y} (${declared.entered_system})`],
      ['bearing_deg', degrees(pose?.bearing_deg)], ['h_fov_deg', degrees(pose?.h_fov_deg)], ['mount_height_m', pose?.mount_height_m
        ? `${pose.mount_height_m} m` : dash],
      ['max_view_m', pose?.max_view_m ? `${Math.round(pose.max_view_m)} m` : dash], ['serial_no', shown(declared.serial_no)], ['mac', shown(declared.mac)],
    ]} />
    <${Facts} title=${t('camera.observed')} rows=${[
      ['name', shown(observed.name)], ['channel', shown(observed.channel)], ['position', place(observed.pose)], ['bearing_deg',
        degrees(observed.pose?.bearing_deg)], ['ptz', t(observed.ptz ? 'word.yes' : 'word.no')],
      ...(device ? [['manufacturer', shown(device.manufacturer)], ['model', shown(device.model)], ['firmware', shown(device.firmware)],
        ['serial_no', shown(device.serial_no)], ['mac', shown(device.mac)],
        ['address', device.address ? `${device.address}:${device.port}` : html`<span class="faint">${t('camera.address_hidden')}
          </span>`], ['auth', device.login_refused ? t('camera.login_refused') : device.auth],
        ['first_seen', html`<${At} at=${device.first_seen_at} />`], ['last_seen', html`<${At} at=${device.last_seen_at} />`]] : []),
    ]} />
    <section class="facts"><h3>${t('camera.streams')}</h3>${camera.streams.length === 0 ? html`<p class="faint">${t('camera.no_streams')}
      </p>`
      : html`<table class="list"><tbody>${camera.streams.map((each) => html`<tr key=${each.profile}><th scope="row">
        ${t(`stream.${each.role}`)}</th><td>${each.encoding} ${each.width}×${each.height}</td><td class="uri">${each.uri ?? ''}</td></tr>`)}
        </tbody></table>`}
      ${device?.problems.length > 0 && html`<h3>${t('camera.problems')}</h3><ul>${device.problems.map((each) => html`<li key=${each}>${each}
        </li>`)}</ul>`}
      ${camera.consent && html`<h3>${t('camera.consent')}</h3><p>${t(`consent.${camera.consent.mode}`)}
        ${camera.consent.mode === 'near_incident' ? ` · ${Math.round(camera.consent.radius_m)} m` : ''}</p>`}
    </section></div>`;
}
