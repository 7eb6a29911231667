// What cameras hang on: switches, feeders and lines, typed in or learnt, and what goes blind when one of them dies.
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Drawer } from '../drawer.js';
import { Filter, Pager } from '../pager.js';
import { Chips, Empty, Shown, Status, Tier } from '../parts.js';
import { useResource } from '../resource.js';
import { link, setQuery } from '../router.js';
import { Cause } from './outage_list.js';

const LIMIT = 50;
const SOURCES = ['typed', 'learnt'];
const SHOWN = 200;

function Impact({ id, name, close }) {
  const impact = useResource(`supply/${encodeURIComponent(id)}/impact`);
  return html`<${Drawer} title=${name ?? t('supply.impact')} close=${close}><${Shown} resource=${impact}>${(found) => html`<p><b class="score">${found.cameras.toLocaleString()}</b> ${t('supply.blind')}
      · ${t('supply.class_one', { n: found.class_one })} · ${t('supply.down', { n: found.already_down })}</p>
    <p class="chips">${Object.entries(found.by_tier).map(([tier, n]) => html`<span key=${tier}><${Tier} tier=${tier} /> <b>${n}</b></span>`)}</p><p class="note">${t('supply.hint')}</p>
    <div class="table-box"><table class="list"><tbody>${found.listed.slice(0, SHOWN).map((camera) => html`<tr key=${camera.camera_id} data-camera=${camera.camera_id}><th scope="row"><a href=${link(`camera/${camera.camera_id}`)}>${camera.name}</a></th>
      <td><${Tier} tier=${camera.tier} /></td><td><${Status} status=${camera.status} /></td></tr>`)}</tbody></table></div>
    ${found.cameras > SHOWN && html`<p class="faint">${t('edit.and_more', { n: found.cameras - SHOWN })}</p>`}`}<//><//>`;
}

export function Supply({ query }) {
  const offset = Number(query.offset) || 0;
  const list = useResource('supply', { source: query.source, q: query.q, limit: LIMIT, offset }, { refreshOn: ['supply.'], everyS: 60 });
  const set = (name) => (value) => setQuery({ [name]: value || null, offset: null });
  const none = (page) => page.items.length === 0 && html`<${Empty} title=${t('supply.none')} next=${t('supply.none.next')} />`;
  const pick = (node) => (event) => { event.preventDefault(); setQuery({ node: node.id }); };
  return html`<div class="table-tools"><${Chips} label=${t('supply.source')} value=${query.source} onChange=${set('source')} options=${SOURCES.map((each) => [each, t(`outage.source.${each}`)])} />
      <${Filter} value=${query.q} label=${t('outage.name')} onChange=${set('q')} /></div>
    <${Shown} resource=${list} empty=${none}>${(page) => html`<div class="table-box"><table class="list"><thead><tr><th scope="col">${t('outage.cause')}</th><th scope="col">${t('outage.name')}</th><th scope="col">${t('supply.source')}</th>
        <th scope="col" class="number-cell">${t('supply.devices')}</th></tr></thead><tbody>${page.items.map((node) => html`<tr key=${node.id} data-node=${node.id}><td><${Cause} kind=${node.kind} /></td>
        <th scope="row"><a href="#" onClick=${pick(node)}>${node.name}</a></th><td>${t(`outage.source.${node.source}`)}${node.source === 'learnt' && !node.confirmed && html`<small class="why">${t('supply.unconfirmed')}</small>`}</td>
        <td class="number-cell">${node.devices.toLocaleString()}</td></tr>`)}</tbody></table></div>
      <${Pager} total=${page.total} limit=${LIMIT} offset=${offset} onOffset=${(next) => setQuery({ offset: next || null })} />
      ${query.node && html`<${Impact} key=${query.node} id=${query.node} name=${page.items.find((node) => String(node.id) === query.node)?.name} close=${() => setQuery({ node: null })} />`}`}<//>`;
}
