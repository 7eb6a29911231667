// A share as a ring: how complete a record is.
import { html } from './html.js';
import { percent } from './parts.js';

const R = 15.9155;

export function Ring({ share, label, tone }) {
  const known = share !== null && share !== undefined;
  return html`<figure class="ring ${tone ?? (known && share < 0.999 ? 'is-part' : 'is-full')}"><svg viewBox="0 0 40 40" role="img" aria-label=${`${label} ${percent(share)}`}>
    <circle cx="20" cy="20" r=${R} class="ring-ground" />${known && html`<circle cx="20" cy="20" r=${R} class="ring-share"
      stroke-dasharray=${`${share * 100} 100`} transform="rotate(-90 20 20)" />`}</svg>
    <figcaption><b>${percent(share)}</b><span>${label}</span></figcaption></figure>`;
}
