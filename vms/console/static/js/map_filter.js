// Which cameras the map shows: by state, tier, region and kind of fault; the address bar keeps it.
import { html } from './html.js';
import { t } from './i18n.js';
import { KINDS, TIERS } from './maintenance/kinds.js';
import { Chips, faultName } from './parts.js';
import { RegionChoice } from './region_choice.js';
import { setQuery } from './router.js';

const STATES = ['up', 'suspect', 'down', 'unknown'];

/** A test of a camera's properties; null: everything is wanted. */
export function isWanted({ status, tier, region, kind }) {
  if (!status && !tier && !region && !kind) return null;
  return (camera) => (!status || camera.status === status) && (!tier || camera.tier === tier) && (!region || (camera.region ?? '').startsWith(region))
    && (!kind || (camera.kinds ?? '').split(',').includes(kind));
}

export function MapFilter({ query, regions, counts }) {
  const set = (name) => (value) => setQuery({ [name]: value || null });
  return html`<div class="map-filter"><${Chips} label=${t('map.by_state')} value=${query.status} onChange=${set('status')} options=${STATES.map((state) => [state, t(`status.${state}`)])} />
    <${Chips} label=${t('camera.tier')} value=${query.tier} onChange=${set('tier')} options=${TIERS.map((tier) => [tier, t(`tier.${tier}`)])} />
    <select name="kind" aria-label=${t('fault.cause')} value=${query.kind ?? ''} onChange=${(event) => set('kind')(event.target.value)}><option value="">${t('fault.any')}</option>
      ${KINDS.map((kind) => html`<option key=${kind} value=${kind}>${faultName(kind)}</option>`)}</select>
    <${RegionChoice} nodes=${regions.nodes} value=${query.region} onChange=${set('region')} />
    ${counts && html`<span class="map-counts" role="status">${t('map.shown', { n: counts.shown.toLocaleString(), all: counts.all.toLocaleString() })}</span>`}</div>`;
}
