// Where the time of the cameras went: what counts, what is left out and why, what nobody watched.
import { html } from '../html.js';
import { t } from '../i18n.js';
import { duration } from '../time.js';
import { link } from '../router.js';
import { nameOf } from './figure.js';

/** What was left out is looked at where it was decided. */
const LEADS = { notice: link('outages', { tab: 'notices', state: 'approved' }), outage: link('outages', { state: 'all' }) };

export function TimeParts({ group, parts }) {
  const all = Object.values(group.time_s).reduce((sum, seconds) => sum + seconds, 0);
  if (!all) return html`<p class="faint">${t('assessment.no_time')}</p>`;
  const share = (part) => (group.time_s[part.part] ?? 0) / all;
  return html`<div class="time-parts"><span class="bar" aria-hidden="true">${parts.filter((part) => share(part) > 0).map((part) => html`<i key=${part.part} class="part-${part.part}" style=${`flex:${share(part)}`}></i>`)}</span>
    <ul>${parts.map((part) => html`<li key=${part.part} data-part=${part.part}><i class="part-${part.part}" aria-hidden="true"></i>${LEADS[part.part] ? html`<a href=${LEADS[part.part]}>${nameOf(part)}</a>` : nameOf(part)} <b>${(share(part) * 100).toFixed(1)} %</b>
      <small class="faint">${duration(group.time_s[part.part] ?? 0)}</small></li>`)}</ul></div>`;
}
