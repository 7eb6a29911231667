// The owner's page: who may see what and when, in one sentence; pause, leave, change; requests; the list of looks.
import { html, useEffect, useState } from './html.js';
import { get, post } from './api.js';
import { ConsentChoice } from './consent_choice.js';
import { sentence, t } from './i18n.js';
import { Empty, Failed, Loading } from './parts.js';
import { PublicFrame } from './registration.js';
import { At, duration, serverNow } from './time.js';

const KEPT = 'vms.owner';
const PAUSES_H = [1, 8, 24, 168];

function Door({ id, onOpen, problem }) {
  function submit(event) {
    event.preventDefault();
    const form = new FormData(event.target);
    onOpen({ id: Number(form.get('id')), key: String(form.get('key')).trim() });
  }
  return html`<form class="card" onSubmit=${submit}><p>${t('owner.door')}</p>
    <label>${t('owner.number')}<input name="id" required inputmode="numeric" pattern="[0-9]+" defaultValue=${id ?? ''} /></label>
    <label>${t('owner.key')}<input name="key" required autocomplete="off" maxlength="200" /></label>
    ${problem && html`<p class="problem" role="alert">${problem}</p>`}
    <div class="step-buttons"><button type="submit" class="primary">${t('owner.open')}</button></div></form>`;
}

function Requests({ ask, id, onChange }) {
  const [list, setList] = useState(null);
  const [problem, setProblem] = useState('');
  const load = () => ask(get, `registrations/${id}/access-requests`).then(setList, (error) => setProblem(error.message));
  useEffect(() => { load(); }, [id]);
  async function decide(request, grant) {
    try {
      await ask(post, `registrations/${id}/access-requests/${request.id}/decision`, { grant, minutes: 60 });
      load();
      onChange();
    } catch (error) {
      setProblem(error.message);
    }
  }
  const open = (list?.items ?? []).filter((each) => each.state === 'open');
  if (problem) return html`<p class="problem" role="alert">${problem}</p>`;
  if (open.length === 0) return null;
  return html`<section class="card"><h2>${t('owner.requests')}</h2><ul class="requests">${open.map((each) => html`<li key=${each.id}><p><b>
    ${each.who}</b> · <${At} at=${each.asked_at} /><br />${each.purpose} ${each.incident_no ?? ''}</p>
    <div class="step-buttons"><button type="button" onClick=${() => decide(each, false)}>${t('owner.say_no')}</button>
      <button type="button" class="primary" onClick=${() => decide(each, true)}>${t('owner.say_yes')}</button></div></li>`)}</ul>
      </section>`;
}

function Looks({ looks }) {
  return html`<section class="card statement"><h2>${t('owner.looks')}</h2>
    ${looks.items.length === 0 ? html`<${Empty} title=${t('looks.nobody')} next=${t('owner.looks.none')} />` : html`<ul>
      ${looks.items.map((look) => html`<li key=${look.id} class=${look.allowed ? '' : 'is-refused'}>
      <span><${At} at=${look.at} /><small>${look.who}</small></span><span>${t(`look.${look.kind}`)}<small>
        ${look.incident_no ?? look.purpose}</small></span>
      <b>${look.allowed ? (look.ended_at ? duration((Date.parse(look.ended_at) - Date.parse(look.at)) / 1000) : t('looks.allowed')) : t('looks.refused')}
        </b></li>`)}</ul>`}
    <p class="faint">${t(looks.chain_ok ? 'looks.chain_ok' : 'looks.chain_broken')}</p></section>`;
}

