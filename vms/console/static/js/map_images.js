// Marker images, drawn once: shape says the tier, colour and sign say the state.
import { GROUND, STATE_COLOURS } from './map_colours.js';

const SIZE = 44;
const MIDDLE = SIZE / 2;
export const TIERS = ['government', 'unit', 'community', 'household'];
export const STATES = ['up', 'suspect', 'down', 'unknown'];

function outline(context, tier) {
  context.beginPath();
  if (tier === 'government') {
    context.roundRect(MIDDLE - 12, MIDDLE - 12, 24, 24, 3);
  } else if (tier === 'community') {
    for (let corner = 0; corner < 6; corner += 1) {
      const angle = (Math.PI / 3) * corner - Math.PI / 2;
      context[corner ? 'lineTo' : 'moveTo'](MIDDLE + 14 * Math.cos(angle), MIDDLE + 14 * Math.sin(angle));
    }
    context.closePath();
  } else {
    context.arc(MIDDLE, MIDDLE, tier === 'unit' ? 12.5 : 8, 0, Math.PI * 2);
  }
}

function sign(context, state, small) {
  const r = small ? 3 : 4.5;
  context.beginPath();
  if (state === 'down') {
    context.moveTo(MIDDLE - r, MIDDLE - r);
    context.lineTo(MIDDLE + r, MIDDLE + r);
    context.moveTo(MIDDLE + r, MIDDLE - r);
    context.lineTo(MIDDLE - r, MIDDLE + r);
  } else if (state === 'suspect') {
    context.moveTo(MIDDLE, MIDDLE - r - 1);
    context.lineTo(MIDDLE, MIDDLE + 1);
    context.moveTo(MIDDLE, MIDDLE + r + 0.5);
    context.lineTo(MIDDLE, MIDDLE + r + 1);
  } else if (state === 'unknown') {
    context.arc(MIDDLE, MIDDLE, r * 0.55, 0, Math.PI * 2);
  }
  context.stroke();
}

function marker(tier, state, theme) {
  const canvas = document.createElement('canvas');
  canvas.width = SIZE;
  canvas.height = SIZE;
  const context = canvas.getContext('2d');
  const { fill, ink, edge } = STATE_COLOURS[theme][state];
  outline(context, tier);
  context.fillStyle = fill;
  context.fill();
  context.lineWidth = 3;
  context.strokeStyle = edge;
  context.stroke();
  context.lineWidth = 3;
  context.lineCap = 'round';
  context.strokeStyle = ink;
  sign(context, state, tier === 'household');
  return context.getImageData(0, 0, SIZE, SIZE);
}

function incident(theme) {
  const size = 72;
  const canvas = document.createElement('canvas');
  canvas.width = size;
  canvas.height = size;
  const context = canvas.getContext('2d');
  const m = size / 2;
  context.strokeStyle = theme === 'dark' ? '#ffffff' : '#1b1f24';
  context.lineWidth = 6;
  context.beginPath();
  context.arc(m, m, 17, 0, Math.PI * 2);
  for (const [dx, dy] of [[0, -1], [1, 0], [0, 1], [-1, 0]]) {
    context.moveTo(m + dx * 12, m + dy * 12);
    context.lineTo(m + dx * 31, m + dy * 31);
  }
  context.stroke();
  context.strokeStyle = '#ff3b30';
  context.lineWidth = 3;
  context.stroke();
  context.fillStyle = '#ff3b30';
  context.beginPath();
  context.arc(m, m, 5, 0, Math.PI * 2);
  context.fill();
  return context.getImageData(0, 0, size, size);
}

const RING = 88;
/** The ring of a cluster: how much of it is down, suspect, unknown, in twelfths; the rest is up. Drawn when it is first needed. */
function ring(theme, parts, ground) {
  const canvas = document.createElement('canvas');
  canvas.width = RING;
  canvas.height = RING;
  const context = canvas.getContext('2d');
  const m = RING / 2;
  context.fillStyle = ground.cluster;
  context.beginPath();
  context.arc(m, m, m - 4, 0, Math.PI * 2);
  context.fill();
  context.lineWidth = 8;
  let from = -Math.PI / 2;
  const taken = parts.reduce((sum, part) => sum + part, 0);
  const slices = [['down', parts[0]], ['suspect', parts[1]], ['unknown', parts[2]], ['up', Math.max(0, TWELFTHS - taken)]];
  for (const [state, part] of slices) {
    if (!part) continue;
    const to = from + (part / Math.max(TWELFTHS, taken)) * Math.PI * 2;
    context.strokeStyle = STATE_COLOURS[theme][state].fill;
    context.lineWidth = state === 'down' ? 12 : 7;
    context.beginPath();
    context.arc(m, m, m - 8, from, to);
    context.stroke();
    from = to;
  }
  return context.getImageData(0, 0, RING, RING);
}

export const TWELFTHS = 12;
const RING_NAME = /^ring-(\d+)-(\d+)-(\d+)$/;

export function addRing(map, theme, name) {
  const parts = RING_NAME.exec(name)?.slice(1).map(Number);
  if (parts && !map.hasImage(name)) map.addImage(name, ring(theme, parts, GROUND[theme]), { pixelRatio: 2 });
}

export function addImages(map, theme) {
  for (const tier of TIERS) {
    for (const state of STATES) map.addImage(`${tier}-${state}`, marker(tier, state, theme), { pixelRatio: 2 });
  }
  map.addImage('incident', incident(theme), { pixelRatio: 2 });
}
