// What goes blind if this dies: numbers, a map with those cameras, and the list.
import { html, useEffect, useRef } from '../html.js';
import { t } from '../i18n.js';
import { MapView } from '../map_view.js';
import { metres, Shown, Status, Tier } from '../parts.js';
import { useResource } from '../resource.js';
import { go, link } from '../router.js';

const SHOWN = 200;
const REGIONS = 6;

function BlindMap({ cameras }) {
  const map = useRef(null);
  const placed = cameras.filter((camera) => camera.lon !== null);
  useEffect(() => { map.current?.setCameras(placed); }, [cameras]);
  if (placed.length === 0) return html`<p class="note">${t('supply.no_places')}</p>`;
  return html`<div class="impact-map" data-placed=${placed.length}><${MapView} theme="light" showCameras=${false} use=${(town) => { map.current = town; town.setCameras(placed); }} onCamera=${(id) => go(`camera/${id}`)} /></div>`;
}

function Loss({ loss }) {
  return loss && html`<p>${t('supply.loss', { road: metres(loss.road_m), n: loss.places.length })}${loss.places.length > 0 && html` <b>${loss.places.join(t('word.comma'))}</b>`}</p>`;
}

/** `path` of the question, `query` with it. */
export function Impact({ path, query = {} }) {
  const impact = useResource(path, query, { refreshOn: ['supply.'] });
  return html`<${Shown} resource=${impact}>${(found) => html`<div class="impact" data-blind=${found.cameras}><p><b class="score">${found.cameras.toLocaleString()}</b> ${t('supply.blind')} · ${t('supply.class_one', { n: found.class_one })} · ${t('supply.down', { n: found.already_down })}</p>
    <p class="chips">${Object.entries(found.by_tier).map(([tier, n]) => html`<span key=${tier}><${Tier} tier=${tier} /> <b>${n.toLocaleString()}</b></span>`)}${found.by_region.slice(0, REGIONS).map((region) => html`<span key=${region.code} class="faint">${region.name || t('maintenance.no_region')} <b>${region.cameras.toLocaleString()}</b></span>`)}</p>
    <${Loss} loss=${found.loss} />${found.cameras > 0 && html`<${BlindMap} cameras=${found.listed} />`}<p class="note">${t('supply.hint')}</p>
    <div class="table-box"><table class="list"><tbody>${found.listed.slice(0, SHOWN).map((camera) => html`<tr key=${camera.camera_id} data-camera=${camera.camera_id}><th scope="row"><a href=${link(`camera/${camera.camera_id}`)}>${camera.name}</a></th>
      <td><${Tier} tier=${camera.tier} /></td><td><${Status} status=${camera.status} /></td></tr>`)}</tbody></table></div>
    ${found.cameras > SHOWN && html`<p class="faint">${t('edit.and_more', { n: found.cameras - SHOWN })}</p>`}</div>`}<//>`;
}
