// Orders are kept on the phone before they are opened: a crew that stands in a cellar opens one for the first time.
import { get } from '../api.js';
import { keepSeen, lastSeen } from './kept.js';

/** The most urgent ones; each costs one question when it has changed. */
const MOST = 40;
let running = false;

/** `orders`: as the list tells them, the most urgent first. Ends quietly where the network does. */
export async function keepAhead(orders) {
  if (running) return;
  running = true;
  try {
    for (const order of orders.slice(0, MOST)) {
      const path = `work-orders/${order.id}`;
      const kept = await lastSeen(path);
      if (kept?.order.version !== order.version) await keepSeen(path, await get(path, {}, { quiet401: true }));
    }
  } catch (problem) {
    if (problem.status === undefined) throw problem;
  } finally {
    running = false;
  }
}
