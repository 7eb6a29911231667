// The crew's orders, the most urgent first.
import { html } from '../html.js';
import { sentence, t } from '../i18n.js';
import { said } from '../said.js';
import { duration, serverNow, shortDateTime, useTick } from '../time.js';
import { stateAhead } from './ahead.js';

/** Until when what has to be done next, ticking. */
export function Deadline({ order }) {
  useTick();
  const by = order.on_site_at ? order.repair_by : order.respond_by ?? order.repair_by;
  if (!by || order.closed_at || order.repaired_at || order.suspended_at) return null;
  const left = (Date.parse(by) - serverNow()) / 1000;
  const what = order.on_site_at ? t('crew.repair_by', { at: shortDateTime(by) }) : t('crew.on_site_by', { at: shortDateTime(by) });
  return html`<p class=${left < 0 ? 'deadline late' : left < 7200 ? 'deadline soon' : 'deadline'}>${what}
    <strong>${left < 0 ? t('crew.late', { time: duration(-left) }) : t('crew.left', { time: duration(left) })}</strong></p>`;
}

export function OrderList({ orders, items }) {
  if (!orders.length) return html`<p class="empty">${t('crew.nothing')}</p>`;
  return html`<ul class="orders">${orders.map((order) => {
    const pending = items.some((item) => item.orderId === order.id);
    return html`<li key=${order.id}><a href=${`#${order.id}`} class=${`card ${order.severity}`}>
      <span class="head"><strong>${order.name}</strong><span class="stage">${t(`order.state.${stateAhead(order, items)}`)}</span></span>
      <span class="cause">${said(sentence(order, 'cause'))}</span>
      <span class="faint">${order.number}${order.cameras > 1 ? ` · ${t('crew.cameras', { n: order.cameras })}` : ''}${pending ? ` · ${t('crew.waits')}` : ''}</span>
      <${Deadline} order=${order} /></a></li>`;
  })}</ul>`;
}
