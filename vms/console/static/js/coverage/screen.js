// Coverage: what is seen, what is not and why, now and at a moment before; how rates stand against their targets; what is seen more than needed.
import { html, useEffect, useRef, useState } from '../html.js';
import { address } from '../api.js';
import { language, t } from '../i18n.js';
import { Legend, MapView } from '../map_view.js';
import { SeenBy, useSpot } from '../map_screen.js';
import { useRegions } from '../region_choice.js';
import { useResource } from '../resource.js';
import { go, link, setQuery } from '../router.js';
import { usePicked } from '../search.js';
import { boundsOf } from '../town_map.js';
import { Figures } from './figures.js';
import { GapList } from './gap_list.js';
import { CoverageLayers } from './layers.js';
import { LayerChoice } from './layer_choice.js';
import { Moment } from './moment.js';
import { Needs } from './needs.js';
import { OneGap } from './one_gap.js';
import { Spare } from './spare.js';

const PARTS = ['gaps', 'figures', 'spare', 'needs'];
const PLANNERS = ['admin', 'reviewer', 'planner'];
const CHANGES = ['coverage.', 'camera.added', 'consent.'];

function Parts({ part }) {
  return html`<nav class="coverage-parts" aria-label=${t('nav.coverage')}>${PARTS.map((each) => html`<a key=${each} href=${link(each === 'gaps' ? 'coverage' : `coverage/${each}`)}
    aria-current=${part === each ? 'page' : undefined}>${t(`coverage.part.${each}`)}</a>`)}<a href=${address('coverage/report', { language: language() })} target="_blank" rel="noopener">${t('coverage.report')} ↗</a></nav>`;
}

function NeedsPage({ user }) {
  const regions = useRegions();
  return html`<div class="coverage-page"><${Parts} part="needs" /><${Needs} editable=${PLANNERS.includes(user.role)} regions=${regions} /></div>`;
}

export const Coverage = (given) => (given.part === 'needs' ? html`<${NeedsPage} user=${given.user} />` : html`<${OnMap} ...${given} />`);

function OnMap({ query, part: asked, system, user }) {
  const part = PARTS.includes(asked) ? asked : 'gaps';
  const { cause = '', class: ground = '', region = '', state = '', sort = '', night = '', at = '', gap: gapId = '', squares = '' } = query;
  const wanted = { cause, class: ground, region, state, sort, at, ...(night ? {} : { night: 'false' }) };
  const gaps = useResource('coverage/gaps', wanted, { refreshOn: at ? [] : CHANGES, everyS: at ? 0 : 60 });
  const spare = useResource(part === 'spare' ? 'coverage/redundancy' : null, {}, { refreshOn: CHANGES });
  const regions = useRegions();
  const map = useRef(null);
  const layers = useRef(null);
  const [ready, setReady] = useState(0);
  const { spot, ask, close } = useSpot();
  const items = gaps.data?.items ?? [];
  const showsGaps = part === 'gaps' && query.gaps !== 'off';
  useEffect(() => { map.current?.setGaps(showsGaps ? items : [], gapId); }, [gaps.data, gapId, showsGaps, ready]);
  useEffect(() => { layers.current?.setSquares(squares, Boolean(night)); }, [squares, night, gaps.data?.measured_at, ready]);
  useEffect(() => { layers.current?.setViews(query.views !== 'off'); }, [query.views, ready]);
  useEffect(() => { layers.current?.setSpots(part === 'spare' ? spare.data?.spots ?? [] : []); }, [spare.data, part, ready]);
  useEffect(() => { layers.current?.setPrices(query.prices === 'on' ? items : null); }, [gaps.data, query.prices, ready]);
  usePicked((place) => {
    map.current?.flyTo(place.lon, place.lat);
    ask(place);
  });
  const fit = (geometry) => {
    const box = boundsOf([{ geometry }]);
    if (box) map.current?.fit(box, { padding: 140 });
  };
  const open = (gap) => { setQuery({ gap: gap.id }); fit(gap.geometry); };
  function use(town) {
    map.current = town;
    layers.current = new CoverageLayers(town);
    setReady((n) => n + 1);
  }
  let side = html`<${GapList} gaps=${gaps} query=${query} regions=${regions} open=${open} />`;
  if (part === 'figures') side = html`<${Figures} night=${night} regions=${regions} />`;
  else if (part === 'spare') side = html`<${Spare} spare=${spare} show=${fit} />`;
  else if (gapId) side = html`<${OneGap} key=${gapId} id=${gapId} planner=${PLANNERS.includes(user.role)} regions=${regions} show=${fit} onDone=${gaps.reload} back=${() => setQuery({ gap: null })} />`;
  return html`<div class="coverage"><aside class="coverage-list"><${Parts} part=${part} />${side}</aside>
    <${MapView} theme="light" attribution=${system?.attribution ?? ''} use=${use} onCamera=${(id) => go(`camera/${id}`)} onPlace=${ask}>
      <div class="map-tools"><${Legend} /><${LayerChoice} query=${query} part=${part} /></div>
      ${part === 'gaps' && html`<${Moment} at=${at} />`}
      ${spot && html`<${SeenBy} spot=${spot} close=${close} />`}<//>
  </div>`;
}
