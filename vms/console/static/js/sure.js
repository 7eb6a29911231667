// A deed that cannot be taken back asks once: the first press asks, the second does it; leaving the button or Escape forgets.
import { html, useState } from './html.js';
import { t } from './i18n.js';

/** `words`: what the button says; `question`: what it asks, where "Sure?" does not say enough. */
export function Sure({ words, question = t('action.sure'), deed, busy = false, look = 'small danger-quiet', onSure }) {
  const [asked, ask] = useState(false);
  const press = () => { if (asked) onSure(); ask(!asked); };
  return html`<button type="button" class="sure ${look}" data-deed=${deed} aria-live="polite" disabled=${busy} onBlur=${() => ask(false)}
    onKeyDown=${(event) => { if (asked && event.key === 'Escape') { event.stopPropagation(); ask(false); } }} onClick=${press}>${asked ? question : words}</button>`;
}
