// All plans, the newest first, with what each covers and costs.
import { html, useState } from '../html.js';
import { t } from '../i18n.js';
import { Pager } from '../pager.js';
import { Empty, percent, Shown, whoName } from '../parts.js';
import { useResource } from '../resource.js';
import { link } from '../router.js';
import { Age } from '../time.js';

const LIMIT = 20;
export const money = (cost) => (cost === null || cost === undefined ? '—' : cost.toLocaleString(undefined, { maximumFractionDigits: 2 }));

export function PlanList({ planner, open, draw }) {
  const [offset, setOffset] = useState(0);
  const plans = useResource('coverage/plans', { limit: LIMIT, offset }, { refreshOn: ['plan.'], everyS: 20 });
  const none = (page) => page.total === 0 && html`<${Empty} title=${t('plan.none')} next=${t(planner ? 'plan.none.next' : 'plan.none.look')} />`;
  return html`<header class="plans-head"><h2>${t('nav.plans')}</h2>${planner && html`<button type="button" class="push-end" data-deed="private" onClick=${() => draw('private')}>${t('plan.mark_private')}</button><button type="button" class="primary" data-deed="new-plan" onClick=${() => draw(1)}>${t('plan.new')}</button>`}</header>
    <p class="faint">${t('plan.about')}</p>
    <${Shown} resource=${plans} empty=${none}>${(page) => html`<ul class="plan-list">${page.items.map((plan) => html`<li key=${plan.id} data-plan=${plan.id}>
      <a href=${link('plans', { plan: plan.id })} onClick=${(event) => { event.preventDefault(); open(plan.id); }}><b>${plan.name}</b>
        <span class="work-state is-${plan.state}">${t(`work.${plan.state}`)}</span>
        <span class="plan-figures">${plan.state === 'done' ? t('plan.line', { before: percent(plan.share_before), after: percent(plan.share_after), n: plan.cameras, cost: money(plan.cost) }) : t('plan.budget_line', { budget: money(plan.budget) })}</span>
        <small class="faint">${whoName(plan.who)} · <${Age} at=${plan.created_at} />${plan.applied_at && html` · ${t('plan.applied')}`}</small></a></li>`)}</ul>
      <${Pager} total=${page.total} limit=${LIMIT} offset=${offset} onOffset=${setOffset} />`}<//>`;
}
