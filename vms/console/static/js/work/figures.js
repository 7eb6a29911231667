// The archive's figures: how complete, right and true to the devices the records are, by region, owner, tier or class.
import { html } from '../html.js';
import { t, tOr } from '../i18n.js';
import { Chips, Empty, percent, Shown } from '../parts.js';
import { useResource } from '../resource.js';
import { Ring } from '../ring.js';
import { link, setQuery } from '../router.js';
import { Age } from '../time.js';

const BY = ['region', 'owner', 'tier', 'point_class'];
const TARGETS = { completeness: 1, conformity: 0.98, consistency: 0.95 };
const FILTERS = { region: 'region', owner: 'owner', tier: 'tier' };
const short = (name, share) => share !== null && share < TARGETS[name];

function Share({ name, share }) {
  return html`<td class="number-cell ${short(name, share) ? 'is-wrong' : ''}">${percent(share)}</td>`;
}

function Failed({ failed, cameras }) {
  const rules = Object.entries(failed).sort((a, b) => b[1] - a[1]);
  const most = rules[0]?.[1] ?? 1;
  return html`<section class="facts"><h3>${t('figures.failed')}</h3>${rules.length === 0 ? html`<p class="faint">${t('record.conforms')}</p>`
    : html`<ul class="count-bars">${rules.map(([rule, n]) => html`<li key=${rule}><span>${tOr(`rule.${rule}`, rule)}</span>
      <span class="mini-bar"><i style=${{ width: `${(n / most) * 100}%` }}></i></span><b title=${percent(cameras ? n / cameras : null)}>${n}</b></li>`)}</ul>`}</section>`;
}

export function Figures({ query }) {
  const by = BY.includes(query.by) ? query.by : 'region';
  const figures = useResource('archive/figures', { by }, { refreshOn: ['camera.changed', 'camera.added'], everyS: 30 });
  const none = (data) => data.total.cameras === 0 && html`<${Empty} title=${t('inventory.nothing')} next=${t('inventory.nothing.next')} />`;
  const where = (row) => (FILTERS[by] ? link('inventory', { [FILTERS[by]]: row.key }) : link('inventory', { filter: `point_class = ${row.key || '""'}` }));
  const label = (row) => (row.key === '' ? t('inventory.group_none') : by === 'tier' ? tOr(`tier.${row.key}`, row.key) : row.name || row.key);
  return html`<${Shown} resource=${figures} empty=${none}>${(data) => html`<div class="figure-rings">
      ${Object.keys(TARGETS).map((name) => html`<${Ring} key=${name} share=${data.total[name]} label=${t(`figures.${name}`)} tone=${short(name, data.total[name]) ? 'is-part' : 'is-full'} />`)}
      <p class="faint">${t('figures.of', { n: data.total.cameras.toLocaleString() })} · <${Age} at=${data.as_of} /></p></div>
    <div class="table-tools"><${Chips} label=${t('inventory.group_by')} value=${by} onChange=${(next) => setQuery({ by: next || null })} options=${BY.map((each) => [each, t(`group.${each}`)])} /></div>
    <div class="figures-two"><div class="table-box"><table class="list"><thead><tr><th scope="col">${t(`group.${by}`)}</th><th scope="col" class="number-cell">${t('figures.cameras')}</th>
      ${Object.keys(TARGETS).map((name) => html`<th key=${name} scope="col" class="number-cell">${t(`figures.${name}`)}</th>`)}<th scope="col">${t('figures.worst')}</th></tr></thead>
      <tbody>${data.items.map((row) => html`<tr key=${row.key}><th scope="row"><a href=${where(row)}>${label(row)}</a></th><td class="number-cell">${row.cameras}</td>
        ${Object.keys(TARGETS).map((name) => html`<${Share} key=${name} name=${name} share=${row[name]} />`)}
        <td>${Object.entries(row.failed).sort((a, b) => b[1] - a[1]).slice(0, 2).map(([rule, n]) => html`<small key=${rule} class="why">${tOr(`rule.${rule}`, rule)} ${n}</small>`)}</td></tr>`)}</tbody></table></div>
      <${Failed} failed=${data.total.failed} cameras=${data.total.cameras} /></div>`}<//>`;
}
