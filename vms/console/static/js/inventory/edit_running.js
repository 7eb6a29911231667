// An edit of many, or its undo, goes on by itself on the server; waits for its end.
import { get } from '../api.js';

const WAIT_MS = 400;

export const isRunning = (edit) => edit.state === 'running' || edit.state === 'undoing';

export async function untilDone(edit) {
  let now = edit;
  while (isRunning(now)) {
    await new Promise((resolve) => { setTimeout(resolve, WAIT_MS); });
    now = await get(`edits/${edit.id}`);
  }
  return now;
}
