// Regions or owners as a tree with counts; a node narrows the list to what is below it.
import { html, useState } from '../html.js';
import { t } from '../i18n.js';
import { Shown, Tier } from '../parts.js';
import { useResource } from '../resource.js';
import { setQuery } from '../router.js';
import { questionOf } from './question.js';

const EVERY_S = 20;
const OPEN_LEVELS = 1;

function Node({ label, counts, chosen, onChoose, open, onFold, depth, children }) {
  const toggle = (event) => {
    if (event.key === 'ArrowRight' && open === false) onFold();
    else if (event.key === 'ArrowLeft' && open) onFold();
  };
  return html`<li role="treeitem" aria-expanded=${open ?? undefined} aria-selected=${chosen}><div class="node ${chosen ? 'is-chosen' : ''}"
      style=${{ paddingLeft: `${depth * 0.85}rem` }}>
      ${open === null ? html`<span class="fold"></span>` : html`<button type="button" class="fold" tabindex="-1" aria-label=${t(open ? 'tree.fold' : 'tree.unfold')}
        onClick=${onFold}>${open ? '▾' : '▸'}</button>`}
      <button type="button" class="node-name" onClick=${onChoose} onKeyDown=${toggle}><span>${label}</span>
        ${counts.down > 0 && html`<b class="down-badge" title=${t('status.down')}>${counts.down}</b>`}<small>${counts.total}</small></button></div>
    ${open && html`<ul role="group">${children}</ul>`}</li>`;
}

function useFolds(startOpen) {
  const [turned, setTurned] = useState(new Set());
  const isOpen = (key, depth) => (startOpen(depth) !== turned.has(key));
  const fold = (key) => setTurned((before) => {
    const next = new Set(before);
    if (!next.delete(key)) next.add(key);
    return next;
  });
  return [isOpen, fold];
}

function Regions({ items, chosen }) {
  const [isOpen, fold] = useFolds((depth) => depth < OPEN_LEVELS);
  const childrenOf = new Map();
  const known = new Set(items.map((node) => node.code));
  for (const node of items) {
    const parent = known.has(node.parent) ? node.parent : null;
    childrenOf.set(parent, [...(childrenOf.get(parent) ?? []), node]);
  }
  const draw = (node, depth) => {
    const below = childrenOf.get(node.code) ?? [];
    const open = below.length ? isOpen(node.code, depth) : null;
    return html`<${Node} key=${node.code} label=${node.name || node.code || t('maintenance.no_region')} counts=${node.counts} depth=${depth} open=${open}
      chosen=${chosen === node.code && node.code !== ''} onFold=${() => fold(node.code)}
      onChoose=${() => (node.code ? setQuery({ region: chosen === node.code ? null : node.code }) : setQuery({ filter: 'region = ""', region: null }))}>
      ${below.map((each) => draw(each, depth + 1))}<//>`;
  };
  return (childrenOf.get(null) ?? []).map((node) => draw(node, 0));
}

function Owners({ items, query }) {
  const [isOpen, fold] = useFolds(() => true);
  return items.map((tier) => html`<${Node} key=${tier.tier} label=${html`<${Tier} tier=${tier.tier} />`} counts=${tier.counts} depth=${0}
    open=${isOpen(tier.tier, 0)} chosen=${query.tier === tier.tier && !query.owner} onFold=${() => fold(tier.tier)}
    onChoose=${() => setQuery({ tier: query.tier === tier.tier && !query.owner ? null : tier.tier, owner: null })}>
    ${tier.owners.map((owner) => {
      const id = owner.owner_id === null ? null : String(owner.owner_id);
      const chosen = id !== null && query.owner === id && query.tier === tier.tier;
      return html`<${Node} key=${id} label=${owner.name || t('tree.no_owner')} counts=${owner.counts} depth=${1} open=${null} chosen=${chosen}
        onChoose=${() => id !== null && setQuery(chosen ? { owner: null, tier: null } : { owner: id, tier: tier.tier })} />`;
    })}<//>`);
}

export function Tree({ query }) {
  const [by, setBy] = useState(query.owner ? 'owners' : 'regions');
  const { filter, q } = questionOf(by === 'regions' ? { ...query, region: null } : { ...query, owner: null, tier: null });
  const tree = useResource(by === 'regions' ? 'region-tree' : 'owner-tree', { filter, q }, { everyS: EVERY_S, refreshOn: ['camera.added'] });
  // What is wrong with the filter is said where it is written.
  const wrong = tree.error?.where === 'filter';
  const shown = wrong ? { ...tree, state: 'ready', data: tree.data ?? { items: [] } } : tree;
  return html`<aside class="tree"><div class="tree-by" role="group" aria-label=${t('tree.by')}>${['regions', 'owners'].map((name) => html`<button type="button"
      key=${name} aria-pressed=${name === by} onClick=${() => setBy(name)}>${t(`tree.${name}`)}</button>`)}</div>
    ${wrong && html`<p class="stale-note" role="status">${t('tree.filter_wrong')}</p>`}
    <${Shown} resource=${shown}>${(found) => html`<ul role="tree" aria-label=${t(`tree.${by}`)}>
      ${by === 'regions' && found.items[0]?.code !== undefined ? html`<${Regions} items=${found.items} chosen=${query.region} />`
        : by === 'owners' && found.items[0]?.owners ? html`<${Owners} items=${found.items} query=${query} />` : ''}</ul>`}<//></aside>`;
}
