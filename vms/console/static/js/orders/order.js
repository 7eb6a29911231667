// One work order in a drawer: what is broken, since when, who has it, what may be done now, and what was done.
import { Drawer } from '../drawer.js';
import { html } from '../html.js';
import { sentence, t } from '../i18n.js';
import { becauseWords, faultName, levelName, metres, severityName, Shown, Tier } from '../parts.js';
import { useResource } from '../resource.js';
import { link } from '../router.js';
import { said } from '../said.js';
import { Still } from '../still.js';
import { Age, At } from '../time.js';
import { OrderState } from './order_state.js';
import { Photographs } from './photographs.js';
import { PrintSheet } from './print_sheet.js';
import { StepForm } from './step_form.js';
import { TimeLeft } from './time_left.js';
import { Stages, Timeline } from './timeline.js';

const FAULTS = 8;

function Facts({ found, regions }) {
  const { order, place, level, maintainer_contact: contact } = found;
  const spot = place && [place.install_address, place.common_name, place.pole_code && t('crew.pole', { code: place.pole_code })].filter(Boolean).join(' · ');
  const rows = [
    [t('camera.region'), html`${regions.nameOf(order.region_code)} · <${Tier} tier=${order.tier} />`],
    spot && [t('crew.place'), spot],
    [t('orders.maintainer'), order.maintainer ? [order.maintainer, order.crew, contact].filter(Boolean).join(' · ') : t('orders.nobody')],
    [t('orders.respond_by'), html`<${At} at=${order.respond_by} />`],
    [t('orders.repair_by'), html`<${At} at=${order.repair_by} />${level && html` <small class="faint">${t('orders.level', { level: levelName(level) })}</small>`}`],
    order.loss !== null && [t('orders.loss'), metres(order.loss)],
    order.suspended_until && order.state === 'suspended' && [t('orders.until'), html`<${At} at=${order.suspended_until} />`],
    order.outcome && [t('orders.outcome'), t(`orders.outcome.${order.outcome}`)],
    order.repeat_of !== null && [t('orders.repeat'), html`<a href=${link(`orders/${order.repeat_of}`)}>${t('orders.repeat_of')}</a>`],
  ].filter(Boolean);
  return html`<dl class="order-facts">${rows.map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function Faults({ faults, order }) {
  return faults.length > 0 && html`<section><h3>${t('maintenance.faults')} <small>${faults.length}</small></h3><ul class="order-faults">${faults.slice(0, FAULTS).map((fault) => html`<li key=${fault.id}>
      <b>${faultName(fault.kind)}</b> <span class="faint">${becauseWords(fault.because)}</span>${order.camera_id === null && html` <a href=${link(`camera/${fault.camera_id}`)}>${fault.camera_name || t('orders.of_camera', { id: fault.camera_id })}</a>`}
      ${fault.waits_for_day && html`<small class="why" data-waits="day">${t('fault.waits_for_day')}</small>`}<span class="push-end faint">${fault.closed_at ? t('orders.fault_over') : html`<${Age} at=${fault.opened_at} />`}</span></li>`)}</ul>
    ${faults.length > FAULTS && html`<p class="faint">${t('edit.and_more', { n: faults.length - FAULTS })}</p>`}</section>`;
}

function Whole({ found, regions, maintainers, mayAdd, onDone }) {
  const { order } = found;
  const thing = order.camera_id !== null ? link(`camera/${order.camera_id}`) : link('outages', { outage: order.outage_id });
  return html`<div class="order-head" data-state=${order.state}><h3><a href=${thing}>${order.name}</a></h3><p><${OrderState} state=${order.state} />
        <span class="severity severity-${order.severity}">${severityName(order.severity)}</span> ${said(sentence(order, 'cause'))}
        ${order.cameras > 1 && html`<span class="faint"> · ${t('crew.cameras', { n: order.cameras })}</span>`} <${TimeLeft} order=${order} /></p>
      ${order.healed_at && !order.closed_at && html`<p class="note">${t('orders.healed')}</p>`}</div>
    <${Stages} order=${order} /><${StepForm} found=${found} maintainers=${maintainers} onDone=${onDone} />
    <div class=${order.camera_id !== null ? 'order-two' : ''}><${Facts} found=${found} regions=${regions} />${order.camera_id !== null && html`<${Still} cameraId=${order.camera_id} at=${order.detected_at} name=${order.name} big=${true} />`}</div>
    <${Faults} faults=${found.faults} order=${order} /><${Photographs} found=${found} mayAdd=${mayAdd} onDone=${onDone} /><${Timeline} steps=${found.steps} maintainers=${maintainers} />`;
}

export function OrderDrawer({ id, office, user, regions, maintainers, onChanged, close }) {
  const order = useResource(`work-orders/${encodeURIComponent(id)}`, {}, { refreshOn: ['order.'], everyS: 60 });
  const done = () => { order.reload(); onChanged(); };
  return html`<${Drawer} title=${order.data ? t('orders.one', { number: order.data.order.number }) : t('nav.orders')} close=${close} foot=${order.data && html`<button type="button" data-deed="print" onClick=${() => window.print()}>${t('orders.print')}</button>`}><${Shown} resource=${order}>${(found) => html`<${PrintSheet} found=${found} regions=${regions} /><${Whole} found=${found}
    regions=${regions} maintainers=${maintainers} mayAdd=${office || user.role === 'maintainer'} onDone=${done} />`}<//><//>`;
}
