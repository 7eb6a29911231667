// A table of any length: only the lines in sight are in the page; the keyboard walks through all of them.
import { html, useEffect, useLayoutEffect, useRef, useState } from '../html.js';
import { t } from '../i18n.js';
import { noteRows } from '../measures.js';
import { GridHead } from './grid_head.js';

const OVERSCAN = 5;
const ROW_REM = 2.5;
const rowHeightPx = () => Math.round(parseFloat(getComputedStyle(document.documentElement).fontSize) * ROW_REM);

function Cells({ columns, row }) {
  return columns.map((column) => html`<div key=${column.name} role="gridcell" class="cell ${column.number ? 'number-cell' : ''}">
    ${column.cell(row)}</div>`);
}

function Line({ index, line, columns, rowPx, active, chosen, onPress, onGroup }) {
  const place = { transform: `translateY(${index * rowPx}px)`, height: `${rowPx}px` };
  const common = { id: `line-${index}`, role: 'row', 'aria-rowindex': index + 2, style: place };
  if (!line) return html`<div ...${common} class="line is-coming" aria-busy="true"><i></i></div>`;
  if (line.kind === 'group') {
    return html`<div ...${common} class="line line-group ${active ? 'is-active' : ''}" aria-expanded=${line.open}
      onClick=${() => onGroup(line.group)}><div role="gridcell"><span class="fold" aria-hidden="true">${line.open ? '▾' : '▸'}</span>
      <b>${line.group.label || t('inventory.group_none')}</b><small>${line.group.count}</small></div></div>`;
  }
  return html`<div ...${common} class="line ${active ? 'is-active' : ''} ${chosen ? 'is-chosen' : ''}" aria-selected=${chosen}
      data-camera=${line.row.id} onClick=${(event) => onPress(index, line.row, event)}>
    <div role="gridcell" class="cell cell-choose"><input type="checkbox" tabindex="-1" checked=${chosen} aria-label=${line.row.name} /></div>
    <${Cells} columns=${columns} row=${line.row} /></div>`;
}

/** What of the lines is in sight, from the scroller's own measures. */
function useSight(box, rowPx) {
  const [sight, setSight] = useState({ from: 0, to: 0, perPage: 10 });
  const look = () => {
    const { scrollTop, clientHeight } = box.current;
    const from = Math.max(0, Math.floor(scrollTop / rowPx) - OVERSCAN);
    const perPage = Math.max(1, Math.floor(clientHeight / rowPx) - 2);
    const to = Math.ceil((scrollTop + clientHeight) / rowPx) + OVERSCAN;
    setSight((before) => (before.from === from && before.to === to ? before : { from, to, perPage }));
  };
  useLayoutEffect(() => {
    const watcher = new ResizeObserver(look);
    watcher.observe(box.current);
    look();
    return () => watcher.disconnect();
  }, [rowPx]);
  return [sight, look];
}

function useShownMeasure(lines, from, to) {
  const waiting = useRef(null);
  const count = lines.count ?? 0;
  useLayoutEffect(() => {
    let missing = lines.count === null;
    for (let index = from; !missing && index < Math.min(to, count); index += 1) missing = lines.at(index) === undefined;
    if (missing) waiting.current ??= performance.now();
    else if (waiting.current !== null) {
      noteRows(performance.now() - waiting.current);
      waiting.current = null;
    }
  });
}

