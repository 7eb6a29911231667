// Outages with one cause, open and past, what was announced, and what hangs on what.
import { html } from '../html.js';
import { t } from '../i18n.js';
import { setQuery } from '../router.js';
import { Notices } from './notices.js';
import { OutageList } from './outage_list.js';
import { Supply } from './supply.js';

const PARTS = { outages: OutageList, notices: Notices, supply: Supply };

export function Outages({ query, user }) {
  const current = PARTS[query.tab] ? query.tab : 'outages';
  const Part = PARTS[current];
  return html`<div class="paper outages"><div class="tabs" role="tablist">${Object.keys(PARTS).map((name) => html`<button type="button" role="tab" key=${name} data-tab=${name}
      aria-selected=${name === current} onClick=${() => setQuery({ tab: name, outage: null, node: null, source: null, q: null, sort: null, offset: null, state: null, kind: null })}>${t(`outage.tab.${name}`)}</button>`)}</div>
    <div role="tabpanel"><${Part} key=${current} query=${query} user=${user} /></div></div>`;
}
