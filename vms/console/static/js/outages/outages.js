// Outages with one cause, open and past, and what was announced.
import { html } from '../html.js';
import { t } from '../i18n.js';
import { setQuery } from '../router.js';
import { Notices } from './notices.js';
import { OutageList } from './outage_list.js';

const PARTS = { outages: OutageList, notices: Notices };

export function Outages({ query, user }) {
  const current = PARTS[query.tab] ? query.tab : 'outages';
  const Part = PARTS[current];
  return html`<div class="paper outages"><div class="tabs" role="tablist">${Object.keys(PARTS).map((name) => html`<button type="button" role="tab" key=${name} data-tab=${name}
      aria-selected=${name === current} onClick=${() => setQuery({ tab: name, outage: null, notice: null, offset: null, state: null, kind: null })}>${t(`outage.tab.${name}`)}</button>`)}</div>
    <div role="tabpanel"><${Part} key=${current} query=${query} user=${user} /></div></div>`;
}
