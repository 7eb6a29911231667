// The wall: 1, 4 or 9 live pictures in rank order; a picture keeps its place while it may be shown.
import { html, useEffect, useRef } from './html.js';
import { t } from './i18n.js';
import { Tile } from './tile.js';

/** Which feed stands in which of `n` places: those already there stay, free places go to the best of the rest. */
export function placeFeeds(feeds, before, n) {
  const best = feeds.slice(0, n);
  const left = new Map(best.map((feed) => [feed.camera_id, feed]));
  const places = Array.from({ length: n }, (_, place) => {
    const feed = left.get(before[place]);
    if (feed) left.delete(feed.camera_id);
    return feed ?? null;
  });
  const rest = [...left.values()];
  return places.map((feed) => feed ?? rest.shift() ?? null).filter(Boolean);
}

export function Wall({ incidentId, feeds, size, enlarged, setSize, setEnlarged, onState }) {
  const before = useRef({ incidentId: null, ids: [] });
  if (before.current.incidentId !== incidentId) before.current = { incidentId, ids: [] };
  const placed = placeFeeds(feeds, before.current.ids, size);
  useEffect(() => { before.current.ids = placed.map((feed) => feed.camera_id); });
  const alone = enlarged && feeds.find((feed) => feed.camera_id === enlarged);
  const shown = alone ? [alone] : placed;
  const columns = alone ? 1 : Math.round(Math.sqrt(size));
  const places = columns * columns;

  return html`<section class="wall" aria-label=${t('wall.title')}>
    <div class="wall-tools" role="group" aria-label=${t('wall.size')}>
      ${[1, 4, 9].map((n) => html`<button type="button" key=${n} aria-pressed=${!alone && size === n} onClick=${() => { setEnlarged(null); setSize(n); }}>
        ${n}</button>`)}
      ${alone && html`<button type="button" class="wide" onClick=${() => setEnlarged(null)}>${t('wall.back')} <kbd>Space</kbd></button>`}
    </div>
    <div class="tiles" style=${`--columns: ${columns}`}>
      ${shown.map((feed) => html`<${Tile} key=${`${incidentId}-${feed.camera_id}`} feed=${feed} incidentId=${incidentId}
          number=${alone ? feed.rank : placed.indexOf(feed) + 1} enlarged=${Boolean(alone)}
          onEnlarge=${() => setEnlarged(alone ? null : feed.camera_id)} onState=${onState} />`)}
      ${Array.from({ length: Math.max(0, places - shown.length) }, (_, n) => html`<div class="tile tile-free" key=${`free-${n}`} aria-hidden="true"></div>`)}
    </div>
  </section>`;
}