function Consent({ mine, change }) {
  const now = mine.consent ?? mine.asked_consent;
  const [edited, setEdited] = useState(null);
  const [leaving, setLeaving] = useState(false);
  const paused = mine.consent?.paused_until && Date.parse(mine.consent.paused_until) > serverNow();
  const choice = edited ?? { mode: now.mode, radius_m: now.radius_m };
  const [pauseH, setPauseH] = useState(8);
  return html`<section class="card"><h2>${t('owner.choice')}</h2>
    <${ConsentChoice} ...${choice} onChange=${(changes) => setEdited({ ...choice, ...changes })} />
    ${edited && html`<div class="step-buttons"><button type="button" onClick=${() => setEdited(null)}>${t('action.cancel')}</button>
      <button type="button" class="primary" onClick=${async () => { await change({ mode: choice.mode, radius_m: Number(choice.radius_m) }); setEdited(null); }}>
      ${t('owner.save')}</button></div>`}</section>
    <section class="card two-buttons">${paused
    ? html`<p>${t('owner.paused_until')} <${At} at=${mine.consent.paused_until} /></p>
      <button type="button" class="primary" onClick=${() => change({ paused_until: null })}>${t('owner.resume')}</button>`
    : html`<label>${t('owner.pause_for')}<select value=${pauseH} onChange=${(event) => setPauseH(Number(event.target.value))}>
      ${PAUSES_H.map((h) => html`<option key=${h} value=${h} selected=${h === pauseH}>${duration(h * 3600)}</option>`)}</select></label>
        <button type="button" onClick=${() => change({ paused_until: new Date(serverNow() + pauseH * 3600_000).toISOString() })}>
          ${t('owner.pause')}</button>`}
      ${leaving ? html`<div class="leave"><p><b>${t('owner.leave.sure')}</b></p><div class="step-buttons">
        <button type="button" onClick=${() => setLeaving(false)}>${t('action.cancel')}</button>
        <button type="button" class="danger" data-deed="withdraw" onClick=${() => change({ withdraw: true })}>${t('owner.leave.yes')}
        </button></div></div>`
    : html`<button type="button" class="danger-quiet" data-deed="leave" onClick=${() => setLeaving(true)}>${t('owner.leave')}</button>`}
      </section>`;
}

export function Owner({ query }) {
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? 'null');
  const [who, setWho] = useState(kept && (!query.id || kept.id === Number(query.id)) ? kept : null);
  const [mine, setMine] = useState(null);
  const [looks, setLooks] = useState(null);
  const [problem, setProblem] = useState(null);
  /** Every question of this page carries the owner's key. */
  const ask = (how, path, given = {}) => how(path, given, { headers: { 'X-Access-Key': who.key }, quiet401: true });

  async function load() {
    if (!who) return;
    try {
      setMine(await ask(get, `registrations/${who.id}/mine`));
      setLooks(await ask(get, `registrations/${who.id}/looks`, { limit: 100 }));
      sessionStorage.setItem(KEPT, JSON.stringify(who));
      setProblem(null);
    } catch (error) {
      setProblem(error);
      if ([401, 403, 404].includes(error.status)) setWho(null);
    }
  }
  useEffect(() => {
    load();
    const timer = setInterval(load, 15_000);
    return () => clearInterval(timer);
  }, [who]);

  async function change(changes) {
    try {
      setMine(await ask(post, `registrations/${who.id}/consent`, changes));
      setProblem(null);
    } catch (error) {
      setProblem(error);
    }
  }
  function leave() {
    sessionStorage.removeItem(KEPT);
    setWho(null);
    setMine(null);
  }

  let inside;
  if (!who) inside = html`<${Door} id=${query.id} onOpen=${setWho} problem=${problem?.message} />`;
  else if (!mine) inside = problem ? html`<${Failed} error=${problem} again=${load} />` : html`<${Loading} />`;
  else {
    const active = mine.status === 'approved' && !mine.consent?.withdrawn_at;
    inside = html`<section class="card owner-now" data-status=${mine.status}><h2>${mine.camera_name}</h2><p class="faint">
      ${mine.owner_name} · ${t(`registration.${mine.status}`)}${mine.reason && html` — ${mine.reason}`}</p>
        <p class="sentence">${sentence(mine, 'sentence')}</p>${problem && html`<p class="problem" role="alert">${problem.message}</p>`}
          </section>
      ${active && html`<${Requests} ask=${ask} id=${who.id} onChange=${load} /><${Consent} mine=${mine} change=${change} />`}
      ${looks && html`<${Looks} looks=${looks} />`}
      <p class="center"><button type="button" class="quiet" onClick=${leave}>${t('owner.close')}</button></p>`;
  }
  return html`<${PublicFrame} title=${t('owner.title')}>${inside}<//>`;
}
