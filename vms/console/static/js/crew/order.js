// One order: cause, place, picture, the next step as a large button, photographs, parts.
import { html, useState } from '../html.js';
import { sentence, t } from '../i18n.js';
import { said } from '../said.js';
import { stepNote, whoName } from '../parts.js';
import { Still } from '../still.js';
import { shortDateTime } from '../time.js';
import { nextSteps, stateAhead } from './ahead.js';
import { Deadline } from './list.js';
import { addPhotograph, addStep, takeOut } from './outbox.js';
import { shrink } from './shrink.js';

function Place({ place }) {
  if (!place) return null;
  const words = [place.install_address, place.common_name, place.pole_code && t('crew.pole', { code: place.pole_code })].filter(Boolean);
  const spot = place.lat === null ? '' : `geo:${place.lat.toFixed(6)},${place.lon.toFixed(6)}?q=${place.lat.toFixed(6)},${place.lon.toFixed(6)}`;
  return html`<section><h2>${t('crew.place')}</h2><p>${words.join(' · ') || t('crew.no_address')}</p>
    ${spot && html`<a class="big" href=${spot}>${t('crew.map')}</a>`}</section>`;
}

function Photographs({ found, user }) {
  const [problem, setProblem] = useState('');
  const orderId = found.order.id;
  async function take(moment, event) {
    const [file] = event.target.files;
    event.target.value = '';
    if (!file) return;
    try {
      await addPhotograph(user, orderId, moment, await shrink(file));
      setProblem('');
    } catch {
      setProblem(t('crew.no_picture'));
    }
  }
  return html`<section><h2>${t('crew.photographs')}</h2>
    <div class="pictures">${found.photographs.map((one) => html`<figure key=${one.id}>
      <img loading="lazy" alt=${t(`crew.${one.moment}`)} src=${`/api/v1/work-orders/${orderId}/photographs/${one.id}?small=true`} />
      <figcaption>${t(`crew.${one.moment}`)}</figcaption></figure>`)}</div>
    <div class="two">${['before', 'after'].map((moment) => html`<label key=${moment} class="big">${t(`crew.take_${moment}`)}
      <input type="file" accept="image/*" capture="environment" onChange=${(event) => take(moment, event)} /></label>`)}</div>
    ${problem && html`<p class="problem" role="alert">${problem}</p>`}</section>`;
}

function Repair({ user, orderId, done }) {
  async function submit(event) {
    event.preventDefault();
    const form = new FormData(event.target);
    const parts = form.get('parts').split('\n').map((line) => line.trim()).filter(Boolean).slice(0, 50).map((name) => ({ name: name.slice(0, 100) }));
    await addStep(user, orderId, 'repair', { note: form.get('note').slice(0, 2000), content: { parts } });
    done();
  }
  return html`<form onSubmit=${submit}>
    <label>${t('crew.parts')}<textarea name="parts" rows="2" placeholder=${t('crew.parts_hint')}></textarea></label>
    <label>${t('crew.note')}<textarea name="note" rows="2" maxlength="2000"></textarea></label>
    <button type="submit" class="big primary">${t('order.action.repair')}</button></form>`;
}

function Waiting({ items }) {
  if (!items.length) return null;
  return html`<section class="waiting"><h2>${t('crew.waiting')}</h2><ul>${items.map((item) => html`<li key=${item.number}>
    <span>${shortDateTime(item.at)} ${item.kind === 'step' ? t(`order.action.${item.action}`) : t(`crew.${item.moment}`)}</span>
    ${item.refused && html`<span class="problem">${t('crew.refused', { why: item.refused })}</span>
      <button type="button" onClick=${() => takeOut(item)}>${t('crew.take_out')}</button>`}</li>`)}</ul></section>`;
}

export function OrderScreen({ found, user, items }) {
  const { order } = found;
  const mine = items.filter((item) => item.orderId === order.id);
  const state = stateAhead(order, mine);
  const [noted, setNoted] = useState(0);
  async function note(event) {
    event.preventDefault();
    const text = new FormData(event.target).get('note').trim();
    if (text) await addStep(user, order.id, 'note', { note: text.slice(0, 2000) });
    setNoted((n) => n + 1);
  }
  return html`<main class="one">
    <a class="back" href="#">${t('crew.back')}</a>
    <h1>${order.name}</h1>
    <p><span class=${`tag ${order.severity}`}>${t(`severity.${order.severity}`)}</span> <span class="stage">${t(`order.state.${state}`)}</span>
      <span class="faint"> ${order.number}</span></p>
    <p class="cause">${said(sentence(order, 'cause'))}${order.cameras > 1 ? ` · ${t('crew.cameras', { n: order.cameras })}` : ''}</p>
    ${order.outcome === 'healed' && html`<p class="note">${t('crew.healed')}</p>`}
    <${Deadline} order=${order} />
    ${nextSteps(state).map((action, n) => (action === 'repair'
    ? html`<${Repair} key=${action} user=${user} orderId=${order.id} done=${() => setNoted((n) => n + 1)} />`
    : html`<button key=${action} type="button" class=${n === 0 ? 'big primary' : 'big'} onClick=${() => addStep(user, order.id, action)}>${t(`order.action.${action}`)}</button>`))}
    ${found.faults?.some((fault) => fault.waits_for_day) && html`<p class="note" data-waits="day">${t('fault.waits_for_day')}</p>`}
    <${Waiting} items=${mine} />
    <${Place} place=${found.place} />
    ${order.camera_id && navigator.onLine && html`<section><h2>${t('crew.picture')}</h2><${Still} cameraId=${order.camera_id} at=${order.detected_at} name=${order.name} big=${true} /></section>`}
    <${Photographs} found=${found} user=${user} />
    <form key=${noted} onSubmit=${note}><label>${t('crew.note')}<textarea name="note" rows="2" maxlength="2000"></textarea></label>
      <button type="submit" class="big">${t('crew.send_note')}</button></form>
    <section><h2>${t('crew.steps')}</h2><ol class="steps">${found.steps.map((one) => html`<li key=${one.id}>
      <span class="faint">${shortDateTime(one.at)}</span> ${t(`order.action.${one.action}`)} <span class="faint">${one.who === 'program' ? t('crew.program') : whoName(one.who)}</span>
      ${one.note && html`<p>${stepNote(one)}</p>`}</li>`)}</ol></section>
  </main>`;
}
