// The planner's page: plans on the left, the town on the right; one is drawn, worked out, looked at, compared, turned into work.
import { html, useEffect, useRef, useState } from '../html.js';
import { Legend, MapView } from '../map_view.js';
import { boundsOf } from '../town_map.js';
import { useResource } from '../resource.js';
import { go, setQuery } from '../router.js';
import { usePicked } from '../search.js';
import { Compare } from './compare.js';
import { NewPlan } from './new_plan.js';
import { OnePlan } from './one_plan.js';
import { PlanLayers } from './plan_layers.js';
import { PlanList } from './plan_list.js';
import { PrivateForm } from './private_form.js';

const PLANNERS = ['admin', 'reviewer', 'planner'];
const MOST_PRIVATE = 500;
const NOTHING = { area: null, cameras: [], types: [], others: [], chosen: null };

export function Plans({ query, user, system }) {
  const map = useRef(null);
  const layers = useRef(null);
  const [shown, setShown] = useState(NOTHING);
  const [corners, setCorners] = useState([]);
  const drawing = Boolean(query.new);
  const planner = PLANNERS.includes(user.role);
  const fitted = useRef(null);
  const areas = useResource('coverage/private-areas', { limit: MOST_PRIVATE });

  useEffect(() => { layers.current?.show(shown); }, [shown]);
  useEffect(() => { layers.current?.draw(drawing ? corners : []); }, [corners, drawing]);
  useEffect(() => { layers.current?.mark(areas.data?.items ?? []); }, [areas.data]);
  useEffect(() => { if (!query.plan) setShown(NOTHING); }, [query.plan]);
  useEffect(() => {
    const key = shown.area && JSON.stringify(shown.area);
    if (!key || fitted.current === key) return;
    fitted.current = key;
    map.current?.fit(boundsOf([{ geometry: shown.area }]), { padding: 60 });
  }, [shown.area]);
  usePicked((place) => map.current?.flyTo(place.lon, place.lat));

  function use(town) {
    map.current = town;
    layers.current = new PlanLayers(town, (number) => setShown((before) => ({ ...before, chosen: number })));
    layers.current.show(shown);
    layers.current.draw(drawing ? corners : []);
    layers.current.mark(areas.data?.items ?? []);
  }
  const list = () => { setCorners([]); setQuery({ plan: null, with: null, new: null }); };
  let side = html`<${PlanList} planner=${planner} open=${(id) => setQuery({ plan: id })} draw=${(what) => setQuery({ new: what })} />`;
  if (query.new === 'private' && planner) side = html`<${PrivateForm} areas=${areas} corners=${corners} setCorners=${setCorners} back=${list} />`;
  else if (drawing && planner) side = html`<${NewPlan} corners=${corners} setCorners=${setCorners} back=${list} onAsked=${(plan) => { setCorners([]); setQuery({ new: null, plan: plan.id }); }} />`;
  else if (query.plan && query.with) side = html`<${Compare} key=${`${query.plan}-${query.with}`} one=${query.plan} other=${query.with} show=${setShown} back=${() => setQuery({ with: null })} />`;
  else if (query.plan) side = html`<${OnePlan} key=${query.plan} id=${query.plan} planner=${planner} shown=${shown} show=${setShown} back=${list} compare=${(id) => setQuery({ with: id })} />`;
  return html`<div class="plans"><aside class="plans-side">${side}</aside>
    <${MapView} theme="light" attribution=${system?.attribution ?? ''} use=${use} placing=${drawing} onCamera=${(id) => go(`camera/${id}`)}
      onPlace=${(place) => drawing && setCorners((before) => [...before, [place.lon, place.lat]])}><${Legend} /><//></div>`;
}
