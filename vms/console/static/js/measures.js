// What the page measured about itself; the browser test reads window.vmsMeasures.
const MOST = 500;
const ANSWERS_WITHIN_MS = 3000;
window.vmsMeasures = { live: [], stalls: 0, rows: [] };

let asked = 0;
const remember = (event) => { asked = event.timeStamp; };
window.addEventListener('pointerdown', remember, { capture: true });
window.addEventListener('keydown', remember, { capture: true });

/** The instant of the person's click or key that what happens now answers; now where nobody asked. */
export function whenAsked() {
  const now = performance.now();
  return now - asked < ANSWERS_WITHIN_MS ? asked : now;
}

/** Did the person click or press a key during the last `withinMs`, and after `since`? */
export const wasBusy = (withinMs, since) => asked > since && performance.now() - asked < withinMs;

export function noteLive(entry) {
  const list = window.vmsMeasures.live;
  list.push(entry);
  if (list.length > MOST) list.shift();
}

export function noteStall() {
  window.vmsMeasures.stalls += 1;
}

/** How long the rows in sight of a long table were waited for. */
export function noteRows(waitedMs) {
  const list = window.vmsMeasures.rows;
  list.push(waitedMs);
  if (list.length > MOST) list.shift();
}
