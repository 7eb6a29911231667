// The pairs of points of a fit, and what the server finds of them.
import { post } from '../api.js';
import { useState } from '../html.js';
import { useLatest } from './latest.js';
import { isComplete } from './points.js';

const EMPTY = { x_px: null, y_px: null, lon: null, lat: null, height_m: 0 };
const LEAST = { true: 2, false: 4 };
export const asSent = (point) => ({ x_px: point.x_px, y_px: point.y_px, lon: point.lon, lat: point.lat, height_m: point.height_m });

/** A click in the picture or on the map goes to the active point; where that side is told already and the pair is complete, to a new one. */
export function usePoints(cameraId, pose, size, mayMove) {
  const [points, setPoints] = useState([]);
  const [active, setActive] = useState(null);
  const [chosen, setChosen] = useState(false);
  const [bends, setBends] = useState(false);
  const [wanted, setHeld] = useState({ position: true, mount_height_m: false, h_fov_deg: false });
  const held = { ...wanted, position: wanted.position || !mayMove };
  const ready = points.filter(isComplete);
  const heldValues = {
    ...(held.position ? { lon: pose.lon, lat: pose.lat } : {}),
    ...(held.mount_height_m && pose.mount_height_m !== null ? { mount_height_m: pose.mount_height_m } : {}),
    ...(held.h_fov_deg ? { h_fov_deg: pose.h_fov_deg } : {}),
  };
  const asked = size && ready.length >= LEAST[held.position]
    ? { picture: { width_px: size.width, height_px: size.height }, points: ready.map(asSent), held: heldValues, lens_bends: bends } : null;
  const { data: fit, error, of } = useLatest(asked, (body, signal) => post(`cameras/${cameraId}/pose/fit`, body, { signal }));
  const fits = fit && of && JSON.stringify(of) === JSON.stringify(asked);
  const numbers = ready.map((point) => point.number);
  const shown = points.map((point) => {
    const at = numbers.indexOf(point.number);
    return fits && at >= 0 ? { ...point, fitted: fit.points[at], bad: fit.disagrees === at } : point;
  });
  function told(values) {
    const known = points.find((point) => point.number === active);
    const takes = known && (chosen || (values.x_px === undefined ? known.lon === null : known.x_px === null) || !isComplete(known));
    const number = takes ? active : Math.max(0, ...points.map((point) => point.number)) + 1;
    setPoints(takes ? points.map((point) => (point.number === number ? { ...point, ...values } : point)) : [...points, { number, ...EMPTY, ...values }]);
    setActive(number);
    setChosen(false);
  }
  return {
    points: shown, active, ready, fit: fits ? fit : null, error, held, setHeld, bends, setBends, told,
    needed: LEAST[held.position] - ready.length,
    choose: (number) => { setActive(number); setChosen(true); },
    change: (number, values) => setPoints(points.map((point) => (point.number === number ? { ...point, ...values } : point))),
    drop: (number) => { setPoints(points.filter((point) => point.number !== number)); setActive(null); },
  };
}
