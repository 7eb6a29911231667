// One fault: picture, camera, cause in words, since when, what it costs, its order, who repairs it, and what one may say of it.
import { html } from '../html.js';
import { t } from '../i18n.js';
import { OrderState } from '../orders/order_state.js';
import { becauseWords, faultName, metres, severityName, Tier } from '../parts.js';
import { link } from '../router.js';
import { Still } from '../still.js';
import { Age } from '../time.js';
import { mayAccept, Verdicts } from './verdicts.js';

export function OrderOf({ order }) {
  return html`<a class="order-number" href=${link(`orders/${order.id}`)}>${order.number}</a><small class="why"><${OrderState} state=${order.state} />${order.overdue && html` <b class="is-down-ink">${t('orders.overdue')}</b>`}</small>`;
}

export function FaultRow({ fault, regions, judges, crew, orders, child, chosen, cursor, onPick, onJudge, onOrder }) {
  const loss = fault.order?.loss ?? null;
  return html`<tr data-fault=${fault.kind} data-camera=${fault.camera_id} aria-selected=${cursor} class="${cursor ? 'is-cursor' : ''} ${child ? 'is-child' : ''}">
    ${judges && html`<td>${!child && html`<input type="checkbox" aria-label=${t('fault.choose', { name: fault.camera_name })} checked=${chosen} onChange=${() => onPick(fault.id)} />`}</td>`}
    <td class="picture-cell"><${Still} cameraId=${fault.camera_id} at=${fault.still_at} name=${fault.camera_name} /></td>
    <th scope="row"><a href=${link(`camera/${fault.camera_id}`)}>${fault.camera_name}</a><small class="why"><${Tier} tier=${fault.tier} /> ${regions.nameOf(fault.region_code)}</small></th>
    <td>${faultName(fault.kind)}${fault.because && html`<small class="why">${becauseWords(fault.because)}</small>`}${fault.waits_for_day && html`<small class="why" data-waits="day">${t('fault.waits_for_day')}</small>`}</td>
    <td><span class="severity severity-${fault.severity}">${severityName(fault.severity)}</span></td>
    <td><${Age} at=${fault.opened_at} />${fault.closed_at && html`<small class="why">${t('fault.closed')} <${Age} at=${fault.closed_at} /></small>`}</td>
    <td class="number-cell">${loss === null ? html`<span class="faint" title=${t('orders.loss_unknown')}>—</span>` : metres(loss)}</td>
    <td>${fault.order ? html`<${OrderOf} order=${fault.order} />` : orders && !fault.closed_at && !child ? html`<button type="button" class="small" data-deed="order" onClick=${() => onOrder(fault)}>${t('fault.open_order')}</button>` : html`<span class="faint">—</span>`}</td>
    <td>${fault.maintainer || html`<span class="faint">${t('orders.nobody')}</span>`}</td>
    ${judges && html`<td>${!fault.closed_at && html`<${Verdicts} crew=${crew} picture=${mayAccept(fault)} said=${fault.verdict} onJudge=${(verdict) => onJudge(verdict, [fault.id])} />`}</td>`}</tr>`;
}
