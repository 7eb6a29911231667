// The choice of a region and all that is below it, and what regions are called.
import { html } from './html.js';
import { t } from './i18n.js';
import { useResource } from './resource.js';

const DEEPER = '\u2003';

/** [code, name with its depth], parents before what is below them. */
function inOrder(nodes) {
  const known = new Set(nodes.map((node) => node.code));
  const below = (parent, depth) => nodes.filter((node) => node.code && (known.has(node.parent) ? node.parent : null) === parent)
    .flatMap((node) => [[node.code, `${DEEPER.repeat(depth)}${node.name || node.code}`], ...below(node.code, depth + 1)]);
  return below(null, 0);
}

/** {nodes, nameOf}; a code that no tree knows stays as it is. */
export function useRegions() {
  const tree = useResource('region-tree');
  const nodes = tree.data?.items ?? [];
  const names = new Map(nodes.map((node) => [node.code, node.name]));
  return { nodes, nameOf: (code) => names.get(code) || code };
}

export function RegionChoice({ nodes, value, onChange, name = 'region', required = false }) {
  return html`<select name=${name} required=${required} aria-label=${t('camera.region')} value=${value ?? ''} onChange=${(event) => onChange(event.target.value)}>
    <option value="">${required ? '' : t('difference.any_region')}</option>
    ${inOrder(nodes).map(([code, words]) => html`<option key=${code} value=${code}>${words}</option>`)}</select>`;
}
