// What a ring draws on the town's map: how far somebody can be by each minute, the ways out, the leaks, the smallest closed ring.
const FONT = ['Noto Sans CJK SC', 'Noto Sans', 'sans-serif'];
export const MINUTE_COLOURS = ['#ffd45e', '#ff9d4d', '#e0699b', '#a98bf0', '#6fa8ff', '#8e9aa6'];
const WATCHED = '#2fb9a6';
const LEAK = '#ff3b30';
const SOURCES = ['ring-areas', 'ring-lines', 'ring-cut', 'ring-points', 'ring-draft'];
const collection = (features) => ({ type: 'FeatureCollection', features });
const feature = (geometry, properties = {}) => ({ type: 'Feature', geometry, properties });
const byWatched = ['case', ['get', 'watched'], WATCHED, LEAK];
const byMinute = ['get', 'colour'];

export const minuteText = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.round(seconds) % 60).padStart(2, '0')}`;

export class RingLayers {
  constructor(town, onPoint) {
    this.town = town;
    this.ready = town.ready.then(() => {
      if (town.gone) return;
      const { map } = town;
      for (const name of SOURCES) map.addSource(name, { type: 'geojson', data: collection([]) });
      const below = map.getLayer('clusters') ? 'clusters' : undefined;
      map.addLayer({ id: 'ring-areas', type: 'fill', source: 'ring-areas', paint: { 'fill-color': byMinute, 'fill-opacity': 0.07 } }, below);
      map.addLayer({ id: 'ring-areas-edge', type: 'line', source: 'ring-areas', paint: { 'line-color': byMinute, 'line-width': 1.4, 'line-dasharray': [4, 3] } }, below);
      map.addLayer({ id: 'ring-lines', type: 'line', source: 'ring-lines', layout: { 'line-cap': 'round' }, paint: { 'line-color': byMinute, 'line-width': ['interpolate', ['linear'], ['zoom'], 12, 1.2, 16, 3.4], 'line-opacity': 0.75 } }, below);
      map.addLayer({ id: 'ring-cut', type: 'line', source: 'ring-cut', layout: { 'line-cap': 'round' }, paint: { 'line-color': byWatched, 'line-width': ['interpolate', ['linear'], ['zoom'], 12, 4, 16, 9], 'line-opacity': 0.9 } }, below);
      map.addLayer({ id: 'ring-points', type: 'circle', source: 'ring-points', paint: { 'circle-radius': ['case', ['get', 'watched'], 5, 6], 'circle-color': byWatched, 'circle-stroke-color': ['case', ['get', 'chosen'], '#ffffff', '#071018'], 'circle-stroke-width': ['case', ['get', 'chosen'], 3, 1.4] } });
      map.addLayer({ id: 'ring-times', type: 'symbol', source: 'ring-points', filter: ['has', 'label'], layout: { 'text-field': ['get', 'label'], 'text-font': FONT, 'text-size': 11.5, 'text-anchor': 'left', 'text-offset': [0.75, 0], 'text-optional': true }, paint: { 'text-color': '#ffffff', 'text-halo-color': '#071018', 'text-halo-width': 1.6 } });
      map.addLayer({ id: 'ring-draft', type: 'line', source: 'ring-draft', paint: { 'line-color': '#7a1fa2', 'line-width': 2.4 } });
      map.addLayer({ id: 'ring-draft-corners', type: 'circle', source: 'ring-draft', filter: ['==', ['geometry-type'], 'Point'], paint: { 'circle-radius': 5, 'circle-color': '#ffffff', 'circle-stroke-color': '#7a1fa2', 'circle-stroke-width': 2 } });
      map.on('click', 'ring-points', (event) => event.features?.[0] && onPoint?.(event.features[0].properties.id));
    });
  }

  async #set(name, features) {
    await this.ready;
    if (!this.town.gone) this.town.map.getSource(name).setData(collection(features));
  }

  /** The ring of an incident; `minute`: whose ways out are drawn as points. null: nothing. */
  showRing(ring, minute) {
    const minutes = ring?.minutes ?? [];
    // The widest first, so that what is reached early lies on top.
    const drawn = minutes.map((one, n) => ({ one, colour: MINUTE_COLOURS[n % MINUTE_COLOURS.length] })).reverse();
    this.#set('ring-areas', drawn.map(({ one, colour }) => feature({ type: 'MultiPolygon', coordinates: one.outline.map((outline) => [outline]) }, { colour })));
    this.#set('ring-lines', drawn.map(({ one, colour }) => feature({ type: 'MultiLineString', coordinates: one.lines }, { colour })));
    this.#set('ring-cut', (ring?.cut.arcs ?? []).map((arc) => feature({ type: 'LineString', coordinates: arc.line }, { watched: arc.watched })));
    const points = [...(ring?.watched ?? []), ...(ring?.leaks ?? [])].filter((arc) => arc.minutes === minute);
    this.#set('ring-points', points.map((arc) => feature({ type: 'Point', coordinates: [arc.lon, arc.lat] },
      { id: arc.arc_id, watched: arc.watched, chosen: false, ...(arc.watched ? { label: minuteText(Math.max(0, arc.arrives_s - ring.elapsed_s)) } : {}) })));
  }

  /** A standing ring's points. */
  showPoints(points, chosen) {
    this.#set('ring-points', points.map((point) => feature({ type: 'Point', coordinates: [point.lon, point.lat] }, { id: point.id, watched: point.watched, chosen: point.id === chosen })));
  }

  showOutline(outline) {
    this.#set('ring-areas', outline.length > 2 ? [feature({ type: 'Polygon', coordinates: [[...outline, outline[0]]] }, { colour: '#2f6fb5' })] : []);
  }

  /** The corners of what is being drawn. */
  draw(corners) {
    const points = corners.map((corner) => feature({ type: 'Point', coordinates: corner }));
    const line = corners.length > 1 ? [feature({ type: 'LineString', coordinates: corners.length > 2 ? [...corners, corners[0]] : corners })] : [];
    this.#set('ring-draft', [...line, ...points]);
  }
}
