// The heads of the table: a click sorts, an edge drags the width, a head drags to another place.
import { html, useRef } from '../html.js';
import { t } from '../i18n.js';

const NARROWEST_REM = 4;
const STEP_REM = 1;

export const nextSort = (sort, name) => (sort === name ? `-${name}` : name);

function Edge({ onWidth }) {
  const remPx = () => parseFloat(getComputedStyle(document.documentElement).fontSize);
  function grab(event) {
    event.preventDefault();
    event.stopPropagation();
    const [startX, width] = [event.clientX, event.target.parentElement.getBoundingClientRect().width];
    const move = (moved) => onWidth(Math.max(NARROWEST_REM, (width + moved.clientX - startX) / remPx()));
    const done = () => {
      window.removeEventListener('pointermove', move);
      window.removeEventListener('pointerup', done);
    };
    window.addEventListener('pointermove', move);
    window.addEventListener('pointerup', done);
  }
  return html`<span class="edge" aria-hidden="true" draggable="true" onDragStart=${(event) => { event.preventDefault(); event.stopPropagation(); }}
    onPointerDown=${grab} onClick=${(event) => event.stopPropagation()}></span>`;
}

/** The columns with the dragged one put where `name` stands. */
export function reordered(columns, dragged, name) {
  const moving = columns.find((each) => each.name === dragged);
  const rest = columns.filter((each) => each !== moving);
  const [from, to] = [columns.indexOf(moving), columns.findIndex((each) => each.name === name)];
  rest.splice(rest.findIndex((each) => each.name === name) + (from < to ? 1 : 0), 0, moving);
  return rest;
}

function SortButton({ column, sort, onSort, onKeyDown }) {
  const sign = sort === column.sort ? '▲' : sort === `-${column.sort}` ? '▼' : '';
  return html`<button type="button" class="sort" title=${t('inventory.sort_hint')} onKeyDown=${onKeyDown}
    onClick=${() => onSort(nextSort(sort, column.sort))}><span>${column.label}</span><i aria-hidden="true">${sign}</i></button>`;
}

export function GridHead({ columns, sort, onSort, onColumns, choice, rowPx }) {
  const dragged = useRef(null);
  const changed = (name, change) => onColumns(columns.map((each) => (each.name === name ? { ...each, ...change } : each)));
  function drop(name) {
    if (dragged.current && dragged.current !== name) onColumns(reordered(columns, dragged.current, name));
    dragged.current = null;
  }
  function pressed(event, column) {
    if (!event.altKey || !['ArrowLeft', 'ArrowRight'].includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    changed(column.name, { width: Math.max(NARROWEST_REM, column.width + (event.key === 'ArrowRight' ? STEP_REM : -STEP_REM)) });
  }
  const sorted = (column) => (column.sort && sort === column.sort ? 'ascending' : column.sort && sort === `-${column.sort}` ? 'descending' : 'none');
  return html`<div class="line line-head" role="row" aria-rowindex="1" style=${{ height: `${rowPx}px` }}>
    <div role="columnheader" class="cell cell-choose"><input type="checkbox" checked=${choice.all} aria-label=${t('inventory.choose_all')}
      title=${t('inventory.choose_all')} onClick=${() => (choice.all ? choice.clear() : choice.everything())} /></div>
    ${columns.map((column) => html`<div key=${column.name} role="columnheader" class="cell" data-column=${column.name} aria-sort=${sorted(column)}
      draggable="true" onDragStart=${() => { dragged.current = column.name; }} onDragOver=${(event) => event.preventDefault()}
      onDrop=${() => drop(column.name)}>${column.sort ? html`<${SortButton} column=${column} sort=${sort} onSort=${onSort}
        onKeyDown=${(event) => pressed(event, column)} />` : html`<span>${column.label}</span>`}
      <${Edge} onWidth=${(width) => changed(column.name, { width })} /></div>`)}</div>`;
}
