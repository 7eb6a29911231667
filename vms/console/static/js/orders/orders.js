// Work orders: a table that is filtered, sorted and paged; one order opens beside it.
import { html } from '../html.js';
import { sentence, t } from '../i18n.js';
import { Pager, SortHead } from '../pager.js';
import { Empty, metres, severityName, Shown } from '../parts.js';
import { useRegions } from '../region_choice.js';
import { useResource } from '../resource.js';
import { go, link, setQuery } from '../router.js';
import { said } from '../said.js';
import { Age } from '../time.js';
import { useChosenOrders } from './chosen_orders.js';
import { OrderFilter } from './filter.js';
import { Many } from './many.js';
import { OrderDrawer } from './order.js';
import { OrderState } from './order_state.js';
import { TimeLeft } from './time_left.js';

const LIMIT = 50;
const NEWS = ['order.'];
const NONE = [];
const ASKED = ['state', 'mine', 'overdue', 'unassigned', 'severity', 'maintainer', 'region', 'tier', 'number', 'camera', 'outage'];

function Row({ order, n, query, regions, open, choice }) {
  const thing = order.camera_id !== null ? link(`camera/${order.camera_id}`) : link('outages', { outage: order.outage_id });
  return html`<tr data-order=${order.id} aria-current=${open ? 'true' : undefined} class="${order.overdue ? 'is-overdue' : ''} ${choice?.at === n ? 'is-at' : ''}">${choice && html`<td class="choose-cell"><input type="checkbox" aria-label=${t('orders.choose', { number: order.number })} checked=${choice.chosen.has(order.id)} onClick=${(event) => choice.toggle(n, event.shiftKey)} /></td>`}
    <th scope="row"><a class="order-number" href=${link(`orders/${order.id}`, query)}>${order.number}</a>${order.reopened > 0 && html`<small class="why">${t('orders.reopened', { n: order.reopened })}</small>`}</th>
    <td><${OrderState} state=${order.state} /></td>
    <td><span class="severity severity-${order.severity}">${severityName(order.severity)}</span></td>
    <td class="wide-cell"><a href=${thing}>${order.name}</a>${order.cameras > 1 && html` <small>${t('crew.cameras', { n: order.cameras })}</small>`}
      <small class="why">${said(sentence(order, 'cause'))}</small></td>
    <td class="region-cell">${regions.nameOf(order.region_code)}</td>
    <td>${order.maintainer || html`<span class="faint">${t('orders.nobody')}</span>`}${order.crew && html`<small class="why">${order.crew}</small>`}</td>
    <td><${TimeLeft} order=${order} /></td>
    <td class="number-cell">${order.loss === null ? html`<span class="faint" title=${t('orders.loss_unknown')}>—</span>` : metres(order.loss)}</td>
    <td><${Age} at=${order.detected_at} /></td></tr>`;
}

export function Orders({ query, part, user }) {
  const office = user.role === 'admin' || (user.role === 'maintainer' && !user.maintainer_id);
  const sort = query.sort ?? 'impact';
  const offset = Number(query.offset) || 0;
  const asked = Object.fromEntries(ASKED.map((name) => [name, query[name]]));
  const orders = useResource('work-orders', { ...asked, sort, limit: LIMIT, offset }, { refreshOn: NEWS, everyS: 60 });
  const firms = useResource('maintenance/maintainers');
  const regions = useRegions();
  const maintainers = firms.data?.items.filter((firm) => !firm.retired_at) ?? [];
  const rows = orders.data?.items ?? NONE;
  const choice = useChosenOrders(JSON.stringify(asked), rows, (order) => go(`orders/${order.id}`, query));
  const onSort = (next) => setQuery({ sort: next, offset: null });
  const none = (page) => page.items.length === 0 && html`<${Empty} title=${t('orders.none')} next=${t('orders.none.next')} />`;
  const head = (name, words, number = false) => html`<${SortHead} name=${name} label=${words} number=${number} sort=${sort} onSort=${onSort} />`;
  return html`<div class="paper orders"><${OrderFilter} query=${query} totals=${orders.data?.totals ?? {}} maintainers=${maintainers} regions=${regions} office=${office} />
    <${Shown} resource=${orders} empty=${none}>${(page) => html`<div class="table-box"><table class="list"><thead><tr>${office && html`<th class="choose-cell"><input type="checkbox" aria-label=${t('orders.choose_page')} checked=${choice.all} onClick=${() => choice.page(!choice.all)} /></th>`}${head('number', t('orders.number'))}
        <th scope="col">${t('orders.state')}</th>${head('severity', t('fault.severity'))}<th scope="col">${t('orders.what')}</th><th scope="col">${t('camera.region')}</th>
        <th scope="col">${t('orders.maintainer')}</th>${head('deadline', t('orders.time_left'))}${head('loss', t('orders.loss'), true)}${head('detected_at', t('fault.since'))}</tr></thead>
      <tbody>${page.items.map((order, n) => html`<${Row} key=${order.id} order=${order} n=${n} choice=${office && choice} query=${query} regions=${regions} open=${String(order.id) === part} />`)}</tbody></table></div>
      <${Pager} total=${page.total} limit=${LIMIT} offset=${offset} onOffset=${(next) => setQuery({ offset: next || null })} />`}<//>
    ${office && html`<${Many} chosen=${choice.chosen} maintainers=${maintainers} clear=${choice.clear} onDone=${(ids) => { choice.drop(ids); orders.reload(); }} />`}
    ${part && html`<${OrderDrawer} key=${part} id=${part} office=${office} user=${user} regions=${regions} maintainers=${maintainers} onChanged=${orders.reload} close=${() => go('orders', query)} />`}</div>`;
}
