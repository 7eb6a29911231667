// A panel from the right edge over the screen, for a deed that needs room; Escape or the cross closes it, Tab stays within it.
import { html, useEffect, useRef } from './html.js';
import { t } from './i18n.js';

const STOPS = 'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), summary, [tabindex="0"]';

/** From the last one Tab goes on at the first, and back. */
function stayWithin(box, event) {
  const stops = [...box.querySelectorAll(STOPS)].filter((one) => one.getClientRects().length);
  const [edge, other] = event.shiftKey ? [stops[0], stops.at(-1)] : [stops.at(-1), stops[0]];
  if (!edge || (document.activeElement !== edge && !(event.shiftKey && document.activeElement === box))) return;
  event.preventDefault();
  other.focus();
}

export function Drawer({ title, close, children, foot }) {
  const box = useRef(null);
  useEffect(() => {
    const before = document.activeElement;
    (box.current.querySelector('input:not([type=hidden]), select, textarea, .primary') ?? box.current).focus();
    return () => before?.focus?.();
  }, []);
  // Where what had the keyboard is gone, the panel has it, so that Tab goes on from here.
  useEffect(() => { if (document.activeElement === document.body) box.current.focus(); });
  const closing = useRef(close);
  closing.current = close;
  useEffect(() => {
    const pressed = (event) => {
      if (event.key === 'Tab') stayWithin(box.current, event);
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      closing.current();
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, []);
  return html`<div class="drawer-ground" onPointerDown=${(event) => event.target === event.currentTarget && close()}>
    <section class="drawer" role="dialog" aria-modal="true" aria-label=${title} tabindex="-1" ref=${box}><header><h2>${title}</h2>
      <button type="button" class="quiet" aria-label=${t('action.close')} onClick=${close}>✕</button></header>
      <div class="drawer-body">${children}</div>${foot && html`<footer>${foot}</footer>`}</section></div>`;
}
