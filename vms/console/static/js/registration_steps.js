// The five steps, a picture each: who, where, which way, how to reach it, who may see what and when.
import { html, useState } from './html.js';
import { t } from './i18n.js';
import { ConsentChoice, consentSentence } from './consent_choice.js';
import { PlacePicker } from './place_picker.js';

const art = (path, soft) => html`<div class="step-art"><svg viewBox="0 0 120 80" aria-hidden="true">
  ${soft && html`<path d=${soft} class="art-soft" />`}<path d=${path} class="art-line" /></svg></div>`;

function Who({ answers, set }) {
  return html`${art('M35 68V34l25-18 25 18v34zM52 68V50h16v18', 'M35 68V34l25-18 25 18v34z')}
    <h2>${t('register.who.title')}</h2>
    <div class="choice" role="radiogroup" aria-label=${t('register.who')}>
      ${['unit', 'household'].map((tier) => html`<label key=${tier} class=${answers.tier === tier ? 'is-chosen' : ''}>
      <input type="radio" name="tier" value=${tier} checked=${answers.tier === tier} onChange=${() => set({ tier })} /><b>
        ${t(`tier.${tier}`)}</b><small>${t(`register.who.${tier}`)}</small></label>`)}</div>
    <label>${t('register.owner_name')}<input name="owner_name" required maxlength="120" autocomplete="organization"
      value=${answers.owner_name} onInput=${(e) => set({ owner_name: e.target.value })} /></label>
    <label>${t('register.contact')}<input name="contact" required minlength="3" maxlength="120" autocomplete="tel" value=${answers.contact}
      onInput=${(e) => set({ contact: e.target.value })} />
      <small>${t('register.contact.hint')}</small></label>`;
}

function Place({ answers, set }) {
  const [problem, setProblem] = useState('');
  function here() {
    navigator.geolocation?.getCurrentPosition(
      ({ coords }) => set({ lon: Number(coords.longitude.toFixed(6)), lat: Number(coords.latitude.toFixed(6)) }),
      () => setProblem(t('register.place.no_position')), { enableHighAccuracy: true, timeout: 10000 },
    );
  }
  const number = (name) => html`<label>${t(`register.${name}`)}
    <input name=${name} required inputmode="decimal" pattern="-?[0-9]+(\\.[0-9]+)?" value=${answers[name] ?? ''}
      onInput=${(e) => set({ [name]: e.target.value })} /></label>`;
  return html`<h2>${t('register.place.title')}</h2>
    <label>${t('register.camera_name')}<input name="camera_name" required maxlength="120" value=${answers.camera_name}
      onInput=${(e) => set({ camera_name: e.target.value })} />
      <small>${t('register.camera_name.hint')}</small></label>
    <label>${t('register.install_address')}<input name="install_address" maxlength="200" autocomplete="street-address"
      value=${answers.install_address} onInput=${(e) => set({ install_address: e.target.value })} /></label>
    <${PlacePicker} lon=${answers.lon} lat=${answers.lat} bearing=${answers.bearing_deg} onPlace=${(place) => set(place)} />
    <div class="row">${number('lon')}${number('lat')}
      ${window.isSecureContext && navigator.geolocation && html`<button type="button" onClick=${here}>${t('register.here')}</button>`}</div>
    ${problem && html`<p class="problem" role="alert">${problem}</p>`}`;
}

const POINTS = [0, 45, 90, 135, 180, 225, 270, 315];

function Direction({ answers, set }) {
  const half = answers.h_fov_deg / 2;
  const at = (deg, r) => `${60 + r * Math.sin((deg * Math.PI) / 180)} ${60 - r * Math.cos((deg * Math.PI) / 180)}`;
  const b = answers.bearing_deg;
  const wedge = `M60 60 L${at(b - half, 44)} A44 44 0 ${answers.h_fov_deg > 180 ? 1 : 0} 1 ${at(b + half, 44)} Z`;
  return html`<h2>${t('register.direction.title')}</h2>
    <div class="compass"><svg viewBox="0 0 120 120" aria-hidden="true"><circle cx="60" cy="60" r="50" class="art-ring" />
      <path d=${wedge} class="art-soft" /><path d=${`M60 60L${at(b, 44)}`} class="art-line" />
      <circle cx="60" cy="60" r="5" class="art-dot" /></svg>
      ${POINTS.map((deg) => html`<button type="button" key=${deg} class="compass-point"
        style=${`--x:${Math.sin((deg * Math.PI) / 180)};--y:${-Math.cos((deg * Math.PI) / 180)}`} aria-pressed=${Math.round(b) === deg}
        onClick=${() => set({ bearing_deg: deg })}>
        ${t(`compass.${deg}`)}</button>`)}</div>
    <label>${t('register.bearing', { deg: Math.round(b) })}
      <input name="bearing_deg" type="range" min="0" max="359" step="1" value=${b} onInput=${(e) => set({ bearing_deg: Number(e.target.value) })} /></label>
    <label>${t('register.fov', { deg: answers.h_fov_deg })}
      <input name="h_fov_deg" type="range" min="30" max="180" step="5" value=${answers.h_fov_deg}
        onInput=${(e) => set({ h_fov_deg: Number(e.target.value) })} /></label>
    <label>${t('register.height', { m: answers.mount_height_m })}
      <input name="mount_height_m" type="range" min="1" max="20" step="0.5" value=${answers.mount_height_m}
        onInput=${(e) => set({ mount_height_m: Number(e.target.value) })} /></label>`;
}

function Connect({ answers, set }) {
  return html`${art('M22 30h30v20H22zM52 36l12-8v24l-12-8M70 40h10M86 26a20 20 0 0 1 0 28M94 18a30 30 0 0 1 0 44', 'M22 30h30v20H22z')}
    <h2>${t('register.connect.title')}</h2><p class="faint">${t('register.connect.hint')}</p>
    <div class="row"><label class="grow">${t('register.address')}
      <input name="address" required minlength="2" maxlength="45" pattern="[0-9A-Fa-f:.]+" inputmode="decimal" placeholder="192.168.1.64"
        value=${answers.address} onInput=${(e) => set({ address: e.target.value })} /></label>
      <label class="short">${t('register.port')}
        <input name="port" type="number" required min="1" max="65535" value=${answers.port} onInput=${(e) => set({ port: Number(e.target.value) })} />
        </label></div>
    <label>${t('register.username')}<input name="username" maxlength="80" autocomplete="off" value=${answers.username}
      onInput=${(e) => set({ username: e.target.value })} /></label>
    <label>${t('register.password')}<input name="password" type="password" maxlength="200" autocomplete="off" value=${answers.password}
      onInput=${(e) => set({ password: e.target.value })} />
      <small>${t('register.password.hint')}</small></label>`;
}

function Consent({ answers, set }) {
  return html`<h2>${t('register.consent.title')}</h2>
    <${ConsentChoice} mode=${answers.mode} radius_m=${answers.radius_m} onChange=${set} />
    <p class="sentence">${consentSentence(answers.mode, answers.radius_m)}</p>`;
}

export const STEPS = [
  { name: 'who', Step: Who }, { name: 'place', Step: Place }, { name: 'direction', Step: Direction }, { name: 'connect', Step: Connect },
    { name: 'consent', Step: Consent },
];
