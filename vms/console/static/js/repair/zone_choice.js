// The choice of a time zone.
import { html } from '../html.js';

const ZONES = typeof Intl.supportedValuesOf === 'function' ? Intl.supportedValuesOf('timeZone') : ['Asia/Shanghai'];

export function ZoneChoice({ value, onChange }) {
  return html`<select name="time_zone" value=${value} onChange=${(event) => onChange(event.target.value)}>${[...new Set([value, ...ZONES])].map((each) => html`<option key=${each} value=${each}>${each}</option>`)}</select>`;
}
