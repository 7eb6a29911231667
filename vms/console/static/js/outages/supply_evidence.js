// How a learnt connection is known: what fell together how often, and how sure that is.
import { html } from '../html.js';
import { t } from '../i18n.js';
import { At } from '../time.js';

export function Evidence({ node }) {
  const { events, surely, spread_s: spread, last_at: last } = node.evidence;
  if (node.source !== 'learnt' || events === undefined) return null;
  return html`<small class="why evidence">${t('supply.evidence', { n: events, spread: Math.ceil(spread ?? 0), sure: `${Math.round((surely ?? 0) * 100)} %` })}${last && html` · <${At} at=${last} />`}</small>`;
}
