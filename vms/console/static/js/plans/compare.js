// Two plans side by side: their curves, what each covers and costs, which cameras both have.
import { html, useEffect } from '../html.js';
import { t } from '../i18n.js';
import { percent, Shown } from '../parts.js';
import { useResource } from '../resource.js';
import { GainCurve } from './gain_curve.js';
import { money } from './plan_list.js';

function Both({ found, one, other }) {
  const sides = [[found.first, one, 'gain-one'], [found.second, other, 'gain-other']];
  const rows = [
    ['plan.covered', ({ plan }) => `${percent(plan.share_before)} → ${percent(plan.share_after)}`],
    ['plan.bound', ({ plan }) => percent(plan.share_bound)],
    ['plan.cost', ({ plan }) => `${money(plan.cost)} / ${money(plan.budget)}`],
    ['plan.cameras', ({ plan }) => plan.cameras],
    ['plan.sites', ({ sites }) => sites],
    ['plan.alone', ({ alone }) => alone.length],
  ];
  return html`${!found.same_area && html`<p class="note">${t('plan.other_area')}</p>`}
    <${GainCurve} lines=${sides.map(([side, detail, className]) => ({ name: side.plan.name, before: side.plan.share_before, cameras: detail.cameras, budget: side.plan.budget, bound: null, className }))} />
    <div class="table-box"><table class="list plan-compare"><thead><tr><td></td>${sides.map(([side, , className]) => html`<th key=${side.plan.id} scope="col" class=${`number-cell ${className}`}>${side.plan.name}</th>`)}</tr></thead>
      <tbody>${rows.map(([key, value]) => html`<tr key=${key}><th scope="row">${t(key)}</th>${sides.map(([side]) => html`<td key=${side.plan.id} class="number-cell">${value(side)}</td>`)}</tr>`)}</tbody></table></div>
    <p class="faint">${t('plan.both', { n: found.both.length })}</p>`;
}

export function Compare({ one, other, show, back }) {
  const compared = useResource(`coverage/plans/${one}/compare`, { other });
  const first = useResource(`coverage/plans/${one}`);
  const second = useResource(`coverage/plans/${other}`);
  useEffect(() => {
    if (first.data && second.data) show({ area: first.data.area, cameras: first.data.cameras, types: [...second.data.types, ...first.data.types], others: second.data.cameras, chosen: null });
  }, [first.data, second.data]);
  return html`<header class="plans-head"><button type="button" class="quiet" onClick=${back}>← ${first.data?.plan.name ?? ''}</button><h2>${t('plan.compared')}</h2></header>
    <${Shown} resource=${compared}>${(found) => first.data && second.data && html`<${Both} found=${found} one=${first.data} other=${second.data} />`}<//>`;
}
