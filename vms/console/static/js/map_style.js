// The style of the town's map: views, gaps, cameras; the ground below them is laid by base_map.js.
// No glyph or sprite server is named: all is local.
import { FONT } from './base_map.js';
import { hasGraphicsCard } from './graphics.js';
import { GAP_COLOURS, GROUND, STATE_COLOURS } from './map_colours.js';
import { TWELFTHS } from './map_images.js';

const empty = { type: 'FeatureCollection', features: [] };
const byZoom = (...stops) => ['interpolate', ['exponential', 1.6], ['zoom'], ...stops];

function byStatus(theme, part = 'fill') {
  const colours = STATE_COLOURS[theme];
  return ['match', ['get', 'status'], 'up', colours.up[part], 'suspect', colours.suspect[part], 'down', colours.down[part], colours.unknown[part]];
}

function background(ground) {
  return { id: 'background', type: 'background', paint: { 'background-color': ground.background } };
}

/** A camera's state as the page keeps it: tiles do not tell it. */
function byState(theme) {
  const colours = STATE_COLOURS[theme];
  return ['match', ['feature-state', 'status'], 'suspect', colours.suspect.fill, 'down', colours.down.fill, 'unknown', colours.unknown.fill, colours.up.fill];
}

/** Far out how many cameras there are, near by what each sees; paler where nobody told where it looks. */
function viewLayers(theme, shown) {
  const chosen = ['in', ['get', 'camera_id'], ['literal', []]];
  const visible = shown ? 'visible' : 'none';
  const layer = (id, type, from, more) => ({ id, type, source: 'views', 'source-layer': from, layout: { visibility: visible }, ...more });
  const solid = ['!', ['has', 'behind']];
  return [
    layer('views-density', 'fill', 'density', { paint: { 'fill-color': STATE_COLOURS[theme].up.fill, 'fill-antialias': false,
      'fill-opacity': ['interpolate', ['linear'], ['ln', ['+', 1, ['get', 'per_km2']]], 0, 0, 3, 0.06, 6, 0.2, 9, 0.42] } }),
    layer('views', 'fill', 'view', { paint: { 'fill-antialias': false, 'fill-color': byState(theme), 'fill-opacity': ['case', ['has', 'reach'], 0.05, 0.13] } }),
    layer('views-edge', 'line', 'view', { minzoom: hasGraphicsCard() ? 15.5 : 17, filter: solid, paint: { 'line-color': byState(theme), 'line-opacity': 0.3, 'line-width': 0.8 } }),
    layer('views-chosen', 'fill', 'view', { filter: chosen, paint: { 'fill-color': byState(theme), 'fill-opacity': 0.3 } }),
    layer('views-chosen-edge', 'line', 'view', { filter: ['all', chosen, solid], paint: { 'line-color': byState(theme), 'line-width': 1.6 } }),
  ];
}

function gapLayers() {
  const colour = ['match', ['get', 'cause'], ...Object.entries(GAP_COLOURS).flat(), '#777777'];
  return [
    { id: 'gaps-line', type: 'line', source: 'gaps', filter: ['!=', ['geometry-type'], 'Point'],
      layout: { 'line-cap': 'round' }, paint: { 'line-color': colour, 'line-width': byZoom(12, 2, 17, 7), 'line-opacity': 0.85 } },
    { id: 'gaps-point', type: 'circle', source: 'gaps', filter: ['==', ['geometry-type'], 'Point'],
      paint: { 'circle-color': colour, 'circle-radius': 6, 'circle-stroke-color': '#ffffff', 'circle-stroke-width': 2 } },
    { id: 'gaps-chosen', type: 'line', source: 'gaps', filter: ['==', ['get', 'id'], ''],
      layout: { 'line-cap': 'round' }, paint: { 'line-color': '#10181f', 'line-width': byZoom(12, 4, 17, 12), 'line-opacity': 0.5 } },
  ];
}

/** Who is down wears a sign of its own. */
const ANSWERS = ['in', ['get', 'status'], ['literal', ['up', 'suspect']]];
const some = (count) => ['>', ['get', count], 0];
const counted = (sign, count) => ['case', some(count), ['concat', sign, ['to-string', ['get', count]]], ''];

/** How much of a cluster is in this state; one that is there at all is seen. */
const twelfths = (state) => ['to-string', ['ceil', ['/', ['*', TWELFTHS, ['get', state]], ['get', 'point_count']]]];

function outageLayers(theme) {
  const colour = STATE_COLOURS[theme].down.fill;
  return [
    { id: 'outages', type: 'fill', source: 'outages', paint: { 'fill-color': colour, 'fill-opacity': 0.12 } },
    { id: 'outages-edge', type: 'line', source: 'outages', paint: { 'line-color': colour, 'line-width': 1.8, 'line-dasharray': [4, 2.5] } },
  ];
}

function outageNames(theme, ground) {
  return [{ id: 'outage-names', type: 'symbol', source: 'outage-names',
    layout: { 'text-field': ['get', 'label'], 'text-font': FONT, 'text-size': 13, 'text-max-width': 14, 'text-anchor': 'bottom', 'text-offset': [0, -0.4], 'text-allow-overlap': true, 'symbol-sort-key': ['-', 0, ['get', 'cameras']] },
    paint: { 'text-color': ground.clusterInk, 'text-halo-color': ground.halo, 'text-halo-width': 2.5 } }];
}

