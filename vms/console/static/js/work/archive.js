// The archive as a whole: its figures, where records and devices do not agree, and its code tables.
import { html } from '../html.js';
import { t } from '../i18n.js';
import { setQuery } from '../router.js';
import { Codes } from './codes.js';
import { Differences } from './differences.js';
import { Figures } from './figures.js';

const PARTS = { figures: Figures, differences: Differences, codes: Codes };

export function Archive({ query, user }) {
  const current = PARTS[query.tab] ? query.tab : 'figures';
  const Part = PARTS[current];
  return html`<div class="paper archive"><div class="tabs" role="tablist">${Object.keys(PARTS).map((name) => html`<button type="button" role="tab" key=${name} data-tab=${name}
      aria-selected=${name === current} onClick=${() => setQuery({ tab: name })}>${t(`archive.${name}`)}</button>`)}</div>
    <div role="tabpanel" class="archive-${current}"><${Part} query=${query} user=${user} /></div></div>`;
}
