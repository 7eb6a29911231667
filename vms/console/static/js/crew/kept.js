// What the phone keeps: the orders as last seen, and what is still to be told, in IndexedDB.
const NAME = 'vms-crew';

let opening = null;
function database() {
  opening ??= new Promise((done, failed) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore('seen');
      asked.result.createObjectStore('outbox', { keyPath: 'number', autoIncrement: true });
    };
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
  return opening;
}

async function work(store, mode, deed) {
  const opened = await database();
  return new Promise((done, failed) => {
    const transaction = opened.transaction(store, mode);
    const asked = deed(transaction.objectStore(store));
    transaction.oncomplete = () => done(asked?.result);
    transaction.onerror = () => failed(transaction.error);
    transaction.onabort = () => failed(transaction.error);
  });
}

export const keepSeen = (key, value) => work('seen', 'readwrite', (store) => store.put(value, key));
export const lastSeen = (key) => work('seen', 'readonly', (store) => store.get(key));
export const forgetSeen = () => work('seen', 'readwrite', (store) => store.clear());

export const waiting = () => work('outbox', 'readonly', (store) => store.getAll());
export const putWaiting = (item) => work('outbox', 'readwrite', (store) => store.put(item));
export const removeWaiting = (number) => work('outbox', 'readwrite', (store) => store.delete(number));
