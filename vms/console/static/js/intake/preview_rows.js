// The first rows as the record would hold them, or why they would be refused.
import { html } from '../html.js';
import { t, tOr } from '../i18n.js';
import { said } from '../said.js';

const AS_ENTERED = new Set(['entered_x', 'entered_y', 'entered_system']);
const shown = (name, value) => (name === 'tier' ? tOr(`tier.${value}`, value) : plain(value));
const plain = (value) => (value === null || value === undefined ? '' : Array.isArray(value) ? value.join(', ') : String(value));

export function PreviewRows({ rows }) {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row.columns)))].filter((name) => !AS_ENTERED.has(name)).slice(0, 12);
  if (rows.length === 0) return null;
  return html`<h3>${t('import.first_rows')}</h3><div class="table-box"><table class="list preview-rows"><thead><tr><th scope="col">${t('import.row')}</th>
    ${names.map((name) => html`<th key=${name} scope="col">${tOr(`field.${name}`, name)}</th>`)}</tr></thead>
    <tbody>${rows.map((row) => html`<tr key=${row.row} class=${row.errors.length ? 'is-refused' : ''}><th scope="row">${row.row}</th>
      ${row.errors.length ? html`<td colspan=${Math.max(1, names.length)}>${row.errors.map((error) => html`<p key=${error.field + error.reason} class="broken">
        ${tOr(`field.${error.field}`, error.field)}${error.value && html` <code>${error.value}</code>`}: ${said(error.reason)}</p>`)}</td>`
        : names.map((name) => html`<td key=${name}>${shown(name, row.columns[name])}</td>`)}</tr>`)}</tbody></table></div>`;
}
