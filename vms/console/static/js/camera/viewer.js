// A picture as large as the screen; arrows go through the others, Escape closes.
import { html, useEffect, useRef } from '../html.js';
import { t } from '../i18n.js';

export function Viewer({ pictures, at, onAt, close }) {
  const box = useRef(null);
  const picture = pictures[at];
  useEffect(() => { box.current.focus(); }, []);
  function pressed(event) {
    const deeds = { Escape: close, ArrowRight: () => onAt((at + 1) % pictures.length), ArrowLeft: () => onAt((at + pictures.length - 1) % pictures.length) };
    if (!deeds[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    deeds[event.key]();
  }
  return html`<div class="viewer" role="dialog" aria-label=${picture.caption} tabindex="-1" ref=${box} onKeyDown=${pressed}
      onClick=${(event) => event.target === event.currentTarget && close()}>
    <img src=${picture.url} alt=${picture.caption} /><p>${picture.caption} <small>${at + 1} / ${pictures.length}</small></p>
    <button type="button" class="viewer-close" aria-label=${t('action.close')} onClick=${close}>✕</button>
    ${pictures.length > 1 && html`<button type="button" class="viewer-step is-before" aria-label=${t('pager.before')} onClick=${() => onAt((at + pictures.length - 1) % pictures.length)}>‹</button>
      <button type="button" class="viewer-step is-after" aria-label=${t('pager.after')} onClick=${() => onAt((at + 1) % pictures.length)}>›</button>`}</div>`;
}
