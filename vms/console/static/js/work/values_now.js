// What a device told or shall have, as short words; what differs from before stands out.
import { html } from '../html.js';
import { t, tOr } from '../i18n.js';

const shown = (value) => (value === null || value === '' ? '—' : value === true ? t('word.yes') : value === false ? t('word.no')
  : typeof value === 'object' ? JSON.stringify(value) : String(value));

export function ValuesNow({ values, before = null }) {
  if (!values) return html`<span class="faint">—</span>`;
  return html`<ul class="values-now">${Object.entries(values).map(([name, value]) => {
    const other = before && JSON.stringify(before[name]) !== JSON.stringify(value);
    return html`<li key=${name}><small>${tOr(`value.${name}`, name)}</small> ${other ? html`<b>${shown(value)}</b>` : shown(value)}</li>`;
  })}</ul>`;
}
