// A map that moves is drawn as finely as this machine can draw it in time, and sharp again when it rests. What a frame
// costs a processor, and a small graphics card before a 4K wall, is mostly how many points it has.
import { hasGraphicsCard } from './graphics.js';

const SLOW_MS = 45;
const COARSEST = 0.35;
const COARSER = 0.75;
/** As many frames tell how fast this machine is: by the last but one of them, for one waits for a tile now and then. */
const FRAMES = 8;
/** A hand that drags or turns the wheel again and again makes one movement. */
const RESTS_AFTER_MS = 220;

/** Left out while it moves where the coarsest is too slow still: many corners, and the streets tell where one is. */
const LEFT_OUT = 'buildings';

/** The share of the screen's own points, each way; all maps of the page learn it together. */
let share = null;
let leavesOut = false;

/** How long frames take while something moves. */
class FrameClock {
  constructor(onTold) {
    this.onTold = onTold;
  }

  start() {
    this.times = [];
    this.last = null;
    this.next = requestAnimationFrame((now) => this.#frame(now));
  }

  stop() {
    cancelAnimationFrame(this.next);
  }

  #frame(now) {
    this.next = requestAnimationFrame((then) => this.#frame(then));
    if (this.last !== null) this.times.push(now - this.last);
    this.last = now;
    if (this.times.length < FRAMES) return;
    const slow = this.times.sort((one, other) => one - other)[FRAMES - 2];
    this.times = [];
    this.onTold(slow);
  }
}

/** What MapLibre's setPixelRatio does, but for its end: that lets go of the map in the middle of a drag. */
function draw(map, part) {
  map._overridePixelRatio = part < 1 ? part * devicePixelRatio : null;
  map._resizeInternal(false);
  map.triggerRepaint();
}

function show(map, isShown) {
  if (map.getLayer(LEFT_OUT)) map.setPaintProperty(LEFT_OUT, 'fill-opacity', isShown ? 1 : 0);
}

export function keepPace(map) {
  let [moves, wasSlow, restTimer] = [false, false, null];

  const clock = new FrameClock((frameMs) => {
    if (frameMs <= SLOW_MS) return;
    wasSlow = true;
    if (share > COARSEST) {
      share = Math.max(COARSEST, share * COARSER);
      draw(map, share);
    } else if (!leavesOut) {
      leavesOut = true;
      show(map, false);
    }
  });

  function rest() {
    if (map.isMoving()) return;
    moves = false;
    clock.stop();
    if (share < 1) draw(map, 1);
    if (leavesOut) show(map, true);
    if (wasSlow || !hasGraphicsCard()) return;
    share = Math.min(1, share / COARSER); // it was busy with something else then
    leavesOut = false;
  }

  map.on('movestart', () => {
    clearTimeout(restTimer);
    if (moves || !map.isMoving()) return; // a jump is one frame, and a sharp one
    moves = true;
    wasSlow = false;
    share ??= hasGraphicsCard() ? 1 : 0.5;
    if (share < 1) draw(map, share);
    if (leavesOut) show(map, false);
    clock.start();
  });
  map.on('moveend', () => {
    if (!moves) return;
    clearTimeout(restTimer);
    restTimer = setTimeout(rest, RESTS_AFTER_MS);
  });
  map.on('remove', () => {
    clearTimeout(restTimer);
    clock.stop();
  });
}
