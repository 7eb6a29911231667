// How good picture diagnosis is by staff's own words, per kind; and the reference pictures that nobody has confirmed yet.
import { lastDays } from './assessment/period.js';
import { html } from './html.js';
import { t } from './i18n.js';
import { Chips, Empty, faultName, percent, Shown } from './parts.js';
import { RegionChoice, useRegions } from './region_choice.js';
import { useResource } from './resource.js';
import { link, setQuery } from './router.js';
import { Unconfirmed } from './unconfirmed.js';

const DAYS = [7, 30, 90, 365];

function Row({ one, total = false }) {
  const judged = one.true + one.false + one.accepted;
  const name = total ? t('diagnosis.all') : html`<a href=${link('maintenance', { kind: one.kind })}>${faultName(one.kind)}</a>`;
  return html`<tr class=${total ? 'is-total' : ''} data-kind=${one.kind}><th scope="row">${name}</th><td class="number-cell">${one.found.toLocaleString()}</td><td class="number-cell">${judged.toLocaleString()}</td>
    <td class="number-cell">${one.true.toLocaleString()}</td><td class="number-cell">${one.accepted.toLocaleString()}</td><td class="number-cell">${one.false.toLocaleString()}</td>
    <td class="number-cell">${one.precision === null ? html`<span class="faint">—</span>` : html`<meter min="0" max="1" value=${one.precision}></meter> ${percent(one.precision)}`}</td></tr>`;
}

export function Diagnosis({ query, user }) {
  const keeper = ['admin', 'maintainer'].includes(user.role) && !user.maintainer_id;
  const days = DAYS.includes(Number(query.days)) ? Number(query.days) : 30;
  const quality = useResource('diagnosis/quality', { ...lastDays(days), region: query.region ?? '' }, { refreshOn: ['fault.judged'] });
  const regions = useRegions();
  const none = (made) => made.all.found === 0 && html`<${Empty} title=${t('diagnosis.none')} next=${t('diagnosis.none.next')} />`;
  return html`<div class="paper diagnosis"><h2>${t('diagnosis.title')}</h2><p class="faint">${t('diagnosis.how')}</p>
    <div class="table-tools"><${Chips} label=${t('diagnosis.period')} value=${String(days)} onChange=${(next) => setQuery({ days: next || null })} options=${DAYS.map((n) => [String(n), t('diagnosis.days', { n })])} />
      <${RegionChoice} nodes=${regions.nodes} value=${query.region ?? ''} onChange=${(region) => setQuery({ region: region || null, offset: null })} /></div>
    <${Shown} resource=${quality} empty=${none}>${(made) => html`<div class="table-box"><table class="list"><thead><tr><th scope="col">${t('fault.cause')}</th><th scope="col" class="number-cell">${t('diagnosis.found')}</th>
      <th scope="col" class="number-cell">${t('diagnosis.judged')}</th><th scope="col" class="number-cell">${t('verdict.true')}</th><th scope="col" class="number-cell">${t('verdict.accepted')}</th><th scope="col" class="number-cell">${t('verdict.false')}</th>
      <th scope="col" class="number-cell">${t('diagnosis.precision')}</th></tr></thead><tbody>${made.kinds.filter((one) => one.found || one.precision !== null).map((one) => html`<${Row} key=${one.kind} one=${one} />`)}<${Row} one=${made.all} total /></tbody></table></div>`}<//>
    ${keeper && html`<${Unconfirmed} query=${query} nameOf=${regions.nameOf} />`}</div>`;
}
