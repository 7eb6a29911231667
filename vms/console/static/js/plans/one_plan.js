// One plan: how far it is, then its figures, its curve, the cameras to build, what comes before buying, and what to do with it.
import { address, post, remove } from '../api.js';
import { Problem, useDeed } from '../deed.js';
import { html, useEffect, useState } from '../html.js';
import { language, t, tOr } from '../i18n.js';
import { metres, percent, placeName, Shown } from '../parts.js';
import { Progress } from '../progress.js';
import { useResource } from '../resource.js';
import { link } from '../router.js';
import { said } from '../said.js';
import { Sure } from '../sure.js';
import { GainCurve } from './gain_curve.js';
import { typeName } from './new_plan.js';
import { money } from './plan_list.js';

const COLUMNS = ['number', 'where', 'type', 'cost', 'gain', 'share'];
const nameOf = (one) => placeName(one.places[0] ?? '') || one.roads.slice(0, 2).join(' / ') || one.label || tOr(`plan.kind.${one.kind}`, one.kind);
const valueOf = { number: (one) => one.number, where: nameOf, type: (one) => one.type, cost: (one) => one.cost, gain: (one) => one.gain, share: (one) => one.share };

function Cameras({ detail, chosen, choose }) {
  const [sort, setSort] = useState({ by: 'number', down: false });
  const types = Object.fromEntries(detail.types.map((type) => [type.name, type]));
  const order = (a, b) => { const [one, other] = [valueOf[sort.by](a), valueOf[sort.by](b)]; return (one > other ? 1 : one < other ? -1 : a.number - b.number) * (sort.down ? -1 : 1); };
  return html`<div class="table-box plan-cameras"><table class="list"><thead><tr>${COLUMNS.map((name) => html`<th key=${name} scope="col" class=${['where', 'type'].includes(name) ? '' : 'number-cell'} aria-sort=${sort.by === name ? (sort.down ? 'descending' : 'ascending') : undefined}>
      <button type="button" class="sort" onClick=${() => setSort({ by: name, down: sort.by === name && !sort.down })}>${t(`plan.column.${name}`)}${sort.by === name ? (sort.down ? ' ↓' : ' ↑') : ''}</button></th>`)}</tr></thead>
    <tbody>${[...detail.cameras].sort(order).map((one) => html`<tr key=${one.number} data-number=${one.number} class=${chosen === one.number ? 'is-chosen' : ''} onClick=${() => choose(one.number)}>
      <td class="number-cell">${one.number}</td><th scope="row">${nameOf(one)}<small>${tOr(`plan.kind.${one.kind}`, one.kind)} · ${Math.round(one.bearing_deg)}°${one.whole_entrances > 0 && html` · ${t('plan.whole', { n: one.whole_entrances })}`}${one.half_entrances > 0 && html` · ${t('plan.half', { n: one.half_entrances })}`}${one.camera_id && html` · <a href=${link(`camera/${one.camera_id}`)}>${t('plan.record')}</a>`}</small></th>
      <td>${typeName(types[one.type]) || one.type}</td><td class="number-cell">${money(one.cost)}</td><td class="number-cell">${metres(one.gain)}</td><td class="number-cell">${percent(one.share)}</td></tr>`)}</tbody></table></div>`;
}

const who = (one) => html`<a href=${link(`camera/${one.camera_id}`)}>${one.name || one.camera_id}</a>`;

function Before({ result }) {
  return html`${result.turns.length > 0 && html`<details open><summary>${t('plan.turns', { n: result.turns.length })}</summary><ul class="plan-lines">${result.turns.map((turn) => html`<li key=${turn.camera_id}>${who(turn)}
      <span>${Math.round(turn.bearing_before_deg)}° → ${Math.round(turn.bearing_after_deg)}°${turn.order_id !== null && html` · <a data-order=${turn.order_id} href=${link(`orders/${turn.order_id}`)}>${t('orders.one', { number: turn.order })}</a>`}</span><b>+${metres(turn.gain)}</b></li>`)}</ul></details>`}
    ${result.moves.length > 0 && html`<details><summary>${t('plan.moves', { n: result.moves.length })}</summary><ul class="plan-lines">${result.moves.map((move) => html`<li key=${move.camera_id}>${who(move)}
      <span>${t('plan.move_loses', { loss: metres(move.loss) })}</span><b>+${metres(move.gain)}</b></li>`)}</ul></details>`}
    ${(result.onlookers.length > 0 || result.refused > 0) && html`<details open=${result.onlookers.length > 0}><summary>${t('plan.private', { n: result.onlookers.length, refused: result.refused })}</summary><ul class="plan-lines">${result.onlookers.map((look) => html`<li key=${`${look.camera_id}-${look.area_id}`}>${who(look)}
      <span>→ ${look.area}</span><b>${Math.round(look.px_per_m)} px/m</b></li>`)}</ul></details>`}`;
}

