// The filter as people write it: completed while it is typed, told where it is wrong.
import { html, useEffect, useRef, useState } from '../html.js';
import { t } from '../i18n.js';
import { completed, suggest } from './filter_completion.js';
import { labelOf, labelOfChoice } from './filter_names.js';

/** The character (from 0) that an error is about; null where it says none. */
function placeOf(error) {
  const found = /character (\d+)/.exec(error?.told ?? '');
  return found ? Number(found[1]) - 1 : null;
}

function Wrong({ text, error, shift }) {
  const at = placeOf(error);
  const place = at === null ? null : Math.max(0, Math.min(text.length, at - shift));
  return html`<p class="problem filter-problem" role="alert">${place !== null && html`<code>${text.slice(0, place)}<mark>
    ${text.slice(place, place + 12) || ' '}</mark>${text.slice(place + 12)}</code>`}<span>${error.message}</span></p>`;
}

/** `shift`: how many characters stand before this text in what the server was asked. */
export function FilterBar({ value, fields, onApply, error, shift = 0 }) {
  const [text, setText] = useState(value ?? '');
  const [found, setFound] = useState({ items: [], from: 0 });
  const [at, setAt] = useState(-1);
  const field = useRef(null);
  useEffect(() => setText(value ?? ''), [value]);
  const look = (next, caret) => {
    const coming = suggest(next, caret, fields, labelOf, labelOfChoice);
    setFound(coming);
    setAt(coming.sure);
  };
  const close = () => setFound({ items: [], from: 0 });
  function take(item) {
    const done = completed(text, field.current.selectionStart, found.from, item.text);
    setText(done.text);
    field.current.value = done.text;
    field.current.focus();
    field.current.setSelectionRange(done.caret, done.caret);
    look(done.text, done.caret);
  }
  function pressed(event) {
    const { items } = found;
    if (event.key === 'ArrowDown' && !items.length) look(text, event.target.selectionStart);
    else if (event.key === 'ArrowDown') setAt((n) => Math.min(items.length - 1, n + 1));
    else if (event.key === 'ArrowUp' && items.length) setAt((n) => Math.max(-1, n - 1));
    else if ((event.key === 'Enter' || event.key === 'Tab') && items[at]) take(items[at]);
    else if (event.key === 'Enter') { close(); onApply(text.trim()); }
    else if (event.key === 'Escape' && items.length) close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
  return html`<div class="filter-bar"><input ref=${field} type="search" class="filter-text" value=${text} spellcheck=${false} autocomplete="off"
      placeholder=${t('filter.expression')} aria-label=${t('filter.expression')} aria-invalid=${Boolean(error)} role="combobox"
      aria-expanded=${found.items.length > 0} aria-controls="filter-found" aria-activedescendant=${at >= 0 ? `filter-found-${at}` : undefined}
      onFocus=${(event) => look(text, event.target.selectionStart)} onBlur=${close} onKeyDown=${pressed}
      onInput=${(event) => { setText(event.target.value); look(event.target.value, event.target.selectionStart); if (!event.target.value && value) onApply(''); }} />
    ${found.items.length > 0 && html`<ul class="found" id="filter-found" role="listbox">${found.items.map((item, n) => html`<li key=${item.text}
      id=${`filter-found-${n}`} role="option" aria-selected=${n === at} onMouseDown=${(event) => { event.preventDefault(); take(item); }}>
      <code>${item.text}</code>${item.label && html`<small>${item.label}</small>`}</li>`)}</ul>`}
    ${error && html`<${Wrong} text=${text} error=${error} shift=${shift} />`}</div>`;
}
