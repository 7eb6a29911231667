// What the coverage screen draws on the town's map beside views and gaps: squares, what is seen too often, what faults cost.
import { get } from '../api.js';

const FIRST_ABOVE = 'gaps-line';
const SPARE = '#6a3fb5';
const PRICE = '#d63c1e';
const WAIT_MS = 250;
const MOST_ASKED = 500;
const empty = { type: 'FeatureCollection', features: [] };
const SCALES = {
  share: ['interpolate', ['linear'], ['get', 'share'], 0, '#b3261e', 0.5, '#e3b341', 1, '#0e8a7c'],
  views: ['interpolate', ['linear'], ['get', 'views'], 0, '#f4e9ff', 1, '#d3b9f0', 3, '#8d57cf', 6, '#4a1a8a'],
};

export class CoverageLayers {
  constructor(town) {
    this.town = town;
    this.squares = '';
    this.ready = town.ready.then(() => {
      if (town.gone) return;
      const { map } = town;
      for (const name of ['cover-squares', 'cover-spare', 'cover-prices']) map.addSource(name, { type: 'geojson', data: empty });
      map.addLayer({ id: 'cover-squares', type: 'fill', source: 'cover-squares', paint: { 'fill-color': SCALES.share, 'fill-opacity': 0.5, 'fill-antialias': false } }, FIRST_ABOVE);
      map.addLayer({ id: 'cover-spare', type: 'line', source: 'cover-spare', layout: { 'line-cap': 'round' }, paint: { 'line-color': SPARE, 'line-width': ['interpolate', ['linear'], ['zoom'], 12, 2, 17, 8], 'line-opacity': 0.7 } });
      map.addLayer({ id: 'cover-spare-spots', type: 'circle', source: 'cover-spare', filter: ['==', ['geometry-type'], 'Point'], paint: { 'circle-radius': 6, 'circle-color': SPARE, 'circle-stroke-color': '#ffffff', 'circle-stroke-width': 1.5 } });
      map.addLayer({ id: 'cover-prices', type: 'circle', source: 'cover-prices', paint: { 'circle-color': PRICE, 'circle-opacity': 0.28, 'circle-stroke-color': PRICE, 'circle-stroke-width': 1.4,
        'circle-radius': ['interpolate', ['linear'], ['sqrt', ['get', 'price']], 0, 6, 30, 42] } });
      map.addLayer({ id: 'cover-price-words', type: 'symbol', source: 'cover-prices', minzoom: 13, layout: { 'text-field': ['get', 'words'], 'text-font': ['Noto Sans CJK SC', 'Noto Sans', 'sans-serif'], 'text-size': 11.5 },
        paint: { 'text-color': '#5c1405', 'text-halo-color': '#ffffff', 'text-halo-width': 1.5 } });
      map.on('moveend', () => this.#squaresSoon());
    });
  }

  /** `share`, `views` or nothing. */
  async setSquares(what, night) {
    this.squares = what;
    this.night = night;
    await this.ready;
    if (this.town.gone) return;
    if (SCALES[what]) this.town.map.setPaintProperty('cover-squares', 'fill-color', SCALES[what]);
    this.#squaresSoon();
  }

  #squaresSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#loadSquares(), WAIT_MS);
  }

  async #loadSquares() {
    if (this.town.gone) return;
    this.asked?.abort();
    const source = this.town.map.getSource('cover-squares');
    if (!SCALES[this.squares]) { source.setData(empty); return; }
    this.asked = new AbortController();
    const box = this.town.map.getBounds();
    const bbox = [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()].map((n) => n.toFixed(6)).join(',');
    try {
      const squares = await get('coverage/squares', { bbox, night: this.night }, { signal: this.asked.signal });
      if (!this.town.gone) source.setData(squares);
    } catch (problem) {
      if (problem.name !== 'AbortError' && !this.town.gone) this.town.onFailed?.(problem);
    }
  }

  async setViews(shown) {
    await this.ready;
    if (this.town.gone) return;
    for (const id of ['views-density', 'views', 'views-edge']) this.town.map.setLayoutProperty(id, 'visibility', shown ? 'visible' : 'none');
  }

  /** What is seen more often than asked for. */
  async setSpots(spots) {
    await this.ready;
    if (this.town.gone) return;
    this.town.map.getSource('cover-spare').setData({ type: 'FeatureCollection', features: spots.map((spot) => ({ type: 'Feature', geometry: spot.geometry, properties: { views: spot.views } })) });
  }

  /** What the faults of the cameras that these gaps name cost; null: not shown. */
  async setPrices(gaps) {
    await this.ready;
    if (this.town.gone) return;
    const source = this.town.map.getSource('cover-prices');
    const ids = [...new Set((gaps ?? []).filter((gap) => gap.cause === 'faulty').flatMap((gap) => gap.camera_ids))].slice(0, MOST_ASKED);
    if (ids.length === 0) { source.setData(empty); return; }
    try {
      const { items } = await get('coverage/price', { camera: ids });
      const features = items.filter((item) => item.placed && this.town.features.has(item.camera_id)).map((item) => ({
        type: 'Feature', geometry: this.town.features.get(item.camera_id).geometry, properties: { price: item.weighted_m, words: `${Math.round(item.road_m)} m` },
      }));
      if (!this.town.gone) source.setData({ type: 'FeatureCollection', features });
    } catch (problem) {
      if (!this.town.gone) this.town.onFailed?.(problem);
    }
  }
}
