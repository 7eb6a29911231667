// A button that opens a small panel below itself; Escape, a click elsewhere or leaving it closes it.
import { html, useEffect, useRef, useState } from '../html.js';

export function Menu({ label, children, primary = false, disabled = false, wide = false, onOpen = null }) {
  const [open, setOpen] = useState(false);
  const box = useRef(null);
  useEffect(() => {
    if (!open) return undefined;
    const outside = (event) => { if (!box.current?.contains(event.target)) setOpen(false); };
    const key = (event) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      setOpen(false);
      box.current?.querySelector('button')?.focus();
    };
    document.addEventListener('pointerdown', outside);
    document.addEventListener('keydown', key, true);
    return () => {
      document.removeEventListener('pointerdown', outside);
      document.removeEventListener('keydown', key, true);
    };
  }, [open]);
  const turn = () => {
    if (!open) onOpen?.();
    setOpen(!open);
  };
  return html`<div class="menu" ref=${box}><button type="button" class="small ${primary ? 'primary' : ''}" aria-expanded=${open} aria-haspopup="dialog"
      disabled=${disabled} onClick=${turn}>${label}<i aria-hidden="true">▾</i></button>
    ${open && html`<div class="menu-panel ${wide ? 'is-wide' : ''}">${typeof children === 'function' ? children(() => setOpen(false)) : children}</div>`}</div>`;
}
