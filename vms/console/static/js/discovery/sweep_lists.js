// What a sweep found, place by place, and what differs from an earlier sweep, where both looked.
import { html, useState } from '../html.js';
import { t, tOr } from '../i18n.js';
import { Pager } from '../pager.js';
import { Chips, Empty, Shown } from '../parts.js';
import { useResource } from '../resource.js';
import { said } from '../said.js';
import { waysInWords } from './ways.js';

const LIMIT = 100;
const KINDS = ['new', 'gone', 'moved', 'changed'];
const NAMED = 4;

export function Findings({ id, asked, live }) {
  const [offset, setOffset] = useState(0);
  const findings = useResource(`sweeps/${id}/findings`, { ...asked, limit: LIMIT, offset }, { on: live });
  const none = (page) => page.total === 0 && html`<${Empty} title=${t('sweep.nobody')} />`;
  return html`<${Shown} resource=${findings} empty=${none}>${(page) => html`<div class="table-box"><table class="list findings"><thead><tr><th scope="col">${t('field.address')}</th>
      <th scope="col">${t('sweep.outcome')}</th><th scope="col">${t('field.manufacturer')}</th><th scope="col">${t('field.serial_no')}</th>
      <th scope="col">${t('device.heard_by')}</th><th scope="col">${t('camera.problems')}</th></tr></thead>
      <tbody>${page.items.map((one) => html`<tr key=${one.address + one.port}><th scope="row"><code>${one.address}:${one.port}</code></th>
        <td>${tOr(`outcome.${one.outcome}`, one.outcome)}</td><td>${one.manufacturer} ${one.model}<small class="why">${one.firmware}</small></td><td>${one.serial_no}</td>
        <td>${waysInWords(one.heard_by)}</td><td>${one.problems.map((each) => html`<span key=${each.code} title=${said(each.message)}>
          ${tOr(`oddity.${each.code}`, each.code)} </span>`)}</td></tr>`)}</tbody></table></div>
    <${Pager} total=${page.total} limit=${LIMIT} offset=${offset} onOffset=${setOffset} />`}<//>`;
}

// With which sweep it is compared and, where the two did not look at the same, as far as what.
function Compared({ page }) {
  if (page.compared_with === null) return null;
  const common = page.common;
  const named = common && !common.whole ? [...common.cidrs, ...common.hosts, ...common.interfaces] : [];
  const more = named.length > NAMED ? t('sweep.compared_more', { count: named.length - NAMED }) : '';
  return html`<p class="why">${t('sweep.compared', { id: page.compared_with })}${named.length > 0
    && html` ${t('sweep.compared_part', { addresses: common.addresses })} <code>${named.slice(0, NAMED).join(' ')}</code> ${more}`}</p>`;
}

export function Differences({ id, state }) {
  const [kind, setKind] = useState('');
  const [offset, setOffset] = useState(0);
  const found = useResource(`sweeps/${id}/differences`, { kind, limit: LIMIT, offset }, { on: state });
  const none = (page) => page.total === 0 && html`<${Compared} page=${page} /><${Empty} title=${t(page.compared_with === null ? 'sweep.first_time' : 'sweep.no_differences')} />`;
  return html`<div class="table-tools"><${Chips} label=${t('sweep.differences_tab')} value=${kind} onChange=${setKind} options=${KINDS.map((each) => [each, t(`difference.${each}`)])} /></div>
    <${Shown} resource=${found} empty=${none}>${(page) => html`<${Compared} page=${page} /><div class="table-box"><table class="list"><tbody>${page.items.map((one, n) => html`<tr key=${n}>
      <td><span class="difference is-${one.kind}">${t(`difference.${one.kind}`)}</span></td><th scope="row"><code>${one.address}:${one.port}</code></th>
      <td>${one.device_id !== null && t('device.number', { id: one.device_id })}</td><td>${one.fields.map((field) => html`<span key=${field.name}>
        ${tOr(`field.${field.name}`, field.name)}: <s>${field.before}</s> → <b>${field.now}</b> </span>`)}</td></tr>`)}</tbody></table></div>
      <${Pager} total=${page.total} limit=${LIMIT} offset=${offset} onOffset=${setOffset} />`}<//>`;
}
