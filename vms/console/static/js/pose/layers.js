// What the corrected view adds to the town's map: what it sees, and its whole sector as a dashed line.
import { STATE_COLOURS } from '../map_colours.js';

const SEES = 'pose-sees';
const SECTOR = 'pose-sector';
const collection = (features) => ({ type: 'FeatureCollection', features });

function add(map, theme) {
  const colour = STATE_COLOURS[theme].up.fill;
  for (const name of [SEES, SECTOR]) map.addSource(name, { type: 'geojson', data: collection([]) });
  map.addLayer({ id: SEES, type: 'fill', source: SEES, paint: { 'fill-color': colour, 'fill-opacity': 0.32 } });
  map.addLayer({ id: `${SEES}-edge`, type: 'line', source: SEES, paint: { 'line-color': colour, 'line-width': 1.6 } });
  map.addLayer({ id: SECTOR, type: 'line', source: SECTOR, paint: { 'line-color': colour, 'line-width': 1.4, 'line-dasharray': [3, 2.5] } });
}

/** `outline`: a feature or null; `geometry`: what is seen of it, or null while nobody knows. */
export async function drawPose(town, theme, outline, geometry) {
  await town.ready;
  if (town.gone) return;
  if (!town.map.getSource(SEES)) add(town.map, theme);
  town.map.getSource(SECTOR).setData(collection(outline ? [outline] : []));
  town.map.getSource(SEES).setData(collection(geometry ? [{ type: 'Feature', geometry, properties: {} }] : []));
}
