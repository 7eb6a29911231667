// A list whose order counts: a row is moved by its handle, by two buttons, or by Alt with the arrows.
import { html, useState } from '../html.js';
import { t } from '../i18n.js';

export function moved(list, from, to) {
  if (to < 0 || to >= list.length || from === to) return list;
  const next = [...list];
  next.splice(to, 0, ...next.splice(from, 1));
  return next;
}

/** {row(n), handle(n)}: what a row and its handle listen to. `onList` takes the list in its new order. */
export function useOrder(list, onList) {
  const [dragged, drag] = useState(null);
  const [over, setOver] = useState(null);
  const end = () => { drag(null); setOver(null); };
  return {
    row: (n) => ({
      onDragOver: (event) => { if (dragged === null) return; event.preventDefault(); setOver(n); },
      onDrop: (event) => { event.preventDefault(); if (dragged !== null) onList(moved(list, dragged, n)); end(); },
      'data-over': over === n && dragged !== n ? (dragged > n ? 'above' : 'below') : undefined,
      onKeyDown: (event) => {
        const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
        if (!event.altKey || !step) return;
        event.preventDefault();
        const at = event.currentTarget;
        onList(moved(list, n, n + step));
        const sibling = step < 0 ? at.previousElementSibling : at.nextElementSibling;
        requestAnimationFrame(() => sibling?.querySelector('.handle')?.focus());
      },
    }),
    handle: (n) => ({ draggable: true, onDragStart: (event) => { event.dataTransfer.effectAllowed = 'move'; event.dataTransfer.setData('text/plain', String(n)); drag(n); }, onDragEnd: end }),
    move: (n, step) => onList(moved(list, n, n + step)),
    without: (n) => onList(list.filter((_, at) => at !== n)),
  };
}

export function OrderCell({ n, order, editable }) {
  return html`<td class="order-cell">${editable && html`<button type="button" class="handle quiet" ...${order.handle(n)} aria-label=${t('order_of.handle', { n: n + 1 })} title=${t('order_of.hint')}>⠿</button>`}<b>${n + 1}</b></td>`;
}

export function OrderDeeds({ n, count, order, onEdit }) {
  return html`<td class="row-deeds"><button type="button" class="small quiet" data-deed="up" disabled=${n === 0} aria-label=${t('order_of.up')} onClick=${() => order.move(n, -1)}>↑</button>
    <button type="button" class="small quiet" data-deed="down" disabled=${n === count - 1} aria-label=${t('order_of.down')} onClick=${() => order.move(n, 1)}>↓</button>
    <button type="button" class="small" data-deed="edit" onClick=${onEdit}>${t('action.edit')}</button>
    <button type="button" class="small quiet" data-deed="remove" aria-label=${t('action.remove')} onClick=${() => order.without(n)}>✕</button></td>`;
}
