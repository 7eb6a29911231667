// Steps and photographs that are told to the server when it can be reached: in their order, each with a token, so that
// what was told twice is done once. What the server refuses stays, with its words, until the person takes it out.
import { post, upload } from '../api.js';
import { useEffect, useState } from '../html.js';
import { putWaiting, removeWaiting, waiting } from './kept.js';

const AGAIN_MS = 15000;
const listeners = new Set();
let sending = null;

/** Works without https too, where `randomUUID` is not there. */
function token() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const tell = () => listeners.forEach((listener) => listener());

export async function addStep(user, orderId, action, { note = '', content = {} } = {}) {
  await putWaiting({ kind: 'step', user, orderId, action, note, content, at: new Date().toISOString(), token: token(), refused: '' });
  tell();
  send(user);
}

export async function addPhotograph(user, orderId, moment, file) {
  await putWaiting({ kind: 'photograph', user, orderId, moment, file, at: new Date().toISOString(), token: token(), refused: '' });
  tell();
  send(user);
}

export async function takeOut(item) {
  await removeWaiting(item.number);
  tell();
}

async function sendOne(item) {
  if (item.kind === 'photograph') {
    const query = { moment: item.moment, token: item.token, at: item.at, sent_at: new Date().toISOString() };
    await upload(`work-orders/${item.orderId}/photographs`, item.file, { query });
    return;
  }
  await post(`work-orders/${item.orderId}/steps`, {
    action: item.action, note: item.note, content: item.content, at: item.at, sent_at: new Date().toISOString(), token: item.token,
  });
}

async function sendAll(user) {
  for (const item of await waiting()) {
    if (item.user !== user || item.refused) continue;
    try {
      await sendOne(item);
      await removeWaiting(item.number);
    } catch (problem) {
      if (!problem.status || problem.status === 401 || problem.status === 429 || problem.status >= 500) return;
      await putWaiting({ ...item, refused: problem.message });
    }
    tell();
  }
}

/** Tells what waits; whoever calls while it is under way waits for the same. */
export function send(user) {
  sending ??= sendAll(user).finally(() => { sending = null; tell(); });
  return sending;
}

/** Items of this user, as they are now; sent again when the network is back and every so often. */
export function useOutbox(user) {
  const [items, setItems] = useState([]);
  useEffect(() => {
    const look = async () => setItems((await waiting()).filter((item) => item.user === user));
    const again = () => send(user);
    listeners.add(look);
    look();
    again();
    const timer = setInterval(again, AGAIN_MS);
    addEventListener('online', again);
    return () => {
      listeners.delete(look);
      clearInterval(timer);
      removeEventListener('online', again);
    };
  }, [user]);
  return items;
}
