// A photograph before beside one after, as large as the screen; each side goes through its own.
import { address } from '../api.js';
import { html, useEffect, useRef, useState } from '../html.js';
import { t } from '../i18n.js';
import { dateTime } from '../time.js';

function Side({ moment, pictures, path, at, onAt }) {
  const picture = pictures[at];
  const step = (n) => onAt((at + n + pictures.length) % pictures.length);
  return html`<figure data-side=${moment}><figcaption><b>${t(`crew.${moment}`)}</b> ${picture.added_by} ${dateTime(picture.added_at).slice(0, -3)}${pictures.length > 1 && html` <button type="button" class="small" aria-label=${t('pager.before')} onClick=${() => step(-1)}>‹</button>
    ${at + 1} / ${pictures.length} <button type="button" class="small" aria-label=${t('pager.after')} onClick=${() => step(1)}>›</button>`}</figcaption><img src=${address(`${path}/${picture.id}`)} alt=${t(`crew.${moment}`)} /></figure>`;
}

/** `sides`: {before: […], after: […]}, none of them empty. */
export function Pair({ sides, path, close }) {
  const box = useRef(null);
  const [at, setAt] = useState({ before: sides.before.length - 1, after: sides.after.length - 1 });
  useEffect(() => { box.current.focus(); }, []);
  const pressed = (event) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    close();
  };
  return html`<div class="viewer pair" role="dialog" aria-label=${t('orders.compare')} tabindex="-1" ref=${box} onKeyDown=${pressed} onClick=${(event) => event.target === event.currentTarget && close()}>
    ${Object.entries(sides).map(([moment, pictures]) => html`<${Side} key=${moment} moment=${moment} pictures=${pictures} path=${path} at=${at[moment]} onAt=${(n) => setAt({ ...at, [moment]: n })} />`)}
    <button type="button" class="viewer-close" aria-label=${t('action.close')} onClick=${close}>✕</button></div>`;
}
