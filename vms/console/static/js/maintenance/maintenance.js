// Maintenance: what needs somebody today, and the list of faults.
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Empty, Shown } from '../parts.js';
import { Pager } from '../pager.js';
import { useRegions } from '../region_choice.js';
import { useResource } from '../resource.js';
import { setQuery } from '../router.js';
import { Counted } from './counted.js';
import { OWN_SIDE_NEWS, OwnSide } from './own_side.js';
import { FaultFilter } from './fault_filter.js';
import { FaultList } from './fault_list.js';
import { Today } from './today.js';

const LIMIT = 50;
const NEWS = ['camera.flip', 'camera.added', 'camera.changed', 'fault.', 'order.', 'outage.'];
const ASKED = ['tier', 'kind', 'layer', 'severity', 'region', 'maintainer', 'state', 'ordered', 'outage_id'];

export function Maintenance({ query, user }) {
  const office = user.role === 'admin' || (user.role === 'maintainer' && !user.maintainer_id);
  const sort = query.sort ?? '-opened_at';
  const offset = Number(query.offset) || 0;
  const asked = Object.fromEntries(ASKED.map((name) => [name, query[name]]));
  const board = useResource('health/board', { by: 'tier' }, { refreshOn: [...NEWS, ...OWN_SIDE_NEWS], everyS: 15 });
  const faults = useResource('faults', { ...asked, fold: query.outage_id ? undefined : 'true', sort, limit: LIMIT, offset }, { refreshOn: NEWS, everyS: 60 });
  const firms = useResource('maintenance/maintainers');
  const regions = useRegions();
  const none = (page) => page.items.length === 0 && page.folded.length === 0 && html`<${Empty} title=${t('maintenance.no_faults')} next=${t('maintenance.no_faults.next')} />`;
  return html`<div class="paper maintenance"><${Shown} resource=${board}>${(found) => html`<${Today} board=${found} /><${Counted} at=${found.at} poller=${found.poller} failed=${board.state === 'failed'} /><${OwnSide} poller=${found.poller} />`}<//>
    <section class="faults"><${FaultFilter} query=${query} page=${faults.data} maintainers=${firms.data?.items.filter((firm) => !firm.retired_at) ?? []} regions=${regions} />
      <${Shown} resource=${faults} empty=${none}>${(page) => html`<${FaultList} page=${page} asked=${asked} sort=${sort} first=${offset === 0} user=${user} office=${office} regions=${regions} onChanged=${faults.reload} />
        <${Pager} total=${page.total} limit=${LIMIT} offset=${offset} onOffset=${(next) => setQuery({ offset: next || null })} />`}<//></section></div>`;
}
