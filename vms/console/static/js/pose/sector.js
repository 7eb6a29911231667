// The sector of a pose on the map: where its handles lie, and what dragging or pressing an arrow at one makes of the pose.
import { offset, shifted, toward, turned } from './ground.js';

const [LEAST_FOV, MOST_FOV, LEAST_M, MOST_M] = [1, 350, 2, 500];
const [DIRECTION_AT, EDGES_AT, ARC_STEP_DEG] = [0.55, 0.85, 3];
const [STEP_M, STEP_DEG, BIG] = [0.5, 1, 10];
const within = (value, low, high) => Math.max(low, Math.min(high, value));
const tenth = (value) => Math.round(value * 10) / 10;
const tenthTurned = (deg) => tenth(turned(deg)) % 360;

/** Edges only where there are some; the camera's own place only where it may be moved. */
export const handlesOf = (pose, mayMove) => ['direction', ...(pose.h_fov_deg < 360 ? ['left', 'right'] : []), 'range', ...(mayMove ? ['foot'] : [])];

export function placeOf(handle, pose, rangeM) {
  const half = pose.h_fov_deg / 2;
  if (handle === 'foot') return { lon: pose.lon, lat: pose.lat };
  if (handle === 'left') return offset(pose, pose.bearing_deg - half, rangeM * EDGES_AT);
  if (handle === 'right') return offset(pose, pose.bearing_deg + half, rangeM * EDGES_AT);
  return offset(pose, pose.bearing_deg, handle === 'range' ? rangeM : rangeM * DIRECTION_AT);
}

/** One edge is turned to a bearing, the other one stays. */
function withEdge(pose, side, bearingDeg) {
  const half = pose.h_fov_deg / 2;
  const fov = within(side === 'left' ? turned(pose.bearing_deg + half - bearingDeg) : turned(bearingDeg - (pose.bearing_deg - half)), LEAST_FOV, MOST_FOV);
  const bearing = side === 'left' ? pose.bearing_deg + half - fov / 2 : pose.bearing_deg - half + fov / 2;
  return { ...pose, h_fov_deg: tenth(fov), bearing_deg: tenthTurned(bearing) };
}

export function dragged(handle, pose, at) {
  if (handle === 'foot') return { ...pose, ...at };
  const { bearing_deg: bearing, metres } = toward(pose, at);
  if (handle === 'direction') return { ...pose, bearing_deg: tenthTurned(bearing) };
  if (handle === 'range') return { ...pose, max_view_m: Math.round(within(metres, LEAST_M, MOST_M)) };
  return withEdge(pose, handle, bearing);
}

const TURNS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 };
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/** Null: the key means nothing here. */
export function stepped(handle, pose, rangeM, key, big) {
  const times = big ? BIG : 1;
  if (!TURNS[key]) return null;
  if (handle === 'foot') return { ...pose, ...shifted(pose, MOVES[key][0] * STEP_M * times, MOVES[key][1] * STEP_M * times) };
  const step = TURNS[key] * times;
  if (handle === 'range') return { ...pose, max_view_m: Math.round(within(rangeM + step, LEAST_M, MOST_M)) };
  if (handle === 'left') return withEdge(pose, 'left', pose.bearing_deg - pose.h_fov_deg / 2 + step * STEP_DEG);
  if (handle === 'right') return withEdge(pose, 'right', pose.bearing_deg + pose.h_fov_deg / 2 + step * STEP_DEG);
  return { ...pose, bearing_deg: tenthTurned(pose.bearing_deg + step * STEP_DEG) };
}

/** What a handle says of itself: value and unit. */
export function valueOf(handle, pose, rangeM) {
  const half = pose.h_fov_deg / 2;
  if (handle === 'range') return [Math.round(rangeM), 'm'];
  if (handle === 'left') return [tenthTurned(pose.bearing_deg - half), '°'];
  if (handle === 'right') return [tenthTurned(pose.bearing_deg + half), '°'];
  return [pose.bearing_deg, '°'];
}

/** The whole sector as GeoJSON, as if nothing stood in the way. */
export function outlineOf(pose, rangeM) {
  const around = pose.h_fov_deg >= 360;
  const from = pose.bearing_deg - pose.h_fov_deg / 2;
  const steps = Math.max(1, Math.ceil(pose.h_fov_deg / ARC_STEP_DEG));
  const arc = Array.from({ length: steps + 1 }, (_, n) => offset(pose, from + (pose.h_fov_deg * n) / steps, rangeM));
  const ring = (around ? arc : [pose, ...arc, pose]).map(({ lon, lat }) => [lon, lat]);
  return { type: 'Feature', geometry: { type: 'LineString', coordinates: ring }, properties: {} };
}
