// All keys on one card.
import { html, useEffect, useRef } from './html.js';
import { t } from './i18n.js';

const KEYS = [['1 – 9', 'enlarge'], ['Space', 'back'], ['N', 'next'], ['F', 'full'], ['R', 'ring'], ['J K', 'move'], ['X', 'choose'], ['T F A', 'judge'], ['O', 'order'], ['/', 'search'], ['?', 'help'], ['Esc', 'close']];

export function KeysHelp({ close }) {
  const card = useRef(null);
  useEffect(() => card.current?.focus(), []);
  return html`<aside class="keys-card" ref=${card} tabindex="-1" aria-label=${t('keys.title')}>
    <header><h2>${t('keys.title')}</h2><button type="button" class="quiet" onClick=${close} aria-label=${t('action.close')}>✕</button>
      </header>
    <dl>${KEYS.map(([key, deed]) => html`<div key=${deed}><dt><kbd>${key}</kbd></dt><dd>${t(`keys.${deed}`)}</dd></div>`)}</dl>
  </aside>`;
}
