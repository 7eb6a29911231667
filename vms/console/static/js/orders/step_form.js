// The steps that this person may take now with an order: one button each, and what has to be said with it.
import { post } from '../api.js';
import { Problem, useDeed } from '../deed.js';
import { html, useState } from '../html.js';
import { language, t } from '../i18n.js';
import { useResource } from '../resource.js';

/** Steps that move the work on. */
const MAIN = ['assign', 'accept', 'arrive', 'repair', 'verify', 'close', 'resume'];
/** What cannot be understood later without a word about it. */
const NOTED = ['send_back', 'false_alarm', 'note'];
const MOMENTS = { suspend: ['until'], deadlines: ['respond_by', 'repair_by'] };
const MOST_PARTS = 50;

const two = (n) => String(n).padStart(2, '0');
/** As an input of local time takes it. */
export function local(at) {
  if (!at) return '';
  const when = new Date(at);
  return `${when.getFullYear()}-${two(when.getMonth() + 1)}-${two(when.getDate())}T${two(when.getHours())}:${two(when.getMinutes())}`;
}

export function Firm({ maintainers, order }) {
  const [firm, setFirm] = useState('');
  const crews = maintainers.find((each) => String(each.id) === firm)?.crews ?? [];
  return html`<label>${t('orders.maintainer')}<select name="maintainer_id" required value=${firm} onChange=${(event) => setFirm(event.target.value)}>
      <option value=""></option>${maintainers.map((each) => html`<option key=${each.id} value=${each.id}>${each.name}${each.id === order.maintainer_id ? ' ●' : ''}</option>`)}</select></label>
    <label>${t('orders.crew')}<select name="crew"><option value="">${t('orders.any_crew')}</option>${crews.map((each) => html`<option key=${each} value=${each}>${each}</option>`)}</select></label>`;
}

export function Reason() {
  const words = useResource('maintenance/words');
  const place = language() === 'zh' ? 1 : 0;
  return html`<label>${t('orders.reason')}<select name="reason" required>${Object.entries(words.data?.suspension_reasons ?? {}).map(([code, names]) => html`<option key=${code} value=${code}>${names[place]}</option>`)}</select></label>`;
}

export function contentOf(form) {
  const content = {};
  const given = (name) => form.get(name)?.trim();
  if (given('maintainer_id')) content.maintainer_id = Number(given('maintainer_id'));
  for (const name of ['crew', 'reason']) if (given(name)) content[name] = given(name);
  for (const name of ['until', 'respond_by', 'repair_by']) if (given(name)) content[name] = new Date(given(name)).toISOString();
  if (form.get('remote')) content.remote = true;
  const parts = (given('parts') ?? '').split('\n').map((line) => line.trim()).filter(Boolean);
  if (parts.length) content.parts = parts.slice(0, MOST_PARTS).map((name) => ({ name: name.slice(0, 100) }));
  return content;
}

export function StepForm({ found, maintainers, onDone }) {
  const { order, may } = found;
  const [action, setAction] = useState('');
  const { run, busy, problem, clear } = useDeed();
  const pick = (next) => { clear(); setAction(action === next ? '' : next); };
  async function submit(event) {
    event.preventDefault();
    const form = new FormData(event.target);
    const step = { action, note: form.get('note').trim(), version: order.version, content: contentOf(form) };
    const done = await run(() => post(`work-orders/${order.id}/steps`, step));
    if (done !== undefined) setAction('');
    onDone();
  }
  if (!may.length) return null;
  const chosen = may.includes(action) ? action : '';
  const next = found.order.maintainer_id === null ? 'assign' : may.find((each) => each !== 'assign' && MAIN.includes(each));
  return html`<section class="order-steps"><div class="chips">${may.map((each) => html`<button type="button" key=${each} data-action=${each} aria-pressed=${each === chosen}
      class="small ${each === next && !chosen ? 'primary' : ''} ${each === 'false_alarm' ? 'danger-quiet' : ''}" onClick=${() => pick(each)}>${t(`orders.do.${each}`)}</button>`)}</div>
    ${chosen && html`<form key=${chosen} class="form-lines facts" onSubmit=${submit}>
      ${['assign', 'transfer'].includes(chosen) && html`<${Firm} maintainers=${maintainers} order=${order} />`}
      ${chosen === 'suspend' && html`<${Reason} />`}
      ${(MOMENTS[chosen] ?? []).map((name) => html`<label key=${name}>${t(`orders.${name}`)}<input type="datetime-local" name=${name} required=${name === 'until'} defaultValue=${local(order[name])} /></label>`)}
      ${chosen === 'arrive' && html`<label class="inline"><input type="checkbox" name="remote" />${t('orders.remote')}</label>`}
      ${chosen === 'repair' && html`<label>${t('crew.parts')}<textarea name="parts" rows="2" placeholder=${t('crew.parts_hint')}></textarea></label>`}
      <label>${t('crew.note')}<textarea name="note" rows="2" maxlength="2000" required=${NOTED.includes(chosen)}></textarea></label>
      <div class="row-end"><button type="button" class="quiet" onClick=${() => pick(chosen)}>${t('action.cancel')}</button>
        <button type="submit" class="primary" disabled=${busy}>${t(`orders.do.${chosen}`)}</button></div></form>`}
    <${Problem} of=${problem} /></section>`;
}
