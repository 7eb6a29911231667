// Coverage rates of some days against their targets, by class of ground, by need or by region; and what each tier sees now.
import { html, useState } from '../html.js';
import { t } from '../i18n.js';
import { SortHead } from '../pager.js';
import { Chips, metres, percent, Shown } from '../parts.js';
import { useResource } from '../resource.js';
import { serverNow } from '../time.js';
import { groundName } from './gap_list.js';
import { Tiers } from './tiers.js';

const BY = ['class', 'need', 'region', 'tier'];
const SPANS = [1, 7, 30];
const DAY_MS = 86400000;
const DEEPER_EM = 0.7;

/** By a figure, `-` before it: the largest first; what is not told comes last. */
function sorted(items, sort) {
  const name = sort.replace('-', '');
  const sign = sort === name ? 1 : -1;
  const told = items.filter((row) => row[name] !== null);
  return sort ? [...told.sort((a, b) => sign * (a[name] - b[name])), ...items.filter((row) => row[name] === null)] : items;
}

function Rate({ rate, target }) {
  if (rate === null) return html`<td class="amount faint">—</td>`;
  return html`<td class="amount ${target !== null && rate < target ? 'is-below' : ''}">${percent(rate)}${target !== null && html`<small class="target faint">≥ ${percent(target)}</small>`}${target !== null && html`<i class="meter" aria-hidden="true"><i style=${`width:${rate * 100}%`}></i><b style=${`left:${target * 100}%`}></b></i>`}</td>`;
}

export function Figures({ night, regions }) {
  const [by, setBy] = useState('class');
  const [days, setDays] = useState(1);
  const [sort, setSort] = useState('');
  const head = (name, words) => html`<${SortHead} name=${name} label=${words} number sort=${sort} onSort=${setSort} />`;
  const hour = Math.floor(serverNow() / 3600000) * 3600000 + 3600000;
  const isNow = by === 'tier';
  const span = isNow ? {} : { from: new Date(hour - days * DAY_MS).toISOString(), to: new Date(hour).toISOString() };
  const rates = useResource('coverage/rates', { ...span, by, night: Boolean(night) }, { refreshOn: ['coverage.'], everyS: 60 });
  const regionName = (row) => {
    const name = row.name || regions.nameOf(row.key) || t('maintenance.no_region');
    return html`<span class="stepped" style=${`padding-left:${sort ? 0 : row.depth * DEEPER_EM}em`}>${row.rest ? t('coverage.rest_of', { name }) : name}</span>`;
  };
  const nameOf = (row) => (by === 'class' ? groundName(row.key) : by === 'region' ? regionName(row) : `${row.key} px/m`);
  return html`<div class="coverage-figures"><${Chips} label=${t('coverage.by')} value=${by} onChange=${(value) => value && setBy(value)} options=${BY.map((each) => [each, t(`coverage.by.${each}`)])} />
    ${!isNow && html`<${Chips} label=${t('coverage.days')} value=${days} onChange=${(value) => value && setDays(value)} options=${SPANS.map((n) => [n, t('coverage.last_days', { n })])} />`}
    <${Shown} resource=${rates}>${(found) => found.by === by && (isNow ? html`<${Tiers} found=${found} night=${night} />` : html`<p class="faint">${t('coverage.known', { share: percent(found.known_share) })}${night ? ` · ${t('coverage.by_night')}` : ''}</p>
      <div class="table-box"><table class="list"><thead><tr><th scope="col">${t(`coverage.by.${by}`)}</th>${head('road_m', t('coverage.asked'))}${head('road_rate', t('coverage.road_rate'))}${head('place_rate', t('coverage.place_rate'))}</tr></thead>
      <tbody>${[...sorted(found.items, sort), { ...found.total, key: '*' }].map((row) => html`<tr key=${`${row.key}${row.rest}`} data-rate=${row.key}><th scope="row">${row.key === '*' ? t('coverage.total') : nameOf(row)}</th>
        <td class="amount">${row.road_m > 0 && metres(row.road_m)}${row.places > 0 && html`<small class="target">${t('coverage.n_places', { n: Math.round(row.places) })}</small>`}</td><${Rate} rate=${row.road_rate} target=${row.road_target} /><${Rate} rate=${row.place_rate} target=${row.place_target} /></tr>`)}</tbody></table></div>`)}<//></div>`;
}
