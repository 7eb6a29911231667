// The numbers of a pose, to be read and typed.
import { html, useState } from '../html.js';
import { t } from '../i18n.js';

const FIELDS = [['bearing_deg', '°', 0, 359.9, 0.1], ['h_fov_deg', '°', 1, 360, 0.1], ['tilt_deg', '°', -90, 90, 0.1], ['mount_height_m', 'm', 0, 500, 0.1], ['max_view_m', 'm', 2, 500, 1]];

/** A number that is told with every key; what is being typed stays as it is. `onNumber(number, or null where it is empty)`. */
export function NumberField({ value, onNumber, ...more }) {
  const [draft, setDraft] = useState(null);
  function typed({ target }) {
    setDraft(target.value);
    if (target.value === '' ? !target.validity.badInput : (target.validity.valid || target.validity.stepMismatch)) onNumber(target.value === '' ? null : Number(target.value));
  }
  return html`<input type="number" ...${more} value=${draft ?? value ?? ''} onInput=${typed} onBlur=${() => setDraft(null)} />`;
}

/** `onValue(name, number or null)`. */
export function PoseValues({ pose, onValue }) {
  return html`<div class="pose-values">${FIELDS.map(([name, unit, least, most, step]) => html`<label key=${name}><span>${t(`field.${name}`)}</span>
    <span class="with-unit"><${NumberField} name=${name} min=${least} max=${most} step=${step} value=${pose[name]} onNumber=${(value) => onValue(name, value)} /> ${unit}</span></label>`)}</div>`;
}