function cameraLayers(theme, ground) {
  const single = ['!', ['has', 'point_count']];
  const label = { 'text-color': ground.label, 'text-halo-color': ground.halo, 'text-halo-width': 1.4 };
  return [
    { id: 'incidents-halo', type: 'circle', source: 'incidents', paint: {
      'circle-radius': ['case', ['get', 'chosen'], 26, 14], 'circle-color': '#ff3b30', 'circle-opacity': ['case', ['get', 'chosen'], 0.2, 0.12],
      'circle-stroke-color': '#ff3b30', 'circle-stroke-width': 1, 'circle-stroke-opacity': 0.6 } },
    { id: 'clusters', type: 'symbol', source: 'cameras', filter: ['has', 'point_count'],
      layout: {
        'icon-image': ['concat', 'ring-', twelfths('down'), '-', twelfths('suspect'), '-', twelfths('unknown')],
        'icon-size': ['interpolate', ['linear'], ['get', 'point_count'], 2, 0.95, 100, 1.1, 10000, 1.5], 'icon-allow-overlap': true,
        'text-field': ['format', ['get', 'point_count_abbreviated'], {}, ['case', ['any', some('down'), some('ill')], ['concat', counted('\n✕', 'down'), counted('\n○', 'ill')], ''],
          { 'font-scale': 0.75, 'text-color': ['literal', ground.clusterDown] }],
        'text-font': FONT, 'text-size': 12, 'text-line-height': 1, 'text-allow-overlap': true,
        'symbol-sort-key': ['+', ['get', 'down'], ['get', 'ill']],
      },
      paint: { 'text-color': ground.clusterInk } },
    { id: 'ills', type: 'circle', source: 'cameras', filter: ['all', single, ANSWERS, ['has', 'ill']], paint: {
      'circle-radius': ['interpolate', ['linear'], ['zoom'], 12, 5, 15, 8, 18, 11], 'circle-opacity': 0,
      'circle-stroke-color': STATE_COLOURS[theme].down.fill, 'circle-stroke-width': 2 } },
    { id: 'cameras', type: 'symbol', source: 'cameras', filter: single,
      layout: {
        'icon-image': ['concat', ['get', 'tier'], '-', ['get', 'status']],
        'icon-size': ['interpolate', ['linear'], ['zoom'], 12, 0.45, 15, 0.75, 18, 1.05],
        'icon-allow-overlap': true,
        'symbol-sort-key': ['match', ['get', 'status'], 'down', 3, 'suspect', 2, 1],
      } },
    { id: 'camera-names', type: 'symbol', source: 'cameras', minzoom: 16.6, filter: single,
      layout: { 'text-field': ['get', 'name'], 'text-font': FONT, 'text-size': 11, 'text-offset': [0, 1.15], 'text-anchor': 'top',
        'text-optional': true, 'text-max-width': 9 },
      paint: label },
    { id: 'ranks', type: 'circle', source: 'ranks', paint: {
      'circle-radius': 10, 'circle-color': ['case', ['get', 'usable'], '#ffffff', '#5b6672'], 'circle-stroke-color': byStatus(theme),
        'circle-stroke-width': 2.5, 'circle-translate': [13, -13] } },
    { id: 'rank-numbers', type: 'symbol', source: 'ranks',
      layout: { 'text-field': ['to-string', ['get', 'rank']], 'text-font': FONT, 'text-size': 12, 'text-allow-overlap': true, 'text-ignore-placement': true },
      paint: { 'text-color': ['case', ['get', 'usable'], '#10181f', '#ffffff'], 'text-translate': [13, -13] } },
    { id: 'incidents', type: 'symbol', source: 'incidents',
      layout: { 'icon-image': 'incident', 'icon-size': ['case', ['get', 'chosen'], 1, 0.6], 'icon-allow-overlap': true, 'icon-ignore-placement': true } },
  ];
}

/** `views`: the address of their tiles; null: none are shown. */
export function townStyle(theme, views = null) {
  const ground = GROUND[theme];
  const plain = (data) => ({ type: 'geojson', data });
  return {
    version: 8,
    sources: {
      views: { type: 'vector', tiles: [views ?? ''], minzoom: 8, maxzoom: 16, promoteId: { view: 'camera_id' } },
      gaps: plain(empty),
      outages: plain(empty),
      'outage-names': plain(empty),
      cameras: {
        type: 'geojson', data: empty, cluster: true, clusterRadius: 34, clusterMaxZoom: 14, maxzoom: 17,
        clusterProperties: {
          ...Object.fromEntries(['down', 'suspect', 'unknown'].map((state) => [state, ['+', ['case', ['==', ['get', 'status'], state], 1, 0]]])),
          ill: ['+', ['case', ['all', ANSWERS, ['has', 'ill']], 1, 0]],
        },
      },
      ranks: plain(empty),
      incidents: plain(empty),
    },
    layers: [background(ground), ...viewLayers(theme, views !== null), ...gapLayers(), ...outageLayers(theme), ...cameraLayers(theme, ground), ...outageNames(theme, ground)],
  };
}
