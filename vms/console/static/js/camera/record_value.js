// A value of the record in words: codes by their names, dates and numbers with their units.
import { html } from '../html.js';
import { language, t } from '../i18n.js';

const dash = html`<span class="faint">—</span>`;

/** `labels`: what the code tables call it. */
export function Value({ value, labels = [], unit = '' }) {
  if (value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) return dash;
  if (labels.length) {
    return html`<span>${labels.map((each, n) => html`${n > 0 && t('word.comma')}<span key=${each.code} class=${each.known ? '' : 'is-wrong'}
      title=${each.code}>${(language() === 'zh' ? each.zh : each.en) || each.code}</span>`)}</span>`;
  }
  if (value === true) return t('word.yes');
  if (value === false) return t('word.no');
  return `${Array.isArray(value) ? value.join(', ') : value}${unit && ` ${unit}`}`;
}
