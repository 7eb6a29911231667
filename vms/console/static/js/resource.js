// What a screen shows of the server: loading, ready, failed or refused; loaded anew when an event says so.
import { useCallback, useEffect, useRef, useState } from './html.js';
import { get } from './api.js';
import { useEvents } from './events.js';

const AT_MOST_EVERY_MS = 1000;

/** `on`: loaded anew when it changes, though the question stays the same. */
export function useResource(path, query = {}, { refreshOn = [], everyS = 0, on } = {}) {
  const [value, setValue] = useState({ state: 'loading', data: null, error: null });
  const key = path === null ? null : JSON.stringify([path, query, on]);
  const running = useRef(null);
  const later = useRef(null);
  const last = useRef(0);

  const load = useCallback(async () => {
    if (key === null) return;
    running.current?.abort();
    const stop = new AbortController();
    running.current = stop;
    last.current = Date.now();
    try {
      const data = await get(path, query, { signal: stop.signal });
      setValue({ state: 'ready', data, error: null });
    } catch (error) {
      if (error.name === 'AbortError') return;
      setValue((before) => ({ state: error.refused ? 'refused' : 'failed', data: before.data, error }));
    }
  }, [key]);

  useEffect(() => {
    setValue((before) => ({ ...before, state: 'loading' }));
    load();
    return () => {
      running.current?.abort();
      clearTimeout(later.current);
      later.current = null;
    };
  }, [key]);

  useEffect(() => {
    if (!everyS) return undefined;
    const timer = setInterval(load, everyS * 1000);
    return () => clearInterval(timer);
  }, [everyS, load]);

  useEvents(refreshOn, () => {
    if (later.current) return;
    const wait = Math.max(150, last.current + AT_MOST_EVERY_MS - Date.now());
    later.current = setTimeout(() => {
      later.current = null;
      load();
    }, wait);
  });

  return { ...value, reload: load };
}
