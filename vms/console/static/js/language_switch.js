// The choice of language, on every page.
import { html } from './html.js';
import { setLanguage, t, useLanguage } from './i18n.js';

export function LanguageSwitch() {
  const now = useLanguage();
  return html`<div class="language" role="group" aria-label=${t('language.choose')}>
    ${['zh', 'en'].map((each) => html`<button type="button" key=${each} lang=${each} aria-pressed=${now === each}
      onClick=${() => setLanguage(each)}>${t(`language.${each}`)}</button>`)}
  </div>`;
}
