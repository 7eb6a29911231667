// Coverage of this minute: what is seen, what is not, and why not.
import { html, useEffect, useRef, useState } from './html.js';
import { t } from './i18n.js';
import { causeName, Chips, density, Empty, metres, percent, Shown } from './parts.js';
import { Legend, MapView } from './map_view.js';
import { SeenBy, useSpot } from './map_screen.js';
import { boundsOf } from './town_map.js';
import { useResource } from './resource.js';
import { go, setQuery } from './router.js';
import { usePicked } from './search.js';
import { Age } from './time.js';

const CAUSES = ['none_built', 'blocked', 'too_coarse', 'faulty', 'no_consent'];
const MOST_ROWS = 200;

function Totals({ list }) {
  const { totals } = list;
  const share = totals.road_m ? totals.covered_road_m / totals.road_m : null;
  return html`<div class="totals"><div><b>${percent(share)}</b><span>
    ${t('coverage.roads', { covered: metres(totals.covered_road_m), all: metres(totals.road_m) })}</span></div>
    <div><b>${totals.covered_places} / ${totals.places}</b><span>${t('coverage.places')}</span></div>
    <p class="faint">${t('coverage.measured')} <${Age} at=${list.measured_at} /></p></div>`;
}

export function Coverage({ query }) {
  const gaps = useResource('coverage/gaps', {}, { refreshOn: ['camera.flip', 'camera.added', 'consent.'], everyS: 60 });
  const map = useRef(null);
  const [chosen, setChosen] = useState(null);
  const { spot, ask, close } = useSpot();
  const items = (gaps.data?.items ?? []).filter((gap) => !query.cause || gap.cause === query.cause);
  const rows = [...items].sort((a, b) => (a.kind === 'place') - (b.kind === 'place') || (b.length_m ?? 0) - (a.length_m ?? 0));
  useEffect(() => { map.current?.setGaps(items, chosen ?? ''); }, [gaps.data, query.cause, chosen]);
  usePicked((place) => {
    map.current?.flyTo(place.lon, place.lat);
    ask(place);
  });
  function show(gap) {
    setChosen(gap.id);
    const box = boundsOf([gap]);
    if (box) map.current?.fit(box, { padding: 140 });
  }
  return html`<div class="coverage">
    <aside class="coverage-list"><${Shown} resource=${gaps}>${(list) => html`<${Totals} list=${list} />
      <${Chips} label=${t('coverage.cause')} value=${query.cause} onChange=${(cause) => setQuery({ cause })}
        options=${CAUSES.map((cause) => [cause, html`<i class="cause cause-${cause}"></i>
          ${causeName(cause)}`, list.totals.by_cause_m[cause] ? metres(list.totals.by_cause_m[cause]) : undefined])} />
      ${rows.length === 0 ? html`<${Empty} title=${t('coverage.no_gaps')} />` : html`<ul class="gaps">
        ${rows.slice(0, MOST_ROWS).map((gap) => html`<li key=${gap.id}>
        <button type="button" aria-pressed=${chosen === gap.id} onClick=${() => show(gap)}><i class="cause cause-${gap.cause}"></i>
          <b>${gap.name || t(`gap.${gap.kind}`)}</b><span>${gap.length_m ? metres(gap.length_m) : gap.category}</span>
          <small>${causeName(gap.cause)}${gap.best_density_px_per_m ? ` · ${density(gap.best_density_px_per_m)}` : ''}</small></button>
            </li>`)}
        ${rows.length > MOST_ROWS && html`<li class="faint">${t('coverage.more', { n: rows.length - MOST_ROWS })}</li>`}</ul>`}`}<//>
          </aside>
    <${MapView} theme="light"
      use=${(town) => { map.current = town; town.setGaps(items, chosen ?? ''); }} onCamera=${(id) => go(`camera/${id}`)} onPlace=${ask}>
      <${Legend} />${spot && html`<${SeenBy} spot=${spot} close=${close} />`}<//>
  </div>`;
}
