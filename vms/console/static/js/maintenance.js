// Maintenance: the numbers that matter today, counts per tier and region, and the list of faults.
import { html } from './html.js';
import { t } from './i18n.js';
import { becauseWords, Chips, Empty, faultName, percent, severityName, Shown, Tier } from './parts.js';
import { Pager, SortHead } from './pager.js';
import { useResource } from './resource.js';
import { link, setQuery } from './router.js';
import { Still } from './still.js';
import { Age } from './time.js';

const LIMIT = 50;
const KINDS = ['unreachable', 'no_answer', 'login_refused', 'clock_off', 'stream_dead', 'no_picture', 'too_dark', 'too_bright', 'blur',
  'frozen', 'low_contrast', 'signal_lost', 'color_cast', 'mono', 'noise', 'snow', 'stripe', 'jitter', 'occlusion', 'scene_change',
  'mosaic', 'osd_missing', 'osd_wrong', 'recording_missing', 'retention_short', 'retention_long', 'recording_unplayable', 'ptz_fail', 'flapping'];
const TIERS = ['government', 'unit', 'community', 'household'];
const NEWS = ['camera.', 'fault.'];

function Number4({ label, value, of, href, tone }) {
  return html`<a class="number ${tone ? `is-${tone}` : ''}" href=${href}><b>${value}</b><span>${label}</span>${of && html`<small>${of}
    </small>`}</a>`;
}

function Today({ summary }) {
  const { all, poller } = summary;
  return html`<div class="numbers">
    <${Number4} label=${t('maintenance.down_now')} value=${all.down} of=${t('maintenance.of', { n: all.total })}
      tone=${all.down ? 'down' : 'up'} href=${link('inventory', { status: 'down' })} />
    <${Number4} label=${t('maintenance.suspect_now')} value=${all.suspect} tone=${all.suspect ? 'suspect' : ''}
      href=${link('inventory', { status: 'suspect' })} />
    <${Number4} label=${t('maintenance.intact')} value=${percent(all.total ? all.intact / all.total : null)}
      of=${t('maintenance.intact_of', { n: all.intact, total: all.total })} href=${link('inventory')} />
    <${Number4} label=${t('maintenance.unknown_now')} value=${all.unknown} href=${link('inventory', { status: 'unknown' })}
      of=${poller.watching ? t('maintenance.watched', { n: Math.round(poller.interval_s ?? 0) }) : t('maintenance.not_watched')} />
  </div>`;
}

function Counts({ summary, by }) {
  const states = ['up', 'suspect', 'down', 'unknown'];
  const rows = by === 'tier' ? [...summary.rows].sort((a, b) => TIERS.indexOf(a.key) - TIERS.indexOf(b.key)) : summary.rows;
  return html`<table class="counts"><thead><tr><th scope="col">${t(`maintenance.by_${by}`)}</th><th scope="col" class="bar-head"></th>
      ${states.map((state) => html`<th scope="col" key=${state} class="number-cell">${t(`status.${state}`)}</th>`)}
        <th scope="col" class="number-cell">${t('maintenance.total')}</th></tr></thead>
    <tbody>${rows.map((row) => html`<tr key=${row.key}>
      <th scope="row">${by === 'tier' ? html`<${Tier} tier=${row.key} />` : (row.name || row.key || t('maintenance.no_region'))}</th>
      <td class="bar-cell"><span class="bar" aria-hidden="true">
        ${states.map((state) => row[state] > 0 && html`<i key=${state} class="swatch-${state}" style=${`flex:${row[state]}`}></i>`)}</span>
        </td>
      ${states.map((state) => html`<td key=${state} class="number-cell">
        ${row[state] ? html`<a href=${link('inventory', { [by]: row.key, status: state })}>${row[state]}
        </a>` : html`<span class="faint">0</span>`}</td>`)}
      <td class="number-cell"><a href=${link('inventory', { [by]: row.key })}>${row.total}</a></td></tr>`)}</tbody></table>`;
}

