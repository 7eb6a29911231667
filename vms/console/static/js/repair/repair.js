// How repair is arranged, in one place: firms, who is sent, how soon, in which hours, who is told.
import { html } from '../html.js';
import { t } from '../i18n.js';
import { useRegions } from '../region_choice.js';
import { useResource } from '../resource.js';
import { setQuery } from '../router.js';
import { Alerts } from './alerts.js';
import { Calendars } from './calendars.js';
import { Channels } from './channels.js';
import { Firms } from './firms.js';
import { Levels } from './levels.js';
import { Rules } from './rules.js';

const PARTS = { firms: Firms, rules: Rules, levels: Levels, calendars: Calendars, channels: Channels, alerts: Alerts };

/** The tabs that this person may read. */
function partsOf(user) {
  const keeper = user.role === 'admin' || (user.role === 'maintainer' && !user.maintainer_id);
  const shut = [...(keeper ? [] : ['rules', 'alerts']), ...(user.role === 'admin' ? [] : ['channels'])];
  return { keeper, names: Object.keys(PARTS).filter((name) => !shut.includes(name)) };
}

export function Repair({ query, user }) {
  const { keeper, names } = partsOf(user);
  const current = names.includes(query.tab) ? query.tab : names[0];
  const list = useResource('maintenance/maintainers', {}, { everyS: 60 });
  const regions = useRegions();
  const Part = PARTS[current];
  return html`<div class="paper repair"><div class="tabs" role="tablist">${names.map((name) => html`<button type="button" role="tab" key=${name} data-tab=${name} aria-selected=${name === current}
      onClick=${() => setQuery({ tab: name, firm: null, calendar: null, channel: null, offset: null })}>${t(`repair.tab.${name}`)}</button>`)}${user.role !== 'admin' && html`<span class="push-end faint">${t('repair.read_only')}</span>`}</div>
    <div role="tabpanel"><${Part} key=${current} query=${query} user=${user} list=${list} firms=${list.data?.items ?? []} regions=${regions} mayTry=${keeper} /></div></div>`;
}