function Deeds({ detail, planner, reload, back, compare }) {
  const { run, busy, problem } = useDeed();
  const [sure, setSure] = useState(false);
  const [made, setMade] = useState(null);
  const others = useResource('coverage/plans', { limit: 100 });
  const { plan } = detail;
  const open = detail.cameras.filter((one) => one.camera_id === null).length;
  const turns = detail.result.turns.filter((turn) => turn.order_id === null).length;
  const comparable = (others.data?.items ?? []).filter((one) => one.state === 'done' && one.id !== plan.id);
  async function apply() {
    const done = await run(() => post(`coverage/plans/${plan.id}/apply`, {}));
    setSure(false);
    if (done) { setMade(done); reload(); }
  }
  async function throwAway() {
    if (await run(() => remove(`coverage/plans/${plan.id}`)) !== undefined) back();
  }
  return html`<div class="plan-deeds"><a class="button" download href=${address(`coverage/plans/${plan.id}/export`, { format: 'xlsx', language: language() })}>${t('plan.xlsx')}</a>
    <a class="button" download href=${address(`coverage/plans/${plan.id}/export`, { format: 'geojson' })}>GeoJSON</a>
    ${comparable.length > 0 && html`<select aria-label=${t('plan.compare')} value="" onChange=${(event) => event.target.value && compare(event.target.value)}><option value="">${t('plan.compare')}</option>
      ${comparable.map((one) => html`<option key=${one.id} value=${one.id}>${one.name} · ${percent(one.share_after)}</option>`)}</select>`}
    ${planner && open + turns > 0 && (sure ? html`<button type="button" class="primary" data-deed="apply-sure" disabled=${busy} onClick=${apply}>${turns ? t('plan.apply.sure_turns', { n: open, turns }) : t('plan.apply.sure', { n: open })}</button><button type="button" onClick=${() => setSure(false)}>${t('action.cancel')}</button>`
      : html`<button type="button" class="primary" data-deed="apply" onClick=${() => setSure(true)}>${t('plan.apply')}</button>`)}
    ${planner && !plan.applied_at && html`<${Sure} words=${t('action.remove')} question=${t('plan.remove.sure', { name: plan.name })} deed="remove-plan" look="danger-quiet" busy=${busy} onSure=${throwAway} />`}
    ${made !== null && html`<p class="note" role="status">${t('plan.made', { n: made.made })}${made.orders + made.notes > 0 && html` · ${t('plan.ordered', { n: made.orders, notes: made.notes })}`}</p>`}<${Problem} of=${problem} /></div>`;
}

function Done({ detail, planner, chosen, choose, reload, back, compare }) {
  const { plan, result } = detail;
  const proof = plan.proven ? t('plan.proven') : t('plan.of_bound', { share: percent(plan.of_bound) });
  return html`<div class="totals plan-totals"><div><b>${percent(plan.share_before)} → ${percent(plan.share_after)}</b><span>${t('plan.covered')}</span></div>
      <div><b>${detail.cameras.length}</b><span>${t('plan.cameras_for', { cost: money(plan.cost), budget: money(plan.budget) })}</span></div>
      <p class="faint">${t('plan.at_most', { share: percent(plan.share_bound) })} · ${proof}</p>
      ${result.entrances?.asked > 0 && html`<p class="faint" data-entrances=${result.entrances.asked}>${t('plan.entrances', result.entrances)}</p>`}</div>
    <${GainCurve} lines=${[{ name: plan.name, before: plan.share_before, cameras: detail.cameras, budget: plan.budget, bound: plan.share_bound, className: 'gain-one' }]} chosen=${chosen} onCamera=${choose} />
    <${Deeds} detail=${detail} planner=${planner} reload=${reload} back=${back} compare=${compare} />
    <${Before} result=${result} /><${Cameras} detail=${detail} chosen=${chosen} choose=${choose} />`;
}

function Open({ plan, planner, reload, back }) {
  const { run, busy, problem } = useDeed();
  const over = plan.state === 'failed' || plan.state === 'cancelled';
  async function cancel() {
    if (await run(() => post(`coverage/plans/${plan.id}/cancel`)) !== undefined) reload();
  }
  async function throwAway() {
    if (await run(() => remove(`coverage/plans/${plan.id}`)) !== undefined) back();
  }
  return html`<p><span class="work-state is-${plan.state}">${t(`work.${plan.state}`)}</span> ${plan.stage && t(`plan.stage.${plan.stage}`)}</p>
    ${over ? html`${plan.problem && html`<p class="problem" role="alert">${said(plan.problem)}</p>`}` : html`<${Progress} done=${plan.stages_done} total=${plan.stages_total} unit=${t('plan.stages')} />`}
    ${planner && html`<div class="row-end">${over ? html`<${Sure} words=${t('action.remove')} question=${t('plan.remove.sure', { name: plan.name })} deed="remove-plan" look="danger-quiet" busy=${busy} onSure=${throwAway} />` : html`<button type="button" data-deed="cancel-plan" disabled=${busy} onClick=${cancel}>${t('plan.cancel')}</button>`}</div>`}<${Problem} of=${problem} />`;
}

export function OnePlan({ id, planner, shown, show, back, compare }) {
  const plan = useResource(`coverage/plans/${id}`, {}, { refreshOn: ['plan.'], everyS: 10 });
  const detail = plan.data;
  useEffect(() => {
    if (detail) show((before) => ({ area: detail.area, cameras: detail.cameras, types: detail.types, others: [], chosen: before.chosen }));
  }, [detail]);
  const choose = (number) => show((before) => ({ ...before, chosen: before.chosen === number ? null : number }));
  return html`<header class="plans-head"><button type="button" class="quiet" onClick=${back}>← ${t('nav.plans')}</button><h2>${detail?.plan.name ?? ''}</h2></header>
    <${Shown} resource=${plan}>${(found) => (found.plan.state === 'done'
    ? html`<${Done} detail=${found} planner=${planner} chosen=${shown.chosen} choose=${choose} reload=${plan.reload} back=${back} compare=${compare} />`
    : html`<${Open} plan=${found.plan} planner=${planner} reload=${plan.reload} back=${back} />`)}<//>`;
}