function FaultTable({ page, sort }) {
  const onSort = (next) => setQuery({ sort: next, offset: null });
  return html`<div class="table-box"><table class="list"><thead><tr>
      <th scope="col">${t('fault.picture')}</th>
      <th scope="col">${t('fault.camera')}</th>
      <th scope="col">${t('camera.tier')}</th>
      <${SortHead} name="kind" label=${t('fault.cause')} sort=${sort} onSort=${onSort} />
      <${SortHead} name="severity" label=${t('fault.severity')} sort=${sort} onSort=${onSort} />
      <${SortHead} name="opened_at" label=${t('fault.since')} sort=${sort} onSort=${onSort} /></tr></thead>
    <tbody>${page.items.map((fault) => html`<tr key=${fault.id} data-fault=${fault.kind} data-camera=${fault.camera_id}>
      <td class="picture-cell"><${Still} cameraId=${fault.camera_id} at=${fault.still_at} name=${fault.camera_name} /></td>
      <th scope="row"><a href=${link(`camera/${fault.camera_id}`)}>${fault.camera_name}</a></th>
      <td><${Tier} tier=${fault.tier} /></td>
      <td>${faultName(fault.kind)}${fault.because && html`<small class="why">${becauseWords(fault.because)}</small>`}</td>
      <td><span class="severity severity-${fault.severity}">${severityName(fault.severity)}</span></td>
      <td><${Age} at=${fault.opened_at} /></td></tr>`)}</tbody></table></div>`;
}

export function Maintenance({ query }) {
  const sort = query.sort ?? '-opened_at';
  const offset = Number(query.offset) || 0;
  const tiers = useResource('health/summary', { by: 'tier' }, { refreshOn: NEWS, everyS: 15 });
  const regions = useResource('health/summary', { by: 'region' }, { refreshOn: NEWS, everyS: 60 });
  const faults = useResource('faults', { tier: query.tier, kind: query.kind, severity: query.severity, region: query.region,
    state: query.state, sort, limit: LIMIT, offset }, { refreshOn: NEWS });
  const set = (name) => (value) => setQuery({ [name]: value, offset: null });
  const nobody = (page) => page.items.length === 0 && html`<${Empty} title=${t('maintenance.no_faults')} next=${t('maintenance.no_faults.next')} />`;
  return html`<div class="paper maintenance">
    <${Shown} resource=${tiers}>${(summary) => html`<${Today} summary=${summary} />
      <div class="count-tables"><section><${Counts} summary=${summary} by="tier" /></section>
        <section><${Shown} resource=${regions}>${(byRegion) => html`<${Counts} summary=${byRegion} by="region" />`}<//></section></div>`}
          <//>
    <section class="faults"><header class="table-tools"><h2>${t('maintenance.faults')} ${faults.data && html`<small>${faults.data.total}
      </small>`}</h2>
      <${Chips} label=${t('camera.tier')} value=${query.tier} onChange=${set('tier')}
        options=${TIERS.map((tier) => [tier, t(`tier.${tier}`)])} />
      <${Chips} label=${t('fault.severity')} value=${query.severity} onChange=${set('severity')}
        options=${['critical', 'major', 'minor'].map((each) => [each, severityName(each)])} />
      <select aria-label=${t('fault.cause')} value=${query.kind ?? ''} onChange=${(event) => set('kind')(event.target.value)}>
        <option value="">${t('fault.any')}</option>
        ${KINDS.map((kind) => html`<option key=${kind} value=${kind}>${faultName(kind)}</option>`)}</select>
      ${query.region && html`<button type="button" class="chip" aria-pressed="true" onClick=${() => set('region')(null)}>
        ${t('camera.region')} ${query.region} ✕</button>`}</header>
      <${Shown} resource=${faults} empty=${nobody}>${(page) => html`<${FaultTable} page=${page} sort=${sort} />
        <${Pager} total=${page.total} limit=${LIMIT} offset=${offset} onOffset=${(next) => setQuery({ offset: next || null })} />`}<//>
    </section>
  </div>`;
}
