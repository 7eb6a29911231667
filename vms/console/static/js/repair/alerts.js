// What was told to whom: collected, sent, tried again, given up.
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Pager } from '../pager.js';
import { becauseWords, Empty, Shown } from '../parts.js';
import { useResource } from '../resource.js';
import { link, setQuery } from '../router.js';
import { said } from '../said.js';
import { Age, At } from '../time.js';

const LIMIT = 50;
const EVERY_S = 5;
const SHOWN = 3;
const TRIAL = 'trial';
const TONE = { collecting: 'paused', sending: 'running', sent: 'done', given_up: 'failed' };

/** What a person wrote stays as it is; a fault's codes are put in words. */
function causeWords(cause) {
  const words = said(cause);
  return words === cause ? becauseWords(cause) : words;
}

function Item({ item }) {
  const trial = item.moment === TRIAL;
  const words = trial ? t(`moment.${TRIAL}`) : `${t(`moment.${item.moment}`)} ${item.number}`;
  return html`<li>${item.order_id && !trial ? html`<a href=${link(`orders/${item.order_id}`)}>${words}</a>` : words} ${!trial && html`<span class="faint">${causeWords(item.cause)}${item.cameras > 1 && ` · ${t('crew.cameras', { n: item.cameras })}`}</span>`}</li>`;
}

function Row({ alert }) {
  return html`<tr data-alert=${alert.id} data-state=${alert.state}><td><span class="work-state is-${TONE[alert.state]}">${t(`alert.state.${alert.state}`)}</span></td><th scope="row">${alert.channel}</th>
    <td class="wide-cell"><ul>${alert.items.slice(0, SHOWN).map((item, n) => html`<${Item} key=${n} item=${item} />`)}</ul>${alert.items.length > SHOWN && html`<small class="faint">${t('edit.and_more', { n: alert.items.length - SHOWN })}</small>`}</td>
    <td><${Age} at=${alert.opened_at} /></td><td>${alert.sent_at ? html`<${At} at=${alert.sent_at} />` : html`<small class="faint">${t('alert.due')} <${At} at=${alert.due_at} short=${true} /></small>`}</td><td class="number-cell">${alert.tries}</td><td class="wrap-cell">${said(alert.answer) || '—'}</td></tr>`;
}

export function Alerts({ query }) {
  const offset = Number(query.offset) || 0;
  const list = useResource('maintenance/alerts', { limit: LIMIT, offset }, { everyS: EVERY_S });
  const none = (page) => page.items.length === 0 && html`<${Empty} title=${t('alert.none')} next=${t('alert.none.next')} />`;
  return html`<${Shown} resource=${list} empty=${none}>${(page) => html`<div class="table-box"><table class="list"><thead><tr><th scope="col">${t('orders.state')}</th><th scope="col">${t('channels.name')}</th><th scope="col">${t('alert.items')}</th>
      <th scope="col">${t('alert.opened')}</th><th scope="col">${t('alert.sent')}</th><th scope="col" class="number-cell">${t('alert.tries')}</th><th scope="col">${t('alert.answer')}</th></tr></thead><tbody>${page.items.map((alert) => html`<${Row} key=${alert.id} alert=${alert} />`)}</tbody></table></div>
    <${Pager} total=${page.total} limit=${LIMIT} offset=${offset} onOffset=${(next) => setQuery({ offset: next || null })} />`}<//>`;
}
