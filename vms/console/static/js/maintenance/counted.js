// When the numbers were counted and whether the cameras are being watched: nothing old may look as if it were now.
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Age, serverNow, useTick } from '../time.js';

const OLD_S = 90;

export function Counted({ at, poller, failed }) {
  useTick();
  const old = (serverNow() - Date.parse(at)) / 1000 > OLD_S;
  return html`<p class="counted ${old || failed || !poller.watching ? 'is-old' : ''}" role="status">${old || failed ? html`<b>⚠ ${t('board.old')}</b> ` : ''}${t('board.counted')} <${Age} at=${at} /> ·
    ${poller.watching ? t('maintenance.watched', { n: Math.round(poller.interval_s ?? 0) }) : html`<b>⚠ ${t('maintenance.not_watched')}</b>`}</p>`;
}
