// What a device told or shall have, as short words; what differs from before stands out.
import { html } from '../html.js';
import { t, tOr } from '../i18n.js';

const WORDED = new Set(['source', 'level']);

function shown(name, value) {
  if (value === null || value === '') return '—';
  if (value === true || value === false) return t(value ? 'word.yes' : 'word.no');
  if (Array.isArray(value)) return value.join(t('word.comma')) || '—';
  if (WORDED.has(name)) return tOr(`value.${name}.${String(value).toLowerCase()}`, String(value));
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

export function ValuesNow({ values, before = null }) {
  if (!values) return html`<span class="faint">—</span>`;
  return html`<ul class="values-now">${Object.entries(values).map(([name, value]) => {
    const other = before && JSON.stringify(before[name]) !== JSON.stringify(value);
    return html`<li key=${name}><small>${tOr(`value.${name}`, tOr(`task.${name}`, name))}</small> ${other ? html`<b>${shown(name, value)}</b>` : shown(name, value)}</li>`;
  })}</ul>`;
}
