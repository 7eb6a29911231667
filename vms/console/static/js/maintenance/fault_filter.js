// Narrows the faults: by state, tier, weight, cause, layer, region, firm, and whether somebody has an order.
import { html } from '../html.js';
import { t, tOr } from '../i18n.js';
import { Chips, faultName, severityName } from '../parts.js';
import { RegionChoice } from '../region_choice.js';
import { setQuery } from '../router.js';
import { KINDS, LAYERS, SEVERITIES, TIERS } from './kinds.js';

function Choice({ name, label, any, value, options, onChange }) {
  return html`<select name=${name} aria-label=${label} value=${value ?? ''} onChange=${(event) => onChange(event.target.value)}>
    <option value="">${any}</option>${options.map(([key, words]) => html`<option key=${key} value=${key}>${words}</option>`)}</select>`;
}

export function FaultFilter({ query, page, maintainers, regions }) {
  const set = (name) => (value) => setQuery({ [name]: value || null, offset: null });
  const folded = page?.folded.reduce((sum, outage) => sum + outage.faults, 0) ?? 0;
  return html`<header class="table-tools"><h2>${t('maintenance.faults')} ${page && html`<small>${(page.total + folded).toLocaleString()}</small>`}</h2>
    <${Chips} label=${t('orders.state')} value=${query.state ?? 'open'} onChange=${set('state')} options=${['open', 'closed', 'all'].map((each) => [each, t(`outage.state.${each}`)])} />
    <${Chips} label=${t('camera.tier')} value=${query.tier} onChange=${set('tier')} options=${TIERS.map((tier) => [tier, t(`tier.${tier}`)])} />
    <${Chips} label=${t('fault.severity')} value=${query.severity} onChange=${set('severity')} options=${SEVERITIES.map((each) => [each, severityName(each)])} />
    <${Chips} label=${t('fault.order')} value=${query.ordered} onChange=${set('ordered')} options=${[['true', t('fault.ordered')], ['false', t('fault.not_ordered')]]} />
    <${Choice} name="kind" label=${t('fault.cause')} any=${t('fault.any')} value=${query.kind} onChange=${set('kind')} options=${KINDS.map((kind) => [kind, faultName(kind)])} />
    <${Choice} name="layer" label=${t('fault.layer')} any=${t('fault.any_layer')} value=${query.layer} onChange=${set('layer')} options=${LAYERS.map((layer) => [layer, tOr(`layer.${layer}`, layer)])} />
    <${Choice} name="maintainer" label=${t('orders.maintainer')} any=${t('orders.any_maintainer')} value=${query.maintainer} onChange=${set('maintainer')} options=${maintainers.map((firm) => [String(firm.id), firm.name])} />
    <${RegionChoice} nodes=${regions.nodes} value=${query.region} onChange=${set('region')} />
    ${query.outage_id && html`<button type="button" class="chip" aria-pressed="true" onClick=${() => set('outage_id')('')}>${t('orders.of_outage', { id: query.outage_id })} ✕</button>`}</header>`;
}
