// The place search of the top line: places, poles, addresses, cameras; also where an incident is reported from.
import { html, useEffect, useRef, useState } from './html.js';
import { get } from './api.js';
import { t, tOr } from './i18n.js';
import { placeName } from './parts.js';

const listeners = new Set();
const WAIT_MS = 180;

/** Tells `tell(place)` when somebody picked a place in the search. */
export function usePicked(tell) {
  const latest = useRef(tell);
  latest.current = tell;
  useEffect(() => {
    const hear = (place) => latest.current(place);
    listeners.add(hear);
    return () => listeners.delete(hear);
  }, []);
}

function useFound(text) {
  const [found, setFound] = useState({ text: '', items: null, error: null });
  useEffect(() => {
    if (!text.trim()) {
      setFound({ text: '', items: null, error: null });
      return undefined;
    }
    const stop = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const answer = await get('map/search', { q: text.trim() }, { signal: stop.signal });
        setFound({ text, items: answer.items, error: null });
      } catch (error) {
        if (error.name !== 'AbortError') setFound({ text, items: [], error });
      }
    }, WAIT_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [text]);
  return found;
}

export function Search() {
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const [open, setOpen] = useState(false);
  const field = useRef(null);
  const found = useFound(text);
  const items = found.items ?? [];

  function pick(place) {
    if (!place) return;
    listeners.forEach((tell) => tell(place));
    setOpen(false);
    setText(place.name || place.address);
    field.current?.blur();
  }

  function pressed(event) {
    if (event.key === 'ArrowDown') setAt((n) => Math.min(n + 1, items.length - 1));
    else if (event.key === 'ArrowUp') setAt((n) => Math.max(n - 1, 0));
    else if (event.key === 'Enter') pick(items[at]);
    else if (event.key === 'Escape') { setOpen(false); field.current?.blur(); }
    else return;
    event.preventDefault();
  }

  return html`<div class="search" role="search">
    <input id="place-search" ref=${field} type="search" value=${text} placeholder=${t('search.placeholder')} autocomplete="off"
      role="combobox" aria-expanded=${open && items.length > 0} aria-controls="search-found" aria-label=${t('search.placeholder')}
      aria-activedescendant=${open && items[at] ? `search-found-${at}` : undefined}
      onFocus=${(event) => { setOpen(true); event.target.select(); }} onBlur=${() => setTimeout(() => setOpen(false), 150)}
      onInput=${(event) => { setText(event.target.value); setAt(0); setOpen(true); }} onKeyDown=${pressed} />
    <kbd aria-hidden="true">/</kbd>
    ${open && found.items && html`<ul class="found" id="search-found" role="listbox">
      ${items.length === 0 && html`<li class="faint">${found.error ? found.error.message : t('search.nothing', { text: found.text })}</li>`}
      ${items.map((place, n) => html`<li key=${n} id=${`search-found-${n}`} role="option" aria-selected=${n === at}
          onMouseDown=${(event) => { event.preventDefault(); pick(place); }} onMouseEnter=${() => setAt(n)}>
        <span class="found-kind">${tOr(`place.${place.kind}`, place.kind)}</span>
        <b>${placeName(place.name) || place.address}</b>${place.address && place.name !== place.address && html`<small>${place.address}</small>`}
          </li>`)}
    </ul>`}
  </div>`;
}
