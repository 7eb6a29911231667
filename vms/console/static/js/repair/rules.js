// Rules of assignment in their order: the first that fits a fault decides which firm is sent.
import { put } from '../api.js';
import { useDeed } from '../deed.js';
import { html, useState } from '../html.js';
import { t } from '../i18n.js';
import { Empty, Shown } from '../parts.js';
import { useResource } from '../resource.js';
import { useDraft } from './draft.js';
import { OrderCell, OrderDeeds, useOrder } from './in_order.js';
import { RuleForm } from './rule_form.js';
import { useReach } from './reach.js';
import { SaveBar } from './save_bar.js';
import { TryOut } from './try_out.js';
import { WrongField } from './wrong_field.js';
import { className, layerName, Region, Several, tierName } from './words.js';

const plain = ({ maintainer: _, ...rule }) => ({ ...rule, layer: rule.layer || null });
const one = (value, name) => (value ? [name(value)] : []);
/** A rule that fits everything: those below it never decide. */
const fitsAll = (rule) => !rule.region_code && !rule.tier && !rule.point_class && rule.owner_id === null && !rule.layer;

function Row({ rule, n, count, order, firms, regions, owners, editable, decides, idle, cameras, problem, onEdit }) {
  const firm = firms.find((each) => each.id === rule.maintainer_id)?.name ?? rule.maintainer_id;
  const owner = rule.owner_id === null ? [] : [owners.find((each) => each.key === String(rule.owner_id))?.name ?? `${rule.owner_id}`];
  return html`<tr ...${editable ? order.row(n) : {}} data-rule=${n} aria-current=${decides ? 'true' : undefined} class=${idle ? 'is-idle' : ''}><${OrderCell} n=${n} order=${order} editable=${editable} />
    <td><${Region} code=${rule.region_code} regions=${regions} /></td><td><${Several} words=${one(rule.tier, tierName)} /></td><td><${Several} words=${one(rule.point_class, className)} /></td>
    <td><${Several} words=${owner} /></td><td><${Several} words=${one(rule.layer, layerName)} /></td><th scope="row">→ ${firm}<small class="why">${rule.crew || t('repair.office_of_firm')}</small>${idle && html`<small class="is-wrong">${t('rules.never')}</small>`}<${WrongField} problem=${problem} at=${`rules.${n}`} /></th>
    <td class="number-cell" data-reach>${cameras === undefined ? '' : cameras.toLocaleString()}</td>${editable && html`<${OrderDeeds} n=${n} count=${count} order=${order} onEdit=${onEdit} />`}</tr>`;
}

export function Rules({ user, regions, firms }) {
  const stored = useResource('maintenance/rules', {}, { everyS: 60 });
  const owners = useResource('cameras/groups', { by: 'owner' });
  const draft = useDraft(stored.data?.rules.map(plain) ?? null);
  const { run, busy, problem } = useDeed();
  const [edited, edit] = useState(null);
  const [found, setFound] = useState(null);
  const reach = useReach(draft.draft);
  const order = useOrder(draft.draft ?? [], draft.set);
  const editable = user.role === 'admin';
  const named = (owners.data?.items ?? []).filter((each) => each.key);
  async function save() {
    const done = await run(() => put('maintenance/rules', { rules: draft.draft }));
    if (done) draft.saved(done.rules.map(plain));
  }
  const keep = (rule) => draft.set(edited === draft.draft.length ? [...draft.draft, rule] : draft.draft.map((each, n) => (n === edited ? rule : each)));
  return html`<${Shown} resource=${stored}>${() => {
    const rules = draft.draft;
    const all = rules.findIndex(fitsAll);
    return html`<div class="repair-two"><section><div class="table-tools"><p class="faint">${t('rules.hint')}</p>${editable && html`<button type="button" class="small primary push-end" data-deed="add" onClick=${() => edit(rules.length)}>${t('rules.add')}</button>`}</div>
      ${rules.length === 0 ? html`<${Empty} title=${t('rules.none')} next=${t('rules.none.next')} />` : html`<div class="table-box"><table class="list in-order"><thead><tr><th></th><th scope="col">${t('camera.region')}</th><th scope="col">${t('camera.tier')}</th><th scope="col">${t('repair.point_class')}</th>
        <th scope="col">${t('assessment.by.owner')}</th><th scope="col">${t('repair.layer')}</th><th scope="col">${t('orders.maintainer')}</th><th scope="col" class="number-cell" title=${t('rules.reach')}>${t('figures.cameras')}</th>${editable && html`<th></th>`}</tr></thead>
        <tbody>${rules.map((rule, n) => html`<${Row} key=${n} rule=${rule} n=${n} count=${rules.length} order=${order} firms=${firms} regions=${regions} owners=${named} editable=${editable} decides=${found?.rule === n} idle=${all >= 0 && n > all} cameras=${reach?.cameras[n]} problem=${problem} onEdit=${() => edit(n)} />`)}</tbody></table></div>`}
      ${reach?.nobodys > 0 && html`<p class="note" data-nobodys=${reach.nobodys}><b>${t('rules.nobodys', { n: reach.nobodys.toLocaleString() })}</b> ${t('rules.open_end')}</p>`}</section>
      <${TryOut} body=${{ rules }} regions=${regions} onFound=${setFound} /></div>
      <${SaveBar} draft=${draft} busy=${busy} problem=${problem} onSave=${save} />
      ${edited !== null && html`<${RuleForm} key=${edited} rule=${rules[edited]} n=${edited} firms=${firms} regions=${regions} owners=${named} onKeep=${keep} close=${() => edit(null)} />`}`;
  }}<//>`;
}
