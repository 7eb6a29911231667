// Recordings: camera by camera what each of the last days holds, and the plans that say what they should.
import { html } from '../html.js';
import { t } from '../i18n.js';
import { mayLeave } from '../repair/unsaved.js';
import { setQuery } from '../router.js';
import { Matrix } from './matrix.js';
import { Plans } from './plans.js';

const PARTS = { days: Matrix, plans: Plans };
const NOTHING = { plan: null, without_plan: null, state: null, region: null, tier: null, maintainer: null, sort: null, offset: null, at: null };

export function Recordings({ query, user }) {
  const current = PARTS[query.tab] ? query.tab : 'days';
  const Part = PARTS[current];
  const turn = (name) => name !== current && mayLeave() && setQuery({ tab: name, ...NOTHING });
  return html`<div class="paper recordings"><div class="tabs" role="tablist">${Object.keys(PARTS).map((name) => html`<button type="button" role="tab" key=${name} data-tab=${name}
      aria-selected=${name === current} onClick=${() => turn(name)}>${t(`recordings.tab.${name}`)}</button>`)}</div>
    <div role="tabpanel"><${Part} key=${current} query=${query} user=${user} /></div></div>`;
}
