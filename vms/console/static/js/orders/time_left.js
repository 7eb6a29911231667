// How long there is until what has to be done next, ticking: until somebody is there, then until it is repaired.
import { html } from '../html.js';
import { t } from '../i18n.js';
import { dateTime, duration, serverNow, useTick } from '../time.js';

const SOON_S = 7200;
const RUNS = ['detected', 'assigned', 'transferred', 'accepted', 'on_site'];

/** {by, what} of the deadline that comes next; null where no clock runs. */
function nextDeadline(order) {
  if (!RUNS.includes(order.state)) return null;
  const [by, what] = !order.on_site_at && order.respond_by ? [order.respond_by, 'respond'] : [order.repair_by, 'repair'];
  return by && { by, what };
}

export function TimeLeft({ order }) {
  useTick();
  const next = nextDeadline(order);
  if (!next) return html`<span class="faint">—</span>`;
  const left = (Date.parse(next.by) - serverNow()) / 1000;
  const [tone, sign] = left < 0 ? ['late', '▲'] : left < SOON_S ? ['soon', '◔'] : ['calm', ''];
  return html`<span class="time-left is-${tone}" title=${dateTime(next.by)}>${sign && html`<i aria-hidden="true">${sign}</i>`}
    ${left < 0 ? t('crew.late', { time: duration(-left) }) : t('crew.left', { time: duration(left) })}
    <small>${t(`orders.until.${next.what}`)}</small></span>`;
}
