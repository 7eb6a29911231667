// The cameras as points of the map, as the server tells them in short rows.
import { address } from './api.js';

/** The most that are asked for by their ids in one question; the server takes no more. */
const AT_ONCE = 200;
/** Where more have changed, all are asked for: that answer lies ready. */
export const MOST_ASKED = 1000;

function feature([id, lon, lat, name, tier, status, region, kinds, ill]) {
  const properties = { id, name, tier, status };
  if (region) properties.region = region;
  if (kinds) properties.kinds = kinds;
  if (ill) properties.ill = true;
  return { type: 'Feature', id, geometry: { type: 'Point', coordinates: [lon, lat] }, properties };
}

async function ask(query) {
  const answer = await fetch(address('map/cameras') + query, { credentials: 'same-origin' });
  if (!answer.ok) throw new Error(`map/cameras: ${answer.status}`);
  return (await answer.json()).rows.map(feature);
}

/** All that this reader may know of. */
export const allPoints = () => ask('');

/** Of these cameras; who is not in the answer is not on the map any more. */
export async function pointsOf(ids) {
  const found = [];
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    found.push(...await ask(`?${ids.slice(from, from + AT_ONCE).map((id) => `id=${id}`).join('&')}`));
  }
  return found;
}
