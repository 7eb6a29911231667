// Sorting heads and pages of tables that the server filters.
import { html } from './html.js';
import { t } from './i18n.js';

/** `number`: what stands below is a number; the largest are asked for first. */
export function SortHead({ name, label, sort, onSort, number = false }) {
  const down = sort === `-${name}`;
  const up = sort === name;
  const state = up ? 'ascending' : down ? 'descending' : 'none';
  return html`<th scope="col" class=${number ? 'number-cell' : undefined} aria-sort=${state}><button type="button" class="sort" onClick=${() => onSort((number ? down : !up) ? name : `-${name}`)}>
    ${label}<i aria-hidden="true">${up ? '▲' : down ? '▼' : ''}</i></button></th>`;
}

export function Pager({ total, limit, offset, onOffset }) {
  if (total <= limit) return html`<p class="pager faint">${t('pager.all', { n: total })}</p>`;
  const to = Math.min(total, offset + limit);
  return html`<nav class="pager" aria-label=${t('pager.title')}>
    <button type="button" disabled=${offset === 0} onClick=${() => onOffset(Math.max(0, offset - limit))}>←<span class="sr">
      ${t('pager.before')}</span></button>
    <span>${t('pager.range', { from: total ? offset + 1 : 0, to, total })}</span>
    <button type="button" disabled=${to >= total} onClick=${() => onOffset(offset + limit)}>→<span class="sr">${t('pager.after')}</span>
      </button>
  </nav>`;
}

/** A text filter that asks the server once the person has stopped typing. */
export function Filter({ value, onChange, label }) {
  let timer = null;
  return html`<input type="search" class="filter" aria-label=${label} placeholder=${label} defaultValue=${value ?? ''}
    onInput=${(event) => { clearTimeout(timer); const text = event.target.value; timer = setTimeout(() => onChange(text), 250); }} />`;
}
