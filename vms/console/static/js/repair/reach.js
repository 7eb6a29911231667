// How many cameras each rule decides, and how many are nobody's; asked anew while the rules are written.
import { post } from '../api.js';
import { useEffect, useState } from '../html.js';

const WAIT_MS = 300;

/** {cameras: [n of each rule], nobodys} for a fault of the network; null until it is known. */
export function useReach(rules) {
  const [reach, setReach] = useState(null);
  const asked = rules && JSON.stringify({ layer: 'network', rules });
  useEffect(() => {
    if (!asked) return undefined;
    const stop = new AbortController();
    const timer = setTimeout(() => post('maintenance/reach', JSON.parse(asked), { signal: stop.signal }).then(setReach, () => setReach(null)), WAIT_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [asked]);
  return reach;
}
