// Metres and bearings on the ground around a place: enough for the reach of one camera.
const M_PER_DEG = (6371008.8 * Math.PI) / 180;
const rad = (deg) => (deg * Math.PI) / 180;

export const turned = (deg) => ((deg % 360) + 360) % 360;

export function shifted({ lon, lat }, eastM, northM) {
  return { lon: lon + eastM / (M_PER_DEG * Math.cos(rad(lat))), lat: lat + northM / M_PER_DEG };
}

/** The place so many metres away in a direction. */
export const offset = (from, bearingDeg, metres) => shifted(from, metres * Math.sin(rad(bearingDeg)), metres * Math.cos(rad(bearingDeg)));

/** {bearing_deg, metres} from one place to another. */
export function toward(from, to) {
  const east = (to.lon - from.lon) * M_PER_DEG * Math.cos(rad(from.lat));
  const north = (to.lat - from.lat) * M_PER_DEG;
  return { bearing_deg: turned((Math.atan2(east, north) * 180) / Math.PI), metres: Math.hypot(east, north) };
}

/** The map's zoom at which so many metres are so many pixels. */
export const zoomFor = (lat, metres, px) => Math.max(14, Math.min(20, Math.log2((px * 360 * M_PER_DEG * Math.cos(rad(lat))) / (512 * metres))));
