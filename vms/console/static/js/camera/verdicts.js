// What is found in the picture and what staff say of it: true, no fault, or so and to stay so; what follows from their words.
import { post, remove } from '../api.js';
import { Problem, useDeed } from '../deed.js';
import { html, useState } from '../html.js';
import { t } from '../i18n.js';
import { mayAccept } from '../maintenance/verdicts.js';
import { becauseWords, faultName, severityName, whoName } from '../parts.js';
import { link } from '../router.js';
import { Age, dateTime } from '../time.js';

const NEEDS_WHY = 'accepted';
/** No threshold goes beyond it. */
const CLEAR = 0.95;

function Score({ score, limit }) {
  if (score === null || score === undefined) return null;
  return html`<span class="finding-score" title=${t('verdict.score.hint')}><meter min="0" max="1" low=${limit} high="0.8" optimum="0" value=${score}></meter>
    ${t('verdict.score', { score: score.toFixed(2), limit: limit.toFixed(2) })}</span>`;
}

/** What follows from that word. A finding beyond any threshold rests, longer each time. */
function then(fault, verdict) {
  if (verdict === NEEDS_WHY && fault.kind === 'scene_change') return t('verdict.accepted.scene');
  if (verdict === 'false' && fault.score >= CLEAR) return t('verdict.false.clear');
  return t(`verdict.${verdict}.then`);
}

function Ask({ fault, verdict, busy, onSay, onLeave }) {
  const [note, setNote] = useState('');
  const send = (event) => { event.preventDefault(); onSay(verdict, note); };
  const pressed = (event) => { if (event.key === 'Escape') { event.stopPropagation(); onLeave(); } };
  return html`<form class="verdict-why" onSubmit=${send} onKeyDown=${pressed}><label>${t(`verdict.${verdict}.why`)}
      <input name="note" maxlength="2000" required=${verdict === NEEDS_WHY} value=${note} onInput=${(event) => setNote(event.target.value)} ref=${(field) => field && !note && field.focus()} /></label>
    <p class="faint">${then(fault, verdict)}</p>
    <p><button type="submit" class="primary" disabled=${busy}>${t(`verdict.${verdict}`)}</button> <button type="button" onClick=${onLeave}>${t('action.cancel')}</button></p></form>`;
}

function Found({ fault, limit, said, maySay, onDone }) {
  const { run, busy, problem } = useDeed();
  const [asking, setAsking] = useState(null);
  const say = async (verdict, note = '') => {
    if (await run(() => post(`faults/${fault.id}/verdict`, { verdict, note })) !== undefined) { setAsking(null); onDone(); }
  };
  return html`<li data-fault=${fault.id} data-kind=${fault.kind}><p><span class="severity severity-${fault.severity}">${severityName(fault.severity)}</span> <b>${faultName(fault.kind)}</b>
      <${Score} score=${fault.score} limit=${limit} /> <small class="faint"><${Age} at=${fault.opened_at} /></small></p>
    <p>${becauseWords(fault.because)}${fault.outage_id && html` · <a href=${link(`outages/${fault.outage_id}`)}>${t('verdict.with_others')}</a>`}</p>
    ${said && html`<p class="faint">${t('verdict.said', { who: whoName(said.who), word: t(`verdict.${said.verdict}`) })}</p>`}
    ${maySay.length > 0 && !asking && html`<p class="verdict-words" role="group" aria-label=${t('verdict.what')}>${maySay.map((verdict) => html`<button type="button" key=${verdict} data-verdict=${verdict} disabled=${busy}
      aria-pressed=${said?.verdict === verdict} onClick=${() => (verdict === 'true' ? say(verdict) : setAsking(verdict))}>${t(`verdict.${verdict}`)}</button>`)}</p>`}
    ${asking && html`<${Ask} fault=${fault} verdict=${asking} busy=${busy} onSay=${say} onLeave=${() => setAsking(null)} />`}<${Problem} of=${problem} /></li>`;
}

