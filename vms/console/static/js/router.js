// The address bar holds the view: #/screen/part?name=value, so that a link can be sent to a colleague.
import { useEffect, useState } from './html.js';

function read() {
  const [path, search = ''] = location.hash.replace(/^#\/?/, '').split('?');
  return { path: path.split('/').filter(Boolean).map(plain), query: Object.fromEntries(new URLSearchParams(search)) };
}

// A link that was cut in the middle of a character is shown as it is.
function plain(text) {
  try { return decodeURIComponent(text); } catch { return text; }
}

export function link(path, query = {}) {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') search.set(name, value);
  }
  const text = search.toString();
  return `#/${path}${text ? `?${text}` : ''}`;
}

export function go(path, query = {}) {
  location.hash = link(path, query);
}

/** Changes names in the query of the present view; no new entry in the history. */
export function setQuery(changes) {
  const { path, query } = read();
  const next = link(path.map(encodeURIComponent).join('/'), { ...query, ...changes });
  if (next === location.hash) return;
  history.replaceState(null, '', next);
  window.dispatchEvent(new HashChangeEvent('hashchange'));
}

export function useRoute() {
  const [route, setRoute] = useState(read);
  useEffect(() => {
    const changed = () => setRoute(read());
    window.addEventListener('hashchange', changed);
    changed();
    return () => window.removeEventListener('hashchange', changed);
  }, []);
  return route;
}
