// The keyboard: one key, one deed; never while somebody types.
import { useEffect, useRef } from './html.js';

const typing = (target) => target.closest?.('input, textarea, select, [contenteditable]');

/** `deeds` maps a key ("n", "1", " ", "/", "?", "Escape") to a function. */
export function useKeys(deeds) {
  const latest = useRef(deeds);
  latest.current = deeds;
  useEffect(() => {
    const pressed = (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (typing(event.target) && event.key !== 'Escape') return;
      const deed = latest.current[event.key] ?? latest.current[event.key.toLowerCase()];
      if (!deed) return;
      // Space on a focused button presses the button.
      if (event.key === ' ' && event.target.closest?.('button, a, summary')) return;
      event.preventDefault();
      deed(event);
    };
    window.addEventListener('keydown', pressed);
    return () => window.removeEventListener('keydown', pressed);
  }, []);
}
