// Which orders are chosen, over the pages of one question; the keyboard goes through the rows.
import { useEffect, useRef, useState } from '../html.js';
import { useKeys } from '../keys.js';

/** {chosen, at, toggle, page, drop, clear}; `rows`: those in sight. Shift takes all between. */
export function useChosenOrders(question, rows, open) {
  const [chosen, setChosen] = useState(new Map());
  const [at, setAt] = useState(-1);
  const anchor = useRef(-1);
  useEffect(() => { setChosen(new Map()); setAt(-1); }, [question]);
  // Versions go on with the list, so that a choice that was looked at is not refused.
  useEffect(() => setChosen((before) => {
    const now = new Map(before);
    for (const { id, number, version } of rows) if (now.has(id)) now.set(id, { number, version });
    return now;
  }), [rows]);
  const change = (some, add) => setChosen((before) => {
    const now = new Map(before);
    for (const { id, number, version } of some) if (add) now.set(id, { number, version }); else now.delete(id);
    return now;
  });
  function toggle(n, range = false) {
    const add = !chosen.has(rows[n].id);
    const [first, last] = range && anchor.current >= 0 ? [Math.min(anchor.current, n), Math.max(anchor.current, n)] : [n, n];
    anchor.current = n;
    setAt(n);
    change(rows.slice(first, last + 1), add);
  }
  const go = (step) => () => setAt((n) => Math.max(0, Math.min(rows.length - 1, n + step)));
  useEffect(() => { document.querySelector('.orders tr.is-at')?.scrollIntoView({ block: 'nearest' }); }, [at]);
  useKeys({ j: go(1), k: go(-1), ...(rows[at] ? { x: () => toggle(at), o: () => open(rows[at]) } : {}) });
  return {
    chosen, at, toggle,
    all: rows.length > 0 && rows.every(({ id }) => chosen.has(id)),
    page: (add) => change(rows, add),
    drop: (ids) => change(ids.map((id) => ({ id })), false),
    clear: () => setChosen(new Map()),
  };
}
