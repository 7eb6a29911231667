// What our own side suffers from now: cut off, or too busy to poll. Meanwhile silence is not judged.
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Age, At } from '../time.js';

/** News that change it. */
export const OWN_SIDE_NEWS = ['poller.'];

const Line = ({ name, words, means, since }) => html`<p class="own-side" role="status" data-own-side=${name}><b><span aria-hidden="true">⚠</span> ${words}</b>
  <span class="own-side-since">${t('own_side.since')} <${At} at=${since} /> · <${Age} at=${since} /></span><span>${means}</span></p>`;

export function OwnSide({ poller }) {
  return html`${poller.cut_off.map((one) => html`<${Line} key=${one.ground} name="cut_off" since=${one.since} means=${t('own_side.cut_off.means')}
      words=${one.whole ? t('own_side.cut_off.whole') : t('own_side.cut_off', { ground: one.ground })} />`)}
    ${poller.held_up_since && html`<${Line} name="held_up" since=${poller.held_up_since} means=${t('own_side.held_up.means')} words=${t('own_side.held_up', { share: `${Math.round(poller.held_share * 100)} %` })} />`}`;
}