export function Grid({ lines, columns, label, choice, sort, onSort, onColumns, onOpen, onGroup, top, position }) {
  const box = useRef(null);
  const [rowPx, setRowPx] = useState(rowHeightPx);
  const [active, setActive] = useState(position.before.current?.active ?? -1);
  const [sight, look] = useSight(box, rowPx);
  const asked = useRef(top);
  const count = lines.count ?? 0;
  const last = Math.min(sight.to, count);
  useEffect(() => { lines.want(sight.from, lines.count === null ? Math.max(1, sight.to) : Math.max(last, sight.from + 1)); });
  useShownMeasure(lines, sight.from, sight.to);
  useEffect(() => {
    const resized = () => setRowPx(rowHeightPx());
    window.addEventListener('resize', resized);
    return () => window.removeEventListener('resize', resized);
  }, []);
  useEffect(() => {
    if (asked.current === top) return;
    asked.current = top;
    position.before.current = null;
    box.current.scrollTop = 0;
    setActive(-1);
  }, [top]);
  // Back from a camera: as soon as the lines are counted, those that were in sight are in sight again.
  useLayoutEffect(() => {
    const before = position.before.current;
    if (!before || !count) return;
    position.before.current = null;
    box.current.scrollTop = before.from * rowPx;
    if (before.active >= 0) box.current.focus({ preventScroll: true });
  }, [count]);
  useEffect(() => { if (!position.before.current) position.now.current = { from: box.current.scrollTop / rowPx, active }; });

  function show(index) {
    const { scrollTop, clientHeight } = box.current;
    const headPx = rowPx;
    if (index * rowPx < scrollTop) box.current.scrollTop = index * rowPx;
    else if ((index + 1) * rowPx + headPx > scrollTop + clientHeight) box.current.scrollTop = (index + 1) * rowPx + headPx - clientHeight;
    setActive(index);
  }

  async function walk(to, event) {
    const next = Math.max(0, Math.min(count - 1, to));
    if (event.shiftKey) await choice.reach(lines, next, active < 0 ? next : active);
    show(next);
  }

  function pressed(event) {
    if (event.target !== event.currentTarget) return;
    const line = lines.at(active);
    const deeds = {
      ArrowDown: () => walk(active + 1, event), ArrowUp: () => walk(Math.max(0, active - 1), event),
      PageDown: () => walk(active + sight.perPage, event), PageUp: () => walk(active - sight.perPage, event),
      Home: () => walk(0, event), End: () => walk(count - 1, event),
      Enter: () => line && (line.kind === 'group' ? onGroup(line.group) : onOpen(line.row)),
      ' ': () => line?.kind === 'row' && choice.toggle(line.row.id, active),
      Escape: () => choice.clear(),
    };
    const all = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'a';
    const deed = all ? choice.everything : deeds[event.key];
    if (!deed || ((event.ctrlKey || event.metaKey || event.altKey) && !all)) return;
    event.preventDefault();
    event.stopPropagation();
    deed();
  }

  function press(index, row, event) {
    if (event.target.closest('a')) return;
    setActive(index);
    if (event.shiftKey) choice.reach(lines, index);
    else if (event.ctrlKey || event.metaKey || event.target.matches('input')) choice.toggle(row.id, index);
    else choice.only(row.id, index);
  }

  const indexes = Array.from({ length: Math.max(0, last - sight.from) }, (_, n) => sight.from + n);
  const template = `2.4rem ${columns.map((column, n) => (n === 0 || column.stretches ? `minmax(${column.width}rem, ${column.width}fr)` : `${column.width}rem`)).join(' ')}`;
  return html`<div class="grid" ref=${box} tabindex="0" role="grid" aria-label=${label} aria-rowcount=${count + 1} aria-multiselectable="true"
      aria-activedescendant=${active >= sight.from && active < last ? `line-${active}` : undefined} onScroll=${look} onKeyDown=${pressed}
      style=${{ '--columns': template }}>
    <${GridHead} columns=${columns} sort=${sort} onSort=${onSort} onColumns=${onColumns} choice=${choice} rowPx=${rowPx} />
    <div class="lines" role="rowgroup" style=${{ height: `${count * rowPx}px` }}>
      ${indexes.map((index) => {
        const line = lines.at(index);
        return html`<${Line} key=${index} index=${index} line=${line} columns=${columns} rowPx=${rowPx} active=${index === active}
          chosen=${line?.kind === 'row' && choice.has(line.row.id)} onPress=${press} onGroup=${onGroup} />`;
      })}</div></div>`;
}
