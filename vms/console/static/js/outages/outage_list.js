// Outages: what died, how it is known, how many fell with it, and what a person says about it.
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Pager, SortHead } from '../pager.js';
import { Chips, Empty, outageName, Shown } from '../parts.js';
import { RegionChoice, useRegions } from '../region_choice.js';
import { useResource } from '../resource.js';
import { setQuery } from '../router.js';
import { said } from '../said.js';
import { Age } from '../time.js';
import { OutageDrawer } from './outage.js';
import { Cause, lasted, Verdict } from './outage_words.js';

const LIMIT = 50;
const KINDS = ['nvr', 'pole', 'switch', 'power_feeder', 'uplink', 'subnet', 'region', 'weather', 'lighting'];
function Row({ outage, open }) {
  const pick = (event) => { event.preventDefault(); setQuery({ outage: outage.id }); };
  return html`<tr data-outage=${outage.id} aria-current=${open ? 'true' : undefined}><td><${Cause} kind=${outage.kind} /></td>
    <th scope="row"><a href="#" onClick=${pick}>${outageName(outage)}</a>${!outage.whole && html`<small class="why">${t('outage.part')}</small>`}</th>
    <td class="number-cell">${outage.cameras.toLocaleString()}</td><td>${said(outage.because)}<small class="why">${t(`outage.source.${outage.source}`)}</small></td>
    <td><${Age} at=${outage.opened_at} /></td><td>${outage.closed_at ? t('outage.lasted', { time: lasted(outage) }) : html`<span class="is-wrong">${t('outage.still')}</span>`}</td><td><${Verdict} outage=${outage} /></td></tr>`;
}

export function OutageList({ query, user }) {
  const office = user.role === 'admin' || (user.role === 'maintainer' && !user.maintainer_id);
  const sort = query.sort ?? '-opened_at';
  const offset = Number(query.offset) || 0;
  const list = useResource('outages', { state: query.state ?? 'open', kind: query.kind, region: query.region, sort, limit: LIMIT, offset }, { refreshOn: ['outage.'], everyS: 60 });
  const regions = useRegions();
  const set = (name) => (value) => setQuery({ [name]: value || null, offset: null });
  const head = (name, words, number = false) => html`<${SortHead} name=${name} label=${words} number=${number} sort=${sort} onSort=${(next) => setQuery({ sort: next, offset: null })} />`;
  const none = (page) => page.items.length === 0 && html`<${Empty} title=${t('outage.none')} next=${t('outage.none.next')} />`;
  return html`<div class="table-tools"><${Chips} label=${t('orders.state')} value=${query.state ?? 'open'} onChange=${set('state')} options=${['open', 'closed', 'all'].map((each) => [each, t(`outage.state.${each}`)])} />
      <select name="kind" aria-label=${t('outage.cause')} value=${query.kind ?? ''} onChange=${(event) => set('kind')(event.target.value)}><option value="">${t('fault.any')}</option>
        ${KINDS.map((kind) => html`<option key=${kind} value=${kind}>${t(`outage.kind.${kind}`)}</option>`)}</select><${RegionChoice} nodes=${regions.nodes} value=${query.region} onChange=${set('region')} /></div>
    <${Shown} resource=${list} empty=${none}>${(page) => html`<div class="table-box"><table class="list"><thead><tr><th scope="col">${t('outage.cause')}</th>${head('name', t('outage.name'))}
        ${head('cameras', t('outage.cameras'), true)}<th scope="col">${t('outage.evidence')}</th>${head('opened_at', t('fault.since'))}${head('closed_at', t('outage.end'))}<th scope="col">${t('outage.verdict')}</th></tr></thead>
      <tbody>${page.items.map((outage) => html`<${Row} key=${outage.id} outage=${outage} open=${String(outage.id) === query.outage} />`)}</tbody></table></div>
      <${Pager} total=${page.total} limit=${LIMIT} offset=${offset} onOffset=${(next) => setQuery({ offset: next || null })} />`}<//>
    ${query.outage && html`<${OutageDrawer} key=${query.outage} id=${query.outage} office=${office} regions=${regions} onChanged=${list.reload} close=${() => setQuery({ outage: null })} />`}`;
}
