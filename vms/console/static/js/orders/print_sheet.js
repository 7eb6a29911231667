// One order on a sheet of paper, for a crew that takes no phone: what, where, until when, and lines to fill in.
import { address } from '../api.js';
import { html, render, useEffect } from '../html.js';
import { sentence, t } from '../i18n.js';
import { becauseWords, faultName, levelName, severityName } from '../parts.js';
import { said } from '../said.js';
import { dateTime, serverNow } from '../time.js';

const FAULTS = 30;
const when = (at) => (at ? dateTime(at).slice(0, -3) : '—');
const LINES = ['arrived', 'done', 'parts', 'signed', 'accepted'];

function Sheet({ found, regions }) {
  const { order, place, level, maintainer_contact: contact, faults, photographs } = found;
  const before = photographs.filter((one) => one.moment === 'before').slice(-2);
  const rows = [[t('orders.what'), `${order.name}${order.cameras > 1 ? ` · ${t('crew.cameras', { n: order.cameras })}` : ''}`], [t('crew.place'), place && [place.install_address, place.common_name, place.pole_code && t('crew.pole', { code: place.pole_code })].filter(Boolean).join(' · ')],
    [t('field.position'), place?.lon !== null && place && `${place.lon.toFixed(6)}, ${place.lat.toFixed(6)}`], [t('camera.region'), regions.nameOf(order.region_code)], [t('fault.severity'), severityName(order.severity)], [t('fault.cause'), said(sentence(order, 'cause'))],
    [t('fault.since'), when(order.detected_at)], [t('orders.respond_by'), when(order.respond_by)], [t('orders.repair_by'), `${when(order.repair_by)}${level ? ` (${levelName(level)})` : ''}`], [t('orders.maintainer'), [order.maintainer, order.crew, contact].filter(Boolean).join(' · ')]];
  return html`<header><h1>${t('orders.one', { number: order.number })}</h1><p>${t('orders.printed', { at: when(serverNow()) })}</p></header>
    <table><tbody>${rows.filter(([, value]) => value).map(([name, value]) => html`<tr key=${name}><th scope="row">${name}</th><td>${value}</td></tr>`)}</tbody></table>
    ${faults.length > 0 && html`<h2>${t('maintenance.faults')}</h2><ul>${faults.slice(0, FAULTS).map((fault) => html`<li key=${fault.id}>${fault.camera_name || t('orders.of_camera', { id: fault.camera_id })} · ${faultName(fault.kind)} · ${becauseWords(fault.because)} · ${when(fault.opened_at)}</li>`)}</ul>${faults.length > FAULTS && html`<p>${t('edit.and_more', { n: faults.length - FAULTS })}</p>`}`}
    ${before.length > 0 && html`<h2>${t('crew.before')}</h2><div class="sheet-pictures">${before.map((one) => html`<img key=${one.id} alt=${t('crew.before')} src=${address(`work-orders/${order.id}/photographs/${one.id}`)} />`)}</div>`}
    <h2>${t('orders.sheet')}</h2><table class="sheet-lines"><tbody>${LINES.map((name) => html`<tr key=${name} class="is-${name}"><th scope="row">${t(`orders.sheet.${name}`)}</th><td></td></tr>`)}</tbody></table>`;
}

/** Stands beside the page while an order is open; what is printed is this and not the screen. */
export function PrintSheet({ found, regions }) {
  useEffect(() => {
    const box = document.createElement('div');
    box.className = 'print-sheet';
    document.body.append(box);
    return () => { render(null, box); box.remove(); };
  }, []);
  useEffect(() => { render(html`<${Sheet} found=${found} regions=${regions} />`, document.querySelector('.print-sheet')); });
  return null;
}
