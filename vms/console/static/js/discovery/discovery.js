// Discovery: sweeps and what they found, cameras that wait, doubts about identity, what was decided.
import { html } from '../html.js';
import { t } from '../i18n.js';
import { useResource } from '../resource.js';
import { setQuery } from '../router.js';
import { Actions } from './actions.js';
import { Conflicts } from './conflicts.js';
import { Pending } from './pending.js';
import { Sweeps } from './sweeps.js';

const PARTS = { sweeps: Sweeps, pending: Pending, conflicts: Conflicts, actions: Actions };
const KEEPERS = ['admin', 'maintainer'];

export function Discovery({ query, user }) {
  const keeper = KEEPERS.includes(user.role);
  const names = Object.keys(PARTS).filter((name) => keeper || name === 'conflicts');
  const current = names.includes(query.tab) ? query.tab : names[0];
  const Part = PARTS[current];
  const doubts = useResource('conflicts', { limit: 1 }, { refreshOn: ['device.', 'identity.'] });
  const waiting = useResource(keeper ? 'cameras' : null, { filter: 'life_cycle = pending', limit: 1 }, { refreshOn: ['camera.'] });
  const count = { conflicts: doubts.data?.total, pending: waiting.data?.total };
  return html`<div class="paper discovery"><div class="tabs" role="tablist">${names.map((name) => html`<button type="button" role="tab" key=${name}
      aria-selected=${name === current} onClick=${() => setQuery({ tab: name, sweep: null })}>${t(`discovery.${name}`)}
      ${count[name] > 0 && html`<small>${count[name]}</small>`}</button>`)}</div>
    <div role="tabpanel"><${Part} query=${query} user=${user} /></div></div>`;
}
