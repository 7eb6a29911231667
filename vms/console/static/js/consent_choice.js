// The owner's four choices in plain words.
import { html } from './html.js';
import { t } from './i18n.js';

const MODES = ['never', 'on_request', 'near_incident', 'always'];
const RADII_M = [50, 100, 150, 300, 500];

export const consentSentence = (mode, radius_m) => t(`consent.${mode}.sentence`, { m: Math.round(radius_m) });

export function ConsentChoice({ mode, radius_m, onChange }) {
  return html`<div class="choice is-tall" role="radiogroup" aria-label=${t('register.consent')}>
    ${MODES.map((each) => html`<label key=${each} class=${mode === each ? 'is-chosen' : ''}>
      <input type="radio" name="mode" value=${each} checked=${mode === each} onChange=${() => onChange({ mode: each })} />
      <b>${t(`consent.${each}`)}</b><small>${t(`consent.${each}.hint`)}</small></label>`)}</div>
    ${mode === 'near_incident' && html`<label>${t('consent.radius')}
      <select name="radius_m" value=${radius_m} onChange=${(event) => onChange({ radius_m: Number(event.target.value) })}>
      ${[...new Set([...RADII_M, Number(radius_m)])].sort((a, b) => a - b).map((m) => html`<option key=${m} value=${m} selected=${m === Number(radius_m)}>
        ${m} m</option>`)}</select></label>`}`;
}
