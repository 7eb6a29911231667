// The archive's figures: how complete, right and true to the devices the records are, by region, owner, tier or class. Every
// number opens the cameras that it counts, every share those that it lacks.
import { html } from '../html.js';
import { t, tOr } from '../i18n.js';
import { Chips, Empty, percent, Shown } from '../parts.js';
import { useResource } from '../resource.js';
import { Ring } from '../ring.js';
import { link, setQuery } from '../router.js';
import { Age } from '../time.js';

const BY = ['region', 'owner', 'tier', 'point_class'];
/** Of each share: the number of cameras that have it, of which, and the filter of the others. */
const SHARES = { completeness: ['complete', 'cameras', 'incomplete'], conformity: ['conforming', 'cameras', 'breaking'], consistency: ['consistent', 'with_device', 'differing'] };
const WORST = 2;

/** `targets`: of the assessment; null: shown, not judged. */
const short = (targets, name, share) => share !== null && targets[name] !== null && share < targets[name];
const cameras = (...filters) => link('inventory', { filter: filters.filter(Boolean).join(' and ') });
const byNumber = (failed) => Object.entries(failed).sort((a, b) => b[1] - a[1]);

function Share({ name, group, data }) {
  const [has, of, others] = SHARES[name];
  const left = group[of] - group[has];
  const words = percent(group[name]);
  return html`<td class="number-cell ${short(data.targets, name, group[name]) ? 'is-wrong' : ''}" data-share=${name}>${left > 0
    ? html`<a href=${cameras(group.filter, data.filters[others])} title=${t(`figures.${others}`, { n: left.toLocaleString() })}>${words}</a>` : words}</td>`;
}

function Worst({ group, data }) {
  return byNumber(group.failed).slice(0, WORST).map(([rule, n]) => html`<a key=${rule} class="why" href=${cameras(group.filter, data.filters.failed[rule])}>${tOr(`rule.${rule}`, rule)} ${n.toLocaleString()}</a>`);
}

function Failed({ data }) {
  const rules = byNumber(data.total.failed);
  const most = rules[0]?.[1] ?? 1;
  return html`<section class="facts"><h3>${t('figures.failed')}</h3>${rules.length === 0 ? html`<p class="faint">${t('record.conforms')}</p>`
    : html`<ul class="count-bars">${rules.map(([rule, n]) => html`<li key=${rule} data-rule=${rule}><a href=${cameras(data.total.filter, data.filters.failed[rule])}>${tOr(`rule.${rule}`, rule)}</a>
      <span class="mini-bar"><i style=${{ width: `${(n / most) * 100}%` }}></i></span><b title=${percent(data.total.cameras ? n / data.total.cameras : null)}><a href=${cameras(data.total.filter, data.filters.failed[rule])}>${n.toLocaleString()}</a></b></li>`)}</ul>`}</section>`;
}

function Rings({ data }) {
  const { total, targets, filters } = data;
  return html`<div class="figure-rings">${Object.entries(SHARES).map(([name, [has, of, others]]) => {
    const left = total[of] - total[has];
    const ring = html`<${Ring} key=${name} share=${total[name]} label=${t(`figures.${name}`)} tone=${short(targets, name, total[name]) ? 'is-part' : 'is-full'} />`;
    return left > 0 ? html`<a key=${name} href=${cameras(total.filter, filters[others])} title=${t(`figures.${others}`, { n: left.toLocaleString() })}>${ring}</a>` : ring;
  })}
    <p class="faint"><a href=${cameras(total.filter)}>${t('figures.of', { n: total.cameras.toLocaleString() })}</a> · ${data.current ? html`<${Age} at=${data.as_of} />` : t('figures.being_judged')}</p></div>`;
}

export function Figures({ query, user }) {
  const ways = BY.filter((each) => each !== 'owner' || !user.maintainer_id);
  const by = ways.includes(query.by) ? query.by : 'region';
  const figures = useResource('archive/figures', { by }, { refreshOn: ['camera.changed', 'camera.added'], everyS: 30 });
  const none = (data) => data.total.cameras === 0 && html`<${Empty} title=${t('inventory.nothing')} next=${t('inventory.nothing.next')} />`;
  const label = (row) => (row.key === '' ? t('inventory.group_none') : by === 'tier' ? tOr(`tier.${row.key}`, row.key) : row.name || row.key);
  return html`<${Shown} resource=${figures} empty=${none}>${(data) => html`<${Rings} data=${data} />
    <div class="table-tools"><${Chips} label=${t('inventory.group_by')} value=${by} onChange=${(next) => setQuery({ by: next || null })} options=${ways.map((each) => [each, t(`group.${each}`)])} /></div>
    <div class="figures-two"><div class="table-box"><table class="list"><thead><tr><th scope="col">${t(`group.${by}`)}</th><th scope="col" class="number-cell">${t('figures.cameras')}</th>
      ${Object.keys(SHARES).map((name) => html`<th key=${name} scope="col" class="number-cell">${t(`figures.${name}`)}</th>`)}<th scope="col">${t('figures.worst')}</th></tr></thead>
      <tbody>${data.items.map((row) => html`<tr key=${row.key} data-group=${row.key}><th scope="row"><a href=${cameras(row.filter)}>${label(row)}</a></th>
        <td class="number-cell"><a href=${cameras(row.filter)}>${row.cameras.toLocaleString()}</a></td>
        ${Object.keys(SHARES).map((name) => html`<${Share} key=${name} name=${name} group=${row} data=${data} />`)}
        <td><${Worst} group=${row} data=${data} /></td></tr>`)}</tbody></table></div><${Failed} data=${data} /></div>`}<//>`;
}