function Threshold({ cameraId, one, keeper, onDone }) {
  const { run, busy, problem } = useDeed();
  const again = async () => { if (await run(() => remove(`cameras/${cameraId}/accepted/${one.kind}`)) !== undefined) onDone(); };
  return html`<li data-kind=${one.kind}><b>${faultName(one.kind)}</b> ${one.accepted_at ? html`<span>${t('verdict.is_accepted', { who: whoName(one.accepted_by), at: dateTime(one.accepted_at) })}</span>
      ${keeper && html` <button type="button" class="small" disabled=${busy} onClick=${again}>${t('verdict.report_again')}</button>`}`
    : new Date(one.rests_until ?? 0) > new Date() ? html`<span>${t('verdict.rests', { at: dateTime(one.rests_until) })}</span>
      ${keeper && html` <button type="button" class="small" disabled=${busy} onClick=${again}>${t('verdict.report_at_once')}</button>`}`
    : html`<span>${t('verdict.threshold', { score: one.score.toFixed(2), usual: one.usual.toFixed(2) })}</span>`}<${Problem} of=${problem} /></li>`;
}

function Witness({ witness }) {
  if (!witness) return html`<p class="faint">${t('witness.not_asked')}</p>`;
  const words = witness.because ? becauseWords(witness.because) : witness.says.length ? witness.says.map(faultName).join(t('word.comma')) : witness.offers.length ? t('witness.sees_nothing') : t('witness.offers_none');
  return html`<p>${words} <small class="faint"><${Age} at=${witness.asked_at} /></small></p>${witness.offers.length > 0 && html`<p class="faint">${t('witness.offers', { kinds: witness.offers.map(faultName).join(t('word.comma')) })}</p>`}`;
}

/** `looked`: false where nobody may look at its pictures, and so nobody can tell. */
export function Verdicts({ camera, verdicts, keeper, looked = true, onDone }) {
  const open = camera.faults.filter((fault) => !fault.closed_at && fault.layer === 'picture').sort((one, other) => (other.score ?? 0) - (one.score ?? 0));
  const limits = Object.fromEntries(verdicts.thresholds.map((one) => [one.kind, one.score]));
  const saidOf = (fault) => verdicts.items.find((one) => one.fault_id === fault.id && !one.withdrawn_at);
  return html`<div class="verdicts"><section class="facts"><h3>${t('verdict.found')}</h3>
      ${open.length === 0 ? html`<p class="faint">${t(looked ? 'verdict.nothing_found' : 'verdict.not_diagnosed')}</p>` : html`<ul class="found-list">${open.map((fault) => html`<${Found} key=${fault.id} fault=${fault} limit=${limits[fault.kind] ?? 0.5}
        said=${saidOf(fault)} maySay=${verdicts.may_say.filter((word) => word !== NEEDS_WHY || mayAccept(fault))} onDone=${onDone} />`)}</ul>`}</section>
    <section class="facts"><h3>${t('verdict.thresholds')}</h3>${verdicts.thresholds.length === 0 ? html`<p class="faint">${t('verdict.usual_thresholds')}</p>`
      : html`<ul class="threshold-list">${verdicts.thresholds.map((one) => html`<${Threshold} key=${one.kind} cameraId=${verdicts.camera_id} one=${one} keeper=${keeper} onDone=${onDone} />`)}</ul>`}
      <h3>${t('witness.title')}</h3><${Witness} witness=${verdicts.witness} /></section>
    <section class="facts"><h3>${t('verdict.history')}</h3>${verdicts.items.length === 0 ? html`<p class="faint">${t('verdict.no_history')}</p>` : html`<ul class="said-list">${verdicts.items.map((one) => html`<li key=${one.id} class=${one.withdrawn_at ? 'is-withdrawn' : ''}>
        <b>${faultName(one.kind)}</b> ${t(`verdict.${one.verdict}`)}${one.note && html` <q>${one.note}</q>`}<small class="faint"> ${whoName(one.who)} · <${Age} at=${one.at} />${one.withdrawn_at && html` · ${t('verdict.withdrawn', { who: whoName(one.withdrawn_by) })}`}</small></li>`)}</ul>`}
      <p><a href=${link('diagnosis')}>${t('diagnosis.how_good')}</a></p></section></div>`;
}
