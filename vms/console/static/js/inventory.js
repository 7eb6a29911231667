// The inventory: every camera as a row; the server filters, sorts and pages, the address bar holds the question.
import { Conflicts, MAY_RESOLVE } from './conflicts.js';
import { html } from './html.js';
import { t } from './i18n.js';
import { becauseWords, Chips, Empty, Shown, Status, Tier } from './parts.js';
import { Filter, Pager, SortHead } from './pager.js';
import { useResource } from './resource.js';
import { link, setQuery } from './router.js';
import { Age } from './time.js';

const LIMIT = 50;

export function Inventory({ query, user }) {
  const sort = query.sort ?? 'name';
  const offset = Number(query.offset) || 0;
  const asked = { tier: query.tier, status: query.status, region: query.region, owner: query.owner, life_cycle: query.life_cycle,
    q: query.q, sort, limit: LIMIT, offset };
  const cameras = useResource('cameras', asked, { refreshOn: ['camera.'] });
  const set = (name) => (value) => setQuery({ [name]: value, offset: null });
  const onSort = (next) => setQuery({ sort: next, offset: null });
  const head = (name, label) => html`<${SortHead} name=${name} label=${label} sort=${sort} onSort=${onSort} />`;
  const filtered = ['tier', 'status', 'region', 'owner', 'life_cycle', 'q'].some((name) => query[name]);
  const nothing = (page) => page.items.length === 0 && html`<${Empty} title=${t(filtered ? 'inventory.nothing_fits' : 'inventory.nothing')}
    next=${t(filtered ? 'inventory.nothing_fits.next' : 'inventory.nothing.next')}>
    ${filtered && html`<a class="button" href=${link('inventory')}>${t('filter.clear')}</a>`}<//>`;
  return html`<div class="paper inventory">
    ${MAY_RESOLVE.includes(user?.role) && html`<${Conflicts} />`}
    <header class="table-tools"><h2>${t('nav.inventory')} ${cameras.data && html`<small>${cameras.data.total}</small>`}</h2>
      <${Filter} value=${query.q} label=${t('filter.text')} onChange=${set('q')} />
      <${Chips} label=${t('camera.tier')} value=${query.tier} onChange=${set('tier')}
        options=${['government', 'unit', 'community', 'household'].map((tier) => [tier, t(`tier.${tier}`)])} />
      <${Chips} label=${t('camera.status')} value=${query.status} onChange=${set('status')}
        options=${['up', 'suspect', 'down', 'unknown'].map((state) => [state, t(`status.${state}`)])} />
      <${Chips} label=${t('camera.life_cycle')} value=${query.life_cycle} onChange=${set('life_cycle')}
        options=${['approved', 'pending', 'retired'].map((each) => [each, t(`life_cycle.${each}`)])} />
      ${query.region && html`<button type="button" class="chip" aria-pressed="true" onClick=${() => set('region')(null)}>
        ${t('camera.region')} ${query.region} ✕</button>`}
    </header>
    <${Shown} resource=${cameras} empty=${nothing}>${(page) => html`<div class="table-box"><table class="list"><thead><tr>
        ${head('name', t('camera.name'))}${head('tier', t('camera.tier'))}${head('status', t('camera.status'))}
        ${head('since', t('camera.since'))}<th scope="col">${t('camera.region')}</th><th scope="col">${t('camera.install_address')}</th>
          <th scope="col">${t('camera.owner')}</th><th scope="col">${t('camera.access')}</th></tr></thead>
      <tbody>${page.items.map((row) => html`<tr key=${row.id}>
        <th scope="row"><a href=${link(`camera/${row.id}`)}>${row.name}</a>${row.common_name && html`<small class="why">${row.common_name}
          </small>`}</th>
        <td><${Tier} tier=${row.tier} /></td><td><${Status} status=${row.status} />
          ${row.because && row.status !== 'up' && html`<small class="why">${becauseWords(row.because)}</small>`}</td>
        <td>${row.since ? html`<${Age} at=${row.since} />` : html`<span class="faint">—</span>`}</td>
        <td>${row.region_code || html`<span class="faint">—</span>`}</td><td>
          ${row.install_address || row.pole_code || html`<span class="faint">—</span>`}</td><td>
          ${row.owner || html`<span class="faint">—</span>`}</td>
        <td><span class="access access-${row.access.decision}">${t(`access.${row.access.decision}`)}</span></td></tr>`)}</tbody></table>
          </div>
      <${Pager} total=${page.total} limit=${LIMIT} offset=${offset} onOffset=${(next) => setQuery({ offset: next || null })} />`}<//>
  </div>`;
}
