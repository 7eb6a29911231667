// The heads of the table: a click sorts, Shift adds a second sort, an edge drags the width, a head drags to another place.
import { html, useRef } from '../html.js';
import { t } from '../i18n.js';

const NARROWEST_REM = 4;
const STEP_REM = 1;

/** "-status,name" as [{name, down}]. */
export const sortsOf = (text) => (text ? text.split(',') : []).map((part) => ({ name: part.replace(/^-/, ''), down: part.startsWith('-') }));

export function nextSort(text, name, more) {
  const sorts = sortsOf(text);
  const found = sorts.find((each) => each.name === name);
  const turned = found && !found.down ? `-${name}` : name;
  if (!more) return turned;
  const kept = sorts.filter((each) => each.name !== name).map((each) => (each.down ? `-${each.name}` : each.name));
  return [...kept, turned].join(',');
}

function Edge({ column, onWidth }) {
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

export function GridHead({ columns, sort, onSort, onColumns, choice, rowPx }) {
  const dragged = useRef(null);
  const sorts = sortsOf(sort);
  const changed = (name, change) => onColumns(columns.map((each) => (each.name === name ? { ...each, ...change } : each)));
  function drop(name) {
    if (!dragged.current || dragged.current === name) return;
    const moving = columns.find((each) => each.name === dragged.current);
    const rest = columns.filter((each) => each !== moving);
    const [from, to] = [columns.indexOf(moving), columns.findIndex((each) => each.name === name)];
    rest.splice(rest.findIndex((each) => each.name === name) + (from < to ? 1 : 0), 0, moving);
    onColumns(rest);
  }
  function pressed(event, column) {
    if (!event.altKey || !['ArrowLeft', 'ArrowRight'].includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    changed(column.name, { width: Math.max(NARROWEST_REM, column.width + (event.key === 'ArrowRight' ? STEP_REM : -STEP_REM)) });
  }
  return html`<div class="line line-head" role="row" aria-rowindex="1" style=${{ height: `${rowPx}px` }}>
    <div role="columnheader" class="cell cell-choose"><input type="checkbox" checked=${choice.all} aria-label=${t('inventory.choose_all')}
      title=${t('inventory.choose_all')} onClick=${() => (choice.all ? choice.clear() : choice.everything())} /></div>
    ${columns.map((column) => {
      const at = sorts.findIndex((each) => each.name === column.sort);
      const sorted = at < 0 ? 'none' : sorts[at].down ? 'descending' : 'ascending';
      return html`<div key=${column.name} role="columnheader" class="cell" aria-sort=${sorted} draggable="true"
        onDragStart=${() => { dragged.current = column.name; }} onDragOver=${(event) => event.preventDefault()} onDrop=${() => drop(column.name)}>
        ${column.sort ? html`<button type="button" class="sort" title=${t('inventory.sort_hint')} onKeyDown=${(event) => pressed(event, column)}
          onClick=${(event) => onSort(nextSort(sort, column.sort, event.shiftKey))}>${column.label}
          <i aria-hidden="true">${sorted === 'ascending' ? '▲' : sorted === 'descending' ? '▼' : ''}
          ${sorts.length > 1 && at >= 0 ? at + 1 : ''}</i></button>` : html`<span>${column.label}</span>`}
        <${Edge} column=${column} onWidth=${(width) => changed(column.name, { width })} /></div>`;
    })}</div>`;
}
