// The whole town: every camera by its state, its view, what has fallen together, and who sees a spot.
import { html, useMemo, useRef, useState } from './html.js';
import { get } from './api.js';
import { t, tOr } from './i18n.js';
import { useKeys } from './keys.js';
import { CameraCard } from './map_card.js';
import { isWanted, MapFilter } from './map_filter.js';
import { causeName, density, Empty, metres, outageName, Status, Tier } from './parts.js';
import { Legend, MapView } from './map_view.js';
import { useRegions } from './region_choice.js';
import { useResource } from './resource.js';
import { go, link } from './router.js';
import { usePicked } from './search.js';

export function SeenBy({ spot, close }) {
  useKeys({ Escape: close });
  return html`<aside class="spot" aria-label=${t('spot.title')}>
    <header><h2>${t('spot.title')}</h2><button type="button" class="quiet" onClick=${close} aria-label=${t('action.close')}>✕</button>
      </header>
    <p class="faint">${spot.lon.toFixed(5)}, ${spot.lat.toFixed(5)}</p>
    ${spot.cause ? html`<p class="problem">${t('spot.unseen', { cause: causeName(spot.cause) })}</p>` : html`<p>
      ${t('spot.best', { density: density(spot.best_density_px_per_m) })}</p>`}
    ${spot.seen_by.length === 0 ? html`<${Empty} title=${t('spot.nobody')} />`
      : html`<ul>${spot.seen_by.map((each) => html`<li key=${each.camera_id} class=${each.usable ? '' : 'is-unusable'}>
        <a href=${link(`camera/${each.camera_id}`)}><${Tier} tier=${each.tier} status=${each.status} word=${false} /> ${each.name}</a>
        <span>${metres(each.distance_m)} · ${density(each.density_px_per_m)}</span><${Status} status=${each.status} word=${false} /></li>`)}
          </ul>`}
  </aside>`;
}

export function useSpot() {
  const [spot, setSpot] = useState(null);
  const [problem, setProblem] = useState('');
  async function ask({ lon, lat }) {
    try {
      setSpot(await get('coverage/at', { lon, lat }));
      setProblem('');
    } catch (error) {
      setProblem(error.message);
    }
  }
  return { spot, problem, ask, close: () => setSpot(null) };
}

/** The areas with what is written at them. */
function named(areas) {
  return areas && { ...areas, features: areas.features.map((area) => {
    const { kind, cameras } = area.properties;
    return { ...area, properties: { ...area.properties, label: `✕ ${tOr(`outage.kind.${kind}`, kind)} ${outageName(area.properties)}\n${t('crew.cameras', { n: cameras })}` } };
  }) };
}

export function MapScreen({ query, user }) {
  const map = useRef(null);
  const [cameraId, setCameraId] = useState(null);
  const [counts, setCounts] = useState(null);
  const { spot, problem, ask, close } = useSpot();
  const regions = useRegions();
  const areas = useResource('health/outage-areas', {}, { refreshOn: ['outage.'], everyS: 60 });
  const { status = '', tier = '', region = '', kind = '' } = query;
  const wanted = useMemo(() => isWanted({ status, tier, region, kind }), [status, tier, region, kind]);
  const outages = useMemo(() => named(areas.data), [areas.data]);
  const office = !user.maintainer_id; // what nobody sees is no business of a firm's crew
  const askSpot = (place) => { setCameraId(null); if (office) ask(place); };
  usePicked((place) => {
    map.current?.flyTo(place.lon, place.lat);
    askSpot(place);
  });
  return html`<${MapView} theme="dark" use=${(town) => { map.current = town; }} wanted=${wanted} outages=${outages} onCounted=${setCounts}
    onCamera=${(id) => { close(); setCameraId(id); }} onOutage=${(id) => go('outages', { outage: id })} onPlace=${askSpot}>
    <div class="map-tools"><${Legend} rings /><${MapFilter} query=${query} regions=${regions} counts=${counts} /></div>
    ${problem && html`<p class="map-problem" role="alert">${problem}</p>`}
    ${cameraId ? html`<${CameraCard} key=${cameraId} cameraId=${cameraId} close=${() => setCameraId(null)} />`
      : spot ? html`<${SeenBy} spot=${spot} close=${close} />` : office && html`<p class="map-hint">${t('map.hint')}</p>`}
  <//>`;
}
