// The state of an order: word and tone.
import { html } from '../html.js';
import { t } from '../i18n.js';

/** In the order of the work; the last ones stand beside it. */
export const OPEN_STATES = ['detected', 'assigned', 'transferred', 'accepted', 'on_site', 'repaired', 'verified', 'suspended'];
const TONE = { detected: 'failed', assigned: 'sent', transferred: 'sent', accepted: 'sent', on_site: 'running', suspended: 'paused', repaired: 'done', verified: 'done' };

export const OrderState = ({ state }) => html`<span class="work-state is-${TONE[state] ?? 'over'}">${t(`order.state.${state}`)}</span>`;
