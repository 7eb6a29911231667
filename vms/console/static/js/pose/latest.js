// Asks the server about a value that changes many times a second: one question under way, then the newest value.
import { useEffect, useRef, useState } from '../html.js';

/** {data, error, of}: the last answer, and the value it was given for. `ask(value, signal)`; a null value asks nothing. */
export function useLatest(value, ask) {
  const [answer, setAnswer] = useState({ data: null, error: null, of: null });
  const state = useRef({ busy: false, wanted: null, gone: null });
  const asking = useRef(ask);
  asking.current = ask;
  useEffect(() => {
    state.current.gone = new AbortController();
    return () => state.current.gone.abort();
  }, []);
  async function go() {
    const now = state.current;
    now.busy = true;
    while (now.wanted !== null) {
      const asked = now.wanted;
      now.wanted = null;
      try {
        const data = await asking.current(asked, now.gone.signal);
        if (now.gone.signal.aborted) return;
        setAnswer({ data, error: null, of: asked });
      } catch (error) {
        if (error.name === 'AbortError') return;
        setAnswer({ data: null, error, of: asked });
      }
    }
    now.busy = false;
  }
  const key = JSON.stringify(value);
  useEffect(() => {
    state.current.wanted = value;
    if (value === null) setAnswer({ data: null, error: null, of: null });
    else if (!state.current.busy) go();
  }, [key]);
  return answer;
}
