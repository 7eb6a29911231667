// Changes that are not saved yet: nobody leaves the place with them unless the person says so.
import { useLayoutEffect } from '../html.js';
import { t } from '../i18n.js';

const unsaved = new Set();
let stands = location.hash;

/** What was written is saved, or nobody wants it any more. */
export const forget = () => unsaved.clear();

/** False where the person wants to stay. */
export function mayLeave() {
  const leaves = unsaved.size === 0 || window.confirm(t('unsaved.leave'));
  if (leaves) forget();
  return leaves;
}

window.addEventListener('beforeunload', (event) => { if (unsaved.size) event.preventDefault(); });
// Before the screens hear of it.
window.addEventListener('hashchange', (event) => {
  if (location.hash === stands) return;
  if (mayLeave()) {
    stands = location.hash;
    return;
  }
  event.stopImmediatePropagation();
  history.replaceState(null, '', stands);
}, { capture: true });

/** At once, not after the next picture: who has just seen that it is saved may leave. */
export function useUnsaved(changed) {
  useLayoutEffect(() => {
    if (!changed) return undefined;
    const mark = {};
    unsaved.add(mark);
    return () => { unsaved.delete(mark); };
  }, [changed]);
}
