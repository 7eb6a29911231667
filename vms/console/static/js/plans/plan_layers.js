// What a plan draws on the town's map: its area, the new cameras with where they look, and the polygon that is being drawn.
const ACCENT = '#7a1fa2';
const OTHER = '#1f6fb5';
const PRIVATE = '#b3261e';
const FONT = ['Open Sans Regular'];
const M_PER_DEG = 111194.93;
const empty = { type: 'FeatureCollection', features: [] };
const collection = (features) => ({ type: 'FeatureCollection', features });
const feature = (geometry, properties = {}) => ({ type: 'Feature', geometry, properties });
const STEP_DEG = 6;
const ARROW_M = 30;
const NUMBER_M = 13;

/** A point so many metres away. */
function away(lon, lat, bearingDeg, metres) {
  const rad = (bearingDeg * Math.PI) / 180;
  return [lon + (Math.sin(rad) * metres) / (M_PER_DEG * Math.cos((lat * Math.PI) / 180)), lat + (Math.cos(rad) * metres) / M_PER_DEG];
}

/** Where each lens of a camera looks. */
const looks = (one, type) => (type?.lenses_deg ?? [0]).map((off) => ({ ...one, bearing_deg: one.bearing_deg + off }));

function sector({ lon, lat, bearing_deg: bearing }, { h_fov_deg: fov, range_m: range }) {
  const around = fov >= 360;
  const steps = Math.max(2, Math.ceil(fov / STEP_DEG));
  const arc = Array.from({ length: steps + 1 }, (_, k) => away(lon, lat, bearing - fov / 2 + (fov * k) / steps, range));
  return { type: 'Polygon', coordinates: [around ? [...arc, arc[0]] : [[lon, lat], ...arc, [lon, lat]]] };
}

const byChosen = (chosen, yes, no) => ['case', ['==', ['get', 'number'], chosen ?? -1], yes, no];

export class PlanLayers {
  constructor(town, onCamera) {
    this.town = town;
    this.ready = town.ready.then(() => {
      if (town.gone) return;
      const { map } = town;
      for (const name of ['plan-area', 'plan-views', 'plan-arrows', 'plan-sites', 'plan-cameras', 'plan-draft', 'plan-private']) map.addSource(name, { type: 'geojson', data: empty });
      const colour = ['case', ['get', 'other'], OTHER, ACCENT];
      map.addLayer({ id: 'plan-private', type: 'fill', source: 'plan-private', paint: { 'fill-color': PRIVATE, 'fill-opacity': 0.25, 'fill-outline-color': PRIVATE } });
      map.addLayer({ id: 'plan-area', type: 'line', source: 'plan-area', paint: { 'line-color': ACCENT, 'line-width': 2, 'line-dasharray': [3, 2] } });
      map.addLayer({ id: 'plan-views', type: 'fill', source: 'plan-views', paint: { 'fill-color': colour, 'fill-opacity': 0.1 } });
      map.addLayer({ id: 'plan-arrows', type: 'line', source: 'plan-arrows', layout: { 'line-cap': 'round', 'line-join': 'round' }, paint: { 'line-color': colour, 'line-width': 2.6 } });
      map.addLayer({ id: 'plan-sites', type: 'circle', source: 'plan-sites', paint: { 'circle-radius': 4, 'circle-color': colour, 'circle-stroke-color': '#ffffff', 'circle-stroke-width': 1.2 } });
      map.addLayer({ id: 'plan-cameras', type: 'circle', source: 'plan-cameras', paint: { 'circle-radius': 8.5, 'circle-color': colour, 'circle-stroke-color': '#ffffff', 'circle-stroke-width': 1.6 } });
      map.addLayer({ id: 'plan-numbers', type: 'symbol', source: 'plan-cameras', layout: { 'text-field': ['to-string', ['get', 'number']], 'text-font': FONT, 'text-size': 11, 'text-allow-overlap': true, 'text-ignore-placement': true }, paint: { 'text-color': '#ffffff' } });
      map.addLayer({ id: 'plan-draft', type: 'line', source: 'plan-draft', paint: { 'line-color': ACCENT, 'line-width': 2.4 } });
      map.addLayer({ id: 'plan-draft-fill', type: 'fill', source: 'plan-draft', filter: ['==', ['geometry-type'], 'Polygon'], paint: { 'fill-color': ACCENT, 'fill-opacity': 0.1 } });
      map.addLayer({ id: 'plan-draft-corners', type: 'circle', source: 'plan-draft', filter: ['==', ['geometry-type'], 'Point'], paint: { 'circle-radius': 5, 'circle-color': '#ffffff', 'circle-stroke-color': ACCENT, 'circle-stroke-width': 2 } });
      map.on('click', 'plan-cameras', (event) => {
        const hit = event.features?.[0];
        if (hit && !hit.properties.other) onCamera(hit.properties.number);
      });
    });
  }

