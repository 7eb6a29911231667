// One line for all that fell together: the cause, how many, since when, the order; opens to its cameras.
import { html } from '../html.js';
import { t, tOr } from '../i18n.js';
import { metres, outageName } from '../parts.js';
import { link } from '../router.js';
import { Age } from '../time.js';
import { OrderOf } from './fault_row.js';

export function FoldedRow({ outage, wide, open, onOpen }) {
  return html`<tr class="is-folded" data-outage=${outage.outage_id}>${wide && html`<td></td>`}<td class="number-cell"><b>${t('crew.cameras', { n: outage.cameras.toLocaleString() })}</b></td>
    <th scope="row" colspan="3"><button type="button" class="link" aria-expanded=${open} onClick=${onOpen}><span aria-hidden="true">${open ? '▾' : '▸'}</span> ${tOr(`outage.kind.${outage.kind}`, outage.kind)} ${outageName(outage)}</button>
      <a class="why" href=${link('outages', { outage: outage.outage_id })}>${outage.whole ? t('fault.fell_together') : t('outage.part')}</a></th>
    <td><${Age} at=${outage.opened_at} /></td><td class="number-cell">${outage.order?.loss == null ? html`<span class="faint">—</span>` : metres(outage.order.loss)}</td>
    <td>${outage.order ? html`<${OrderOf} order=${outage.order} />` : html`<span class="faint">—</span>`}</td><td></td>${wide && html`<td></td>`}</tr>`;
}
