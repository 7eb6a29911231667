// How an outage's cause, its verdict and its length are said wherever they stand.
import { html } from '../html.js';
import { t, tOr } from '../i18n.js';
import { duration } from '../time.js';

const VERDICT_SIGN = { right: '✓', wrong: '✕' };

export const Cause = ({ kind }) => html`<span class="work-state">${tOr(`outage.kind.${kind}`, kind)}</span>`;
export const Verdict = ({ outage }) => outage.verdict && html`<span class="verdict is-${outage.verdict}">${VERDICT_SIGN[outage.verdict]} ${t(`outage.verdict.${outage.verdict}`)}</span>`;
export const lasted = (outage) => duration((Date.parse(outage.closed_at) - Date.parse(outage.opened_at)) / 1000);