  /** {area, cameras, others, types, chosen}: `others` of a plan that this one is compared with. */
  async show({ area, cameras, others = [], types, chosen }) {
    await this.ready;
    if (this.town.gone) return;
    const { map } = this.town;
    const known = Object.fromEntries((types ?? []).map((type) => [type.name, type]));
    const place = (one) => `${one.lon} ${one.lat} ${one.bearing_deg} ${one.type}`;
    const ours = new Set(cameras.map(place));
    const all = [...others.filter((one) => !ours.has(place(one))).map((one) => ({ ...one, other: true })), ...cameras.map((one) => ({ ...one, other: false }))];
    const about = ({ number, other }) => ({ number, other });
    const views = all.filter((one) => known[one.type]);
    map.getSource('plan-area').setData(area ? feature(area) : empty);
    map.getSource('plan-views').setData(collection(views.flatMap((one) => looks(one, known[one.type]).map((look) => feature(sector(look, known[one.type]), about(one))))));
    map.getSource('plan-arrows').setData(collection(all.filter((one) => (known[one.type]?.h_fov_deg ?? 0) < 360).flatMap((one) => looks(one, known[one.type])).map((one) => {
      const tip = away(one.lon, one.lat, one.bearing_deg, ARROW_M);
      const barbs = [-1, 1].map((side) => away(tip[0], tip[1], one.bearing_deg + 180 + side * 28, 8));
      return feature({ type: 'LineString', coordinates: [[one.lon, one.lat], tip, barbs[0], tip, barbs[1]] }, about(one));
    })));
    map.getSource('plan-sites').setData(collection(all.map((one) => feature({ type: 'Point', coordinates: [one.lon, one.lat] }, about(one)))));
    // The number rides on the arrow, so that several cameras of one pole can be told apart.
    map.getSource('plan-cameras').setData(collection(all.map((one) => feature({ type: 'Point', coordinates: away(one.lon, one.lat, one.bearing_deg, (known[one.type]?.h_fov_deg ?? 0) < 360 ? NUMBER_M : 0) }, about(one)))));
    map.setPaintProperty('plan-cameras', 'circle-radius', byChosen(chosen, 13, 9));
    map.setPaintProperty('plan-views', 'fill-opacity', byChosen(chosen, 0.35, chosen ? 0.06 : 0.12));
  }

  /** Areas that nobody may look into. */
  async mark(areas) {
    await this.ready;
    if (this.town.gone) return;
    this.town.map.getSource('plan-private').setData(collection(areas.map((area) => feature(area.shape))));
  }

  /** The corners of what is being drawn. */
  async draw(corners) {
    await this.ready;
    if (this.town.gone) return;
    const points = corners.map((corner) => feature({ type: 'Point', coordinates: corner }));
    const shape = corners.length > 2 ? [feature({ type: 'Polygon', coordinates: [[...corners, corners[0]]] })]
      : corners.length === 2 ? [feature({ type: 'LineString', coordinates: corners })] : [];
    this.town.map.getSource('plan-draft').setData(collection([...shape, ...points]));
  }
}
