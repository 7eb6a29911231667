// A small still with its age, fetched when it comes into sight; says so where it may not be seen.
import { html, useEffect, useRef, useState } from './html.js';
import { still } from './api.js';
import { t } from './i18n.js';
import { Age } from './time.js';

export function Still({ cameraId, at, name, big = false, fresh = false }) {
  const box = useRef(null);
  const [picture, setPicture] = useState(null);
  const [problem, setProblem] = useState(null);
  useEffect(() => {
    if (!at && !fresh) return undefined;
    const stop = new AbortController();
    let url = null;
    const watcher = new IntersectionObserver(async ([entry]) => {
      if (!entry.isIntersecting) return;
      watcher.disconnect();
      try {
        const got = await still(cameraId, { fresh: fresh || undefined, signal: stop.signal });
        url = got.url;
        setPicture(got);
        setProblem(null);
      } catch (error) {
        if (error.name !== 'AbortError') setProblem(error);
      }
    }, { rootMargin: '100px' });
    watcher.observe(box.current);
    return () => {
      watcher.disconnect();
      stop.abort();
      if (url) URL.revokeObjectURL(url);
    };
  }, [cameraId, at, fresh]);
  return html`<figure class="still ${big ? 'is-big' : ''}" ref=${box}>
    ${picture ? html`<img src=${picture.url} alt=${t('tile.still_of', { name })} />`
      : html`<span class="still-none">${problem ? (problem.refused ? t('still.refused') : t('still.failed')) : (at || fresh) ? '…' : t('still.none')}</span>`}
    ${big && html`<figcaption>${problem ? problem.message : picture && html`<${Age} at=${picture.at ?? at} />`}</figcaption>`}
  </figure>`;
}
