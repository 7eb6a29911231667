// Incidents, newest first: level as a coloured edge, a running clock, one line of place and category.
import { html } from './html.js';
import { t } from './i18n.js';
import { categoryName, incidentStatusName } from './parts.js';
import { Running } from './time.js';

export const placeOf = (incident) => incident.address_text || `${incident.lon.toFixed(5)}, ${incident.lat.toFixed(5)}`;

export function IncidentsList({ incidents, chosenId, onChoose }) {
  return html`<ul class="incidents">${incidents.map((each) => html`<li key=${each.id}>
    <button type="button" class="incident level-${each.level} ${each.open ? '' : 'is-closed'}"
      aria-current=${each.id === chosenId ? 'true' : undefined} data-incident=${each.id} onClick=${() => onChoose(each.id)}>
      <span class="incident-head"><b>${categoryName(each.category)}</b><${Running} at=${each.reported_at} until=${each.closed_at} /></span>
      <span class="incident-place">${placeOf(each)}</span>
      <span class="incident-foot"><span class="level">${t(`level.${each.level}`)}</span><span>${incidentStatusName(each.status)}</span>
        <small>${each.source}</small></span>
    </button></li>`)}</ul>`;
}
