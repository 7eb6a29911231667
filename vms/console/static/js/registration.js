// Registering a camera, phone first: five short steps, then the key that lets the owner come back.
import { html, useState } from './html.js';
import { post } from './api.js';
import { Problem } from './deed.js';
import { t } from './i18n.js';
import { LanguageSwitch } from './language_switch.js';
import { link } from './router.js';
import { STEPS } from './registration_steps.js';

const START = {
  owner_name: '', tier: 'unit', contact: '', camera_name: '', install_address: '', lon: null, lat: null, bearing_deg: 0, h_fov_deg: 90, mount_height_m: 3,
  address: '', port: 80, username: '', password: '', mode: 'near_incident', radius_m: 150,
};

function asked(answers) {
  const { mode, radius_m, lon, lat, ...rest } = answers;
  return { ...rest, lon: Number(lon), lat: Number(lat), coordinate_system: 'wgs84', consent: { mode, radius_m: Number(radius_m) } };
}

function Done({ opened }) {
  const [copied, setCopied] = useState(false);
  async function copy() {
    await navigator.clipboard?.writeText(`${opened.id} ${opened.access_key}`);
    setCopied(true);
  }
  return html`<section class="card done"><div class="step-art"><svg viewBox="0 0 120 80" aria-hidden="true">
    <circle cx="60" cy="40" r="30" class="art-soft" /><path d="M46 41l10 10 20-22" class="art-line" /></svg></div>
    <h2>${t('register.done')}</h2><p>${t('register.done.next')}</p>
    <dl class="key-card"><div><dt>${t('owner.number')}</dt><dd data-registration=${opened.id}>${opened.id}</dd></div><div><dt>
      ${t('owner.key')}</dt><dd class="key" data-access-key=${opened.access_key}>${opened.access_key}</dd></div></dl>
    <p class="note">${t('register.key_once')}</p>
    <div class="step-buttons"><button type="button" onClick=${copy}>${t(copied ? 'action.copied' : 'action.copy')}</button>
      <a class="button primary" href=${link('owner', { id: opened.id })}>${t('register.to_owner')}</a></div></section>`;
}

export function PublicFrame({ title, children }) {
  return html`<div class="public"><header class="public-top"><a class="brand" href="#/">
    <img src="icon.svg" alt="" width="28" height="28" /> ${t('app.title')}</a><${LanguageSwitch} /></header>
    <main><h1>${title}</h1>${children}</main></div>`;
}

export function Registration() {
  const [answers, setAnswers] = useState(START);
  const [step, setStep] = useState(0);
  const [problem, setProblem] = useState(null);
  const [busy, setBusy] = useState(false);
  const [opened, setOpened] = useState(null);
  const set = (changes) => setAnswers((before) => ({ ...before, ...changes }));
  if (opened) return html`<${PublicFrame} title=${t('register.title')}><${Done} opened=${opened} /><//>`;
  const { name, Step } = STEPS[step];
  const last = step === STEPS.length - 1;

  async function forward(event) {
    event.preventDefault();
    setProblem(null);
    if (name === 'place' && (answers.lon === null || answers.lat === null || answers.lon === '' || answers.lat === '')) {
      setProblem({ message: t('register.place.missing') });
      return;
    }
    if (!last) {
      setStep(step + 1);
      window.scrollTo(0, 0);
      return;
    }
    setBusy(true);
    try {
      setOpened(await post('registrations', asked(answers)));
    } catch (error) {
      setProblem({ message: error.message });
      setBusy(false);
    }
  }

  return html`<${PublicFrame} title=${t('register.title')}>
    <ol class="steps" aria-label=${t('register.steps')}>
      ${STEPS.map((each, n) => html`<li key=${each.name} class=${n === step ? 'is-now' : n < step ? 'is-past' : ''}
        aria-current=${n === step ? 'step' : undefined}>
      <span>${n + 1}</span><b>${t(`register.${each.name}`)}</b></li>`)}</ol>
    <form class="card" onSubmit=${forward} key=${name}>
      <${Step} answers=${answers} set=${set} />
      <${Problem} of=${problem} />
      <div class="step-buttons">${step > 0 && html`<button type="button" onClick=${() => setStep(step - 1)}>${t('action.back')}</button>`}
        <button type="submit" class="primary" disabled=${busy}>${last ? t(busy ? 'state.sending' : 'register.send') : t('action.next')}
          </button></div>
    </form>
    <p class="faint center">${t('register.free')} · <a href=${link('owner')}>${t('owner.link')}</a></p><//>`;
}
