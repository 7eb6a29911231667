// A value with its steps back: what is dragged, or pressed quickly again and again, is one step.
import { useRef, useState } from '../html.js';

const TOGETHER_MS = 700;
const MOST = 100;

/** {now, change, begin, undo, steps}: `begin()` before a drag; `change(next, kind)` of the same kind soon after is no new step. */
export function useSteps(first) {
  const [state, setState] = useState({ now: first, before: [] });
  const last = useRef({ kind: '', at: 0 });
  const push = ({ now, before }) => ({ now, before: [...before, now].slice(-MOST) });
  function begin(kind) {
    last.current = { kind, at: Infinity };
    setState(push);
  }
  function change(next, kind = '') {
    const soon = last.current.kind === kind && kind && Date.now() - last.current.at < TOGETHER_MS;
    if (last.current.at !== Infinity) last.current = { kind, at: Date.now() };
    const dragging = last.current.at === Infinity;
    setState((known) => ({ ...(soon || dragging ? known : push(known)), now: next }));
  }
  function end() { last.current = { kind: '', at: 0 }; }
  function undo() {
    end();
    setState(({ now, before }) => (before.length ? { now: before.at(-1), before: before.slice(0, -1) } : { now, before }));
  }
  return { now: state.now, steps: state.before.length, begin, change, end, undo };
}
