// One step with all orders that are chosen: what has to be said is asked once, what became of each is told.
import { post } from '../api.js';
import { Problem, useDeed } from '../deed.js';
import { html, useState } from '../html.js';
import { t } from '../i18n.js';
import { said } from '../said.js';
import { contentOf, Firm, local, Reason } from './step_form.js';

const DEEDS = ['assign', 'transfer', 'suspend', 'resume', 'deadlines'];
const AT_ONCE = 200;
const NOBODYS = { maintainer_id: null };

function Asked({ action, maintainers }) {
  return html`${['assign', 'transfer'].includes(action) && html`<${Firm} maintainers=${maintainers} order=${NOBODYS} />`}${action === 'suspend' && html`<${Reason} /><label>${t('orders.until')}<input type="datetime-local" name="until" required /></label>`}
    ${action === 'deadlines' && ['respond_by', 'repair_by'].map((name) => html`<label key=${name}>${t(`orders.${name}`)}<input type="datetime-local" name=${name} defaultValue=${local('')} /></label>`)}`;
}

/** `chosen`: Map of id → {number, version}. */
export function Many({ chosen, maintainers, onDone, clear }) {
  const [action, setAction] = useState('');
  const [told, setTold] = useState(null);
  const { run, busy, problem } = useDeed();
  const pick = (next) => { setTold(null); setAction(action === next ? '' : next); };
  async function submit(event) {
    event.preventDefault();
    const form = new FormData(event.target);
    const orders = [...chosen].slice(0, AT_ONCE).map(([id, { version }]) => ({ id, version }));
    const found = await run(() => post('work-orders/steps', { orders, action, note: form.get('note').trim(), content: contentOf(form) }));
    if (!found) return;
    setTold({ ...found, names: new Map([...chosen].map(([id, { number }]) => [id, number])) });
    setAction('');
    onDone(found.items.filter((one) => one.done).map((one) => one.id));
  }
  const refused = told?.items.filter((one) => !one.done) ?? [];
  if (chosen.size === 0 && !told) return null;
  return html`<div class="save-bar many-orders" role="region" aria-label=${t('orders.many', { n: chosen.size })}><b>${t('orders.many', { n: chosen.size })}</b>
    <div class="chips">${DEEDS.map((each) => html`<button type="button" key=${each} class="small" data-many=${each} aria-pressed=${each === action} disabled=${chosen.size === 0} onClick=${() => pick(each)}>${t(`orders.do.${each}`)}</button>`)}</div>
    <button type="button" class="quiet small push-end" onClick=${() => { setTold(null); clear(); }}>${t('orders.many.clear')}</button>
    ${action && html`<form key=${action} class="inline-form" onSubmit=${submit}><${Asked} action=${action} maintainers=${maintainers} /><label class="note-field">${t('crew.note')}<input name="note" maxlength="2000" /></label>
      <button type="submit" class="primary" disabled=${busy}>${t('orders.many.do', { deed: t(`orders.do.${action}`), n: Math.min(chosen.size, AT_ONCE) })}</button></form>`}
    ${told && html`<p role="status" class="many-told">${t('orders.many.done', { n: told.done })}${refused.length > 0 && html` <span class="is-wrong">${t('orders.many.refused', { n: refused.length })}</span>`}</p>
      ${refused.length > 0 && html`<ul class="many-refused">${refused.map((one) => html`<li key=${one.id}><b>${told.names.get(one.id) ?? one.id}</b> ${said(one.message, one.code)}</li>`)}</ul>`}`}<${Problem} of=${problem} /></div>`;
}
