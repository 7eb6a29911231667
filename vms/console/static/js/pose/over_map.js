// Things that lie over the map at places of it, and move with it: handles to be dragged, numbered points.
import { html, useEffect, useReducer, useRef } from '../html.js';

/** `children(project)` gives what lies there; `project({lon, lat})` a style that puts it in its place. */
export function OverMap({ town, children, ...more }) {
  const [, drawAgain] = useReducer((n) => n + 1, 0);
  useEffect(() => {
    if (!town) return undefined;
    town.map.on('move', drawAgain);
    town.map.on('resize', drawAgain);
    return () => {
      town.map.off('move', drawAgain);
      town.map.off('resize', drawAgain);
    };
  }, [town]);
  if (!town) return null;
  const project = ({ lon, lat }) => {
    const { x, y } = town.map.project([lon, lat]);
    return `left:${x.toFixed(1)}px;top:${y.toFixed(1)}px`;
  };
  return html`<div class="over-map" ...${more}>${children(project)}</div>`;
}

/** One handle: dragged with the pointer, moved by the arrow keys. */
export function Handle({ town, name, label, value, style, onBegin, onDrag, onEnd, onKey, focused = false }) {
  const [held, self] = [useRef(false), useRef(null)];
  useEffect(() => { if (focused) self.current.focus(); }, []);
  function moved(event) {
    if (!held.current) return;
    const box = self.current.parentElement.getBoundingClientRect();
    const { lng: lon, lat } = town.map.unproject([event.clientX - box.left, event.clientY - box.top]);
    onDrag(name, { lon, lat });
  }
  function let_go() {
    if (!held.current) return;
    held.current = false;
    onEnd();
  }
  return html`<button type="button" class=${`pose-handle is-${name}`} data-handle=${name} role="slider" aria-label=${label} aria-valuenow=${value[0]} aria-valuetext=${value.join('')}
    title=${`${label} ${value.join('')}`} style=${style} ref=${self}
    onPointerDown=${(event) => { event.preventDefault(); self.current.focus(); self.current.setPointerCapture(event.pointerId); held.current = true; onBegin(name); }}
    onPointerMove=${moved} onPointerUp=${let_go} onPointerCancel=${let_go}
    onKeyDown=${(event) => { if (onKey(name, event.key, event.shiftKey)) { event.preventDefault(); event.stopPropagation(); } }}></button>`;
}
