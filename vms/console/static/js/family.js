// The screens that stand below one place of the rail, as a line of links.
import { html } from './html.js';
import { t } from './i18n.js';
import { link } from './router.js';
import { belowOf, railOf } from './session.js';

export function Family({ user, current }) {
  const names = belowOf(user, current);
  return names.length > 1 && html`<nav class="family" aria-label=${t(`nav.${railOf(current)}`)}>${names.map((name) => html`<a key=${name} href=${link(name)}
    aria-current=${name === current ? 'page' : undefined}>${t(`nav.${name}`)}</a>`)}
    ${railOf(current) === 'maintenance' && user.role === 'maintainer' && html`<a class="push-end" href="crew.html">${t('nav.crew')}</a>`}</nav>`;
}
