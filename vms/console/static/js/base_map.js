// The ground of the map: the town's own vector tiles, or pictures of the source that the office has configured.
import { address } from './api.js';
import { hasGraphicsCard } from './graphics.js';
import { wordsUnder } from './i18n.js';
import { GROUND } from './map_colours.js';

export const FONT = ['Noto Sans CJK SC', 'Noto Sans', 'sans-serif'];
const BIG = ['motorway', 'trunk', 'primary', 'secondary', 'tertiary', 'motorway_link', 'trunk_link', 'primary_link', 'secondary_link'];
const PATHS = ['footway', 'path', 'steps', 'cycleway', 'pedestrian', 'track', 'corridor', 'bridleway'];
const FIRST_ABOVE = 'views-density';
const NAMED = ['road-names', 'water-names', 'place-names'];
const kindIn = (kinds) => ['in', ['get', 'kind'], ['literal', kinds]];
const byZoom = (...stops) => ['interpolate', ['exponential', 1.6], ['zoom'], ...stops];

let known = null;
/** What the ground is drawn of; asked once for all maps of the page, and again when the map has changed. */
export function theBaseMap({ again = false } = {}) {
  if (again) known = null;
  known ??= fetch(address('map/base'), { credentials: 'same-origin' }).then((answer) => {
    if (!answer.ok) throw new Error(`map/base: ${answer.status}`);
    return answer.json();
  }).catch((problem) => {
    known = null;
    throw problem;
  });
  return known;
}

/** Names as this reader reads them, else as people there write them; a place without one is called what it is. */
function nameIn(language) {
  const name = ['get', 'name'];
  const kinds = wordsUnder('kind.').flatMap(([kind, word]) => [kind.replaceAll('_', ' '), word]);
  return ['coalesce', ['get', language === 'zh' ? 'name_zh' : 'name_en'], kinds.length ? ['match', name, ...kinds, name] : name];
}
const tilesOf = (base) => [base.tiles.startsWith('map/') ? location.origin + address(base.tiles) : base.tiles];

function source(base) {
  const common = { tiles: tilesOf(base), attribution: base.attribution, minzoom: base.min_zoom, maxzoom: base.max_zoom };
  return base.kind === 'own' ? { type: 'vector', ...common } : { type: 'raster', tileSize: base.tile_px, ...common };
}

/** Where the processor draws, small things begin a little nearer: at their first zooms they are many and a few pixels wide. */
const begins = (zoom, withoutCard) => ({ minzoom: hasGraphicsCard() ? zoom : withoutCard });

function groundLayers(ground) {
  const road = (id, filter, colour, width, layer = 'road') => ({ id, type: 'line', source: 'base', 'source-layer': layer, filter,
    layout: { 'line-cap': 'round', 'line-join': 'round' }, paint: { 'line-color': colour, 'line-width': width } });
  const brook = ['==', ['get', 'kind'], 'stream'];
  return [
    { id: 'green', type: 'fill', source: 'base', 'source-layer': 'land', filter: ['==', ['get', 'kind'], 'green'], paint: { 'fill-color': ground.green, 'fill-antialias': false } },
    { id: 'water', type: 'fill', source: 'base', 'source-layer': 'land', filter: ['==', ['get', 'kind'], 'water'], paint: { 'fill-color': ground.water, 'fill-outline-color': ground.waterEdge } },
    road('waterways', ['!', ['has', 'tunnel']], ground.water, ['interpolate', ['exponential', 1.6], ['zoom'], 12, ['case', brook, 0.4, 1.2], 18, ['case', brook, 3, 12]], 'waterway'),
    { ...road('roads-casing', ['!', kindIn(PATHS)], ground.casing, byZoom(12, 1.4, 15, 5, 18, 17)), ...begins(0, 15.2) },
    road('roads-big-casing', kindIn(BIG), ground.casing, byZoom(11, 2, 15, 7, 18, 25)),
    { ...road('paths', kindIn(PATHS), ground.path, byZoom(14, 0.5, 18, 3)), ...begins(0, 15) },
    road('roads', ['!', kindIn([...PATHS, ...BIG])], ground.road, byZoom(12, 0.8, 15, 3, 18, 14)),
    road('roads-big', kindIn(BIG), ground.roadBig, byZoom(8, 0.8, 11, 1.2, 15, 5, 18, 22)),
    { ...road('railways', ['!', ['has', 'tunnel']], ground.rail, byZoom(12, 0.6, 18, 2.5), 'railway'), layout: {} },
    { id: 'buildings', type: 'fill', source: 'base', 'source-layer': 'building', ...begins(13, 15.2),
      paint: { 'fill-opacity-transition': { duration: 0 }, 'fill-color': ground.building, 'fill-outline-color': ground.buildingEdge, 'fill-antialias': ['step', ['zoom'], false, hasGraphicsCard() ? 15 : 17, true] } },
  ];
}

function labelLayers(ground, language) {
  const text = { 'text-color': ground.label, 'text-halo-color': ground.halo, 'text-halo-width': 1.4 };
  const name = nameIn(language);
  return [
    { id: 'road-names', type: 'symbol', source: 'base', 'source-layer': 'road', ...begins(13, 14), filter: ['all', ['has', 'name'], ['!', kindIn(PATHS)]],
      layout: { 'symbol-placement': 'line', 'text-field': name, 'text-font': FONT, 'text-size': 11.5, 'symbol-spacing': 260 }, paint: text },
    { id: 'water-names', type: 'symbol', source: 'base', 'source-layer': 'waterway', minzoom: 13, filter: ['has', 'name'],
      layout: { 'symbol-placement': 'line', 'text-field': name, 'text-font': FONT, 'text-size': 11.5, 'symbol-spacing': 400 }, paint: { ...text, 'text-color': ground.waterName } },
    { id: 'place-names', type: 'symbol', source: 'base', 'source-layer': 'place', minzoom: 15, filter: ['all', ['==', ['get', 'kind'], 'key_place'], ['has', 'name']],
      layout: { 'text-field': name, 'text-font': FONT, 'text-size': 11, 'text-max-width': 8, 'text-optional': true },
      paint: { ...text, 'text-color': ground.place } },
  ];
}

/** Laid under everything else; the names lie under the cameras. */
export function layGround(map, theme, base, language) {
  const ground = GROUND[theme];
  map.addSource('base', source(base));
  if (base.kind !== 'own') {
    map.addLayer({ id: 'pictures', type: 'raster', source: 'base' }, FIRST_ABOVE);
    return;
  }
  groundLayers(ground).forEach((layer) => map.addLayer(layer, FIRST_ABOVE));
  labelLayers(ground, language).forEach((layer) => map.addLayer(layer, 'incidents-halo'));
}

/** The map has changed: its tiles are asked for anew. */
export function renewGround(map, base) {
  const laid = map.getSource('base');
  if (laid && base.kind === 'own') laid.setTiles(tilesOf(base));
}

export function nameGround(map, language) {
  NAMED.filter((id) => map.getLayer(id)).forEach((id) => map.setLayoutProperty(id, 'text-field', nameIn(language)));
}
