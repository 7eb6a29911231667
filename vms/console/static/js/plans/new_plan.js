// A new plan: its area is drawn on the map corner by corner, then money, kinds of camera and what else is wanted.
import { post } from '../api.js';
import { Problem, useDeed } from '../deed.js';
import { html, useState } from '../html.js';
import { language, t } from '../i18n.js';
import { Shown } from '../parts.js';
import { useResource } from '../resource.js';

const LEAST_CORNERS = 3;
const NEEDS = ['0', '25', '62.5', '125', '250'];
const PROOFS = ['0', '30', '120', '600'];

export const typeName = (type) => (language() === 'zh' && type?.name_zh ? type.name_zh : type?.name ?? '');

function Types({ types, set }) {
  const change = (at, part) => set(types.map((type, n) => (n === at ? { ...type, ...part } : type)));
  return html`<table class="list plan-types"><thead><tr><th scope="col">${t('plan.type')}</th><th scope="col" class="number-cell">${t('plan.type.fov')}</th>
    <th scope="col" class="number-cell">${t('plan.type.range')}</th><th scope="col">${t('plan.type.night')}</th><th scope="col" class="number-cell">${t('plan.cost')}</th></tr></thead>
    <tbody>${types.map((type, at) => html`<tr key=${type.name}><th scope="row"><label class="check"><input type="checkbox" name=${`type-${type.name}`} checked=${type.used} onChange=${(event) => change(at, { used: event.target.checked })} />${typeName(type)}</label></th>
      <td class="number-cell">${type.lenses_deg.length > 1 ? `${type.lenses_deg.length} × ` : ''}${type.h_fov_deg}°</td><td class="number-cell">${type.range_m} m</td>
      <td><input type="checkbox" name=${`night-${type.name}`} checked=${type.sees_by_night} aria-label=${`${typeName(type)} ${t('plan.type.night')}`} onChange=${(event) => change(at, { sees_by_night: event.target.checked })} /></td>
      <td class="number-cell"><input type="number" min="0.01" step="0.01" value=${type.cost} aria-label=${`${typeName(type)} ${t('plan.cost')}`} onInput=${(event) => change(at, { cost: Number(event.target.value) })} /></td></tr>`)}</tbody></table>`;
}

export function Drawing({ corners, setCorners }) {
  const drawn = corners.length >= LEAST_CORNERS;
  return html`<div class="plan-drawing ${drawn ? 'is-drawn' : ''}" role="status"><p>${drawn ? t('plan.corners', { n: corners.length }) : t('plan.draw')}</p>
    <button type="button" disabled=${corners.length === 0} onClick=${() => setCorners((before) => before.slice(0, -1))}>${t('plan.last_corner')}</button>
    <button type="button" disabled=${corners.length === 0} onClick=${() => setCorners([])}>${t('plan.no_corner')}</button></div>`;
}

function Form({ catalogue, corners, setCorners, onAsked }) {
  const { run, busy, problem } = useDeed();
  const [types, setTypes] = useState(catalogue.types.map((type) => ({ ...type, used: true })));
  const drawn = corners.length >= LEAST_CORNERS;
  const used = types.filter((type) => type.used);
  async function submit(event) {
    event.preventDefault();
    const form = new FormData(event.target);
    const wish = {
      name: form.get('name').trim(), budget: Number(form.get('budget')), area: { type: 'Polygon', coordinates: [[...corners, corners[0]]] },
      types: used.map(({ used: _, ...type }) => type), finer_px_per_m: Number(form.get('finer')), views: form.get('backup') ? 2 : 1,
      turn_first: Boolean(form.get('turn_first')), count_faulty: !form.get('without_faulty'), prove_s: Number(form.get('prove')),
    };
    const plan = await run(() => post('coverage/plans', wish));
    if (plan) onAsked(plan);
  }
  return html`<form class="form-lines" onSubmit=${submit}>
    <${Drawing} corners=${corners} setCorners=${setCorners} />
    <div class="plan-pair"><label>${t('plan.name')}<input name="name" required maxlength="120" /></label>
      <label>${t('plan.budget')}<input name="budget" type="number" min="0.01" step="0.01" required defaultValue="20" /></label></div>
    <${Types} types=${types} set=${setTypes} />
    <div class="plan-pair"><label>${t('plan.finer')}<select name="finer">${NEEDS.map((need) => html`<option key=${need} value=${need}>${need === '0' ? t('plan.finer.rules') : `≥ ${need} px/m`}</option>`)}</select></label>
    <label>${t('plan.prove')}<select name="prove">${PROOFS.map((limit) => html`<option key=${limit} value=${limit}>${limit === '0' ? t('plan.prove.none') : t('plan.prove.s', { n: limit })}</option>`)}</select></label></div>
    <div class="row-checks plan-checks"><label class="check"><input type="checkbox" name="backup" />${t('plan.backup')}</label>
      <label class="check"><input type="checkbox" name="turn_first" />${t('plan.turn_first')}</label>
      <label class="check"><input type="checkbox" name="without_faulty" />${t('plan.without_faulty')}</label></div>
    <${Problem} of=${problem} />
    <div class="row-end"><button type="submit" class="primary" data-deed="ask-plan" disabled=${busy || !drawn || used.length === 0}>${t('plan.ask')}</button></div></form>`;
}

export function NewPlan({ corners, setCorners, back, onAsked }) {
  const catalogue = useResource('coverage/camera-types');
  return html`<header class="plans-head"><button type="button" class="quiet" onClick=${back}>← ${t('nav.plans')}</button><h2>${t('plan.new')}</h2></header>
    <${Shown} resource=${catalogue}>${(found) => html`<${Form} catalogue=${found} corners=${corners} setCorners=${setCorners} onAsked=${onAsked} />`}<//>`;
}
