// The whole town: every camera, its view, and who sees a spot.
import { html, useRef, useState } from './html.js';
import { get } from './api.js';
import { t } from './i18n.js';
import { causeName, density, Empty, metres, Status, Tier } from './parts.js';
import { Legend, MapView } from './map_view.js';
import { go, link } from './router.js';
import { usePicked } from './search.js';

export function SeenBy({ spot, close }) {
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

export function MapScreen({ system }) {
  const map = useRef(null);
  const { spot, problem, ask, close } = useSpot();
  usePicked((place) => {
    map.current?.flyTo(place.lon, place.lat);
    ask(place);
  });
  return html`<${MapView} theme="dark" attribution=${system?.attribution ?? ''} use=${(town) => { map.current = town; }}
    onCamera=${(id) => go(`camera/${id}`)} onPlace=${ask}>
    <${Legend} />
    ${problem && html`<p class="map-problem" role="alert">${problem}</p>`}
    ${spot ? html`<${SeenBy} spot=${spot} close=${close} />` : html`<p class="map-hint">${t('map.hint')}</p>`}
  <//>`;
}
