// What cameras hang on: switches, feeders and lines, typed in or learnt; made, changed, confirmed, taken in as a list; what goes blind with each.
import { remove, post } from '../api.js';
import { Problem, useDeed } from '../deed.js';
import { html, useState } from '../html.js';
import { t } from '../i18n.js';
import { Filter, Pager } from '../pager.js';
import { Chips, Empty, Shown } from '../parts.js';
import { useRegions } from '../region_choice.js';
import { useResource } from '../resource.js';
import { setQuery } from '../router.js';
import { Cause } from './outage_words.js';
import { Evidence } from './supply_evidence.js';
import { Question } from './supply_question.js';
import { SupplyImport } from './supply_import.js';
import { SupplyNode } from './supply_node.js';

const LIMIT = 50;
const SOURCES = ['typed', 'learnt'];
const NEW = 'new';
const IMPORT = 'import';

function Row({ node, parents, office, open, onOpen, onDone }) {
  const { run, busy, problem } = useDeed();
  const asked = node.source === 'learnt' && !node.confirmed;
  const tell = (deed) => async () => { if (await run(deed) !== undefined) onDone(); };
  return html`<tr data-node=${node.id} aria-current=${open ? 'true' : undefined}><td><${Cause} kind=${node.kind} /></td><th scope="row"><a href="#" onClick=${onOpen}>${node.name}</a>${node.parent_id !== null && html`<small class="why">${t('supply.below', { name: parents.get(node.parent_id) ?? node.parent_id })}</small>`}</th>
    <td>${t(`outage.source.${node.source}`)}${asked && html` <span class="is-wrong">${t('supply.unconfirmed')}</span>`}<${Evidence} node=${node} /></td><td class="number-cell">${node.devices.toLocaleString()}</td>
    <td class="row-deeds">${office && asked && html`<button type="button" class="small primary" data-deed="confirm" disabled=${busy} onClick=${tell(() => post(`supply/${node.id}/confirmation`))}>✓ ${t('supply.confirm')}</button>
      <button type="button" class="small danger-quiet" data-deed="refuse" disabled=${busy} onClick=${tell(() => remove(`supply/${node.id}`))}>✕ ${t('supply.refuse')}</button>`}<${Problem} of=${problem} /></td></tr>`;
}

export function Supply({ query, user }) {
  const offset = Number(query.offset) || 0;
  const office = user.role === 'admin' || (user.role === 'maintainer' && !user.maintainer_id);
  const list = useResource('supply', { source: query.source, q: query.q, limit: LIMIT, offset }, { refreshOn: ['supply.'], everyS: 60 });
  const regions = useRegions();
  const [asking, ask] = useState(false);
  const set = (name) => (value) => setQuery({ [name]: value || null, offset: null });
  const none = (page) => page.items.length === 0 && html`<${Empty} title=${t('supply.none')} next=${t('supply.none.next')} />`;
  const open = (id) => (event) => { event.preventDefault(); setQuery({ node: id }); };
  const parents = new Map((list.data?.items ?? []).map((node) => [node.id, node.name]));
  return html`<div class="table-tools"><${Chips} label=${t('supply.source')} value=${query.source} onChange=${set('source')} options=${SOURCES.map((each) => [each, t(`outage.source.${each}`)])} /><${Filter} value=${query.q} label=${t('outage.name')} onChange=${set('q')} />
      <button type="button" class="small" data-deed="ask_impact" aria-expanded=${asking} onClick=${() => ask(!asking)}>${t('supply.ask')}</button>
      ${office && html`<button type="button" class="small push-end" data-deed="import" onClick=${open(IMPORT)}>${t('supply.import')}</button><button type="button" class="small primary" data-deed="add" onClick=${open(NEW)}>${t('supply.add')}</button>`}</div>
    ${asking && html`<${Question} regions=${regions} user=${user} />`}
    <${Shown} resource=${list} empty=${none}>${(page) => html`<div class="table-box"><table class="list"><thead><tr><th scope="col">${t('outage.cause')}</th><th scope="col">${t('outage.name')}</th><th scope="col">${t('supply.source')}</th>
        <th scope="col" class="number-cell">${t('supply.devices')}</th><th></th></tr></thead><tbody>${page.items.map((node) => html`<${Row} key=${node.id} node=${node} parents=${parents} office=${office} open=${String(node.id) === query.node} onOpen=${open(node.id)} onDone=${list.reload} />`)}</tbody></table></div>
      <${Pager} total=${page.total} limit=${LIMIT} offset=${offset} onOffset=${(next) => setQuery({ offset: next || null })} />`}<//>
    ${query.node === IMPORT && office && html`<${SupplyImport} onDone=${list.reload} close=${() => setQuery({ node: null })} />`}
    ${query.node && query.node !== IMPORT && (query.node !== NEW || office) && html`<${SupplyNode} key=${query.node} id=${query.node === NEW ? null : query.node} office=${office} onDone=${list.reload} close=${() => setQuery({ node: null })} />`}`;
}
