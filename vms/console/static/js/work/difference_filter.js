// Narrows the differences of the town: by field, by region and what is below it, by owner.
import { html } from '../html.js';
import { t } from '../i18n.js';
import { useResource } from '../resource.js';
import { setQuery } from '../router.js';

const FIELDS = ['name', 'position', 'bearing_deg', 'manufacturer', 'model', 'serial_no', 'width_px'];
/** Which only those see who see network addresses. */
const ADDRESSES = ['address', 'port', 'mac'];
const SEES_ADDRESSES = ['admin', 'maintainer'];

/** [code, name with its depth], parents before what is below them. */
function inOrder(nodes) {
  const known = new Set(nodes.map((node) => node.code));
  const below = (parent, depth) => nodes.filter((node) => node.code && (known.has(node.parent) ? node.parent : null) === parent)
    .flatMap((node) => [[node.code, `${'\u2003'.repeat(depth)}${node.name || node.code}`], ...below(node.code, depth + 1)]);
  return below(null, 0);
}

function Owner({ id }) {
  const found = useResource('owner-tree', { filter: `owner_id = ${id}` });
  const name = found.data?.items.flatMap((tier) => tier.owners).find((owner) => String(owner.owner_id) === id)?.name;
  return html`<button type="button" class="chip" aria-pressed="true" onClick=${() => setQuery({ owner: null })}>${t('camera.owner')} ${name ?? id} ✕</button>`;
}

export function DifferenceFilter({ query, user }) {
  const regions = useResource('region-tree');
  const choose = (name) => (event) => setQuery({ [name]: event.target.value || null });
  const fields = SEES_ADDRESSES.includes(user.role) ? [...FIELDS, ...ADDRESSES] : FIELDS;
  return html`<select name="field" aria-label=${t('camera.field')} value=${query.field ?? ''} onChange=${choose('field')}><option value="">${t('difference.any_field')}</option>
      ${fields.map((name) => html`<option key=${name} value=${name}>${t(`field.${name}`)}</option>`)}</select>
    <select name="region" aria-label=${t('camera.region')} value=${query.region ?? ''} onChange=${choose('region')}><option value="">${t('difference.any_region')}</option>
      ${inOrder(regions.data?.items ?? []).map(([code, words]) => html`<option key=${code} value=${code}>${words}</option>`)}</select>
    ${query.owner && html`<${Owner} id=${query.owner} />`}`;
}
