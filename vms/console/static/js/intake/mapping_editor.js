// Which column of the record each heading is, which of our words each of theirs means, and what stands for all rows.
import { choicesOf, inWords } from '../camera/field_input.js';
import { html } from '../html.js';
import { language, t } from '../i18n.js';
import { useResource } from '../resource.js';

const SYSTEMS = ['wgs84', 'gcj02', 'bd09'];
const TIERS = ['government', 'unit', 'community', 'household'];
const SAMPLES = 3;

const samplesOf = (rows, heading) => [...new Set(rows.map((row) => row.as_written[heading]).filter(Boolean))].slice(0, SAMPLES).join(' · ');

function Words({ column, words, choices, onWord }) {
  return html`<ul class="their-words">${Object.entries(words).map(([theirs, ours]) => html`<li key=${theirs} class=${ours === '' ? 'is-unknown' : ''}><span>${theirs}</span> =
    ${choices.length ? html`<select aria-label=${theirs} value=${ours} onChange=${(event) => onWord(column, theirs, event.target.value)}><option value="">—</option>
      ${choices.map((each) => html`<option key=${each.code} value=${each.code}>${language() === 'zh' ? each.zh : each.en}</option>`)}</select>`
      : html`<input aria-label=${theirs} value=${ours} onChange=${(event) => onWord(column, theirs, event.target.value)} />`}</li>`)}</ul>`;
}

export function MappingEditor({ preview, mapping, onChange }) {
  const fields = useResource('archive/fields');
  const tables = useResource('code-tables');
  const items = fields.data?.items ?? [];
  const set = (changes) => onChange({ ...mapping, ...changes });
  const column = (heading, name) => set({ headings: { ...mapping.headings, [heading]: name } });
  const word = (name, theirs, ours) => set({ values: { ...mapping.values, [name]: { ...mapping.values[name], [theirs]: ours } } });
  const constant = (name, value) => {
    const { [name]: _, ...rest } = mapping.constants;
    set({ constants: value ? { ...rest, [name]: value } : rest });
  };
  const choices = (name) => {
    const about = items.find((each) => each.name === name);
    return about?.table ? choicesOf(tables.data?.items, about.table) : [];
  };
  const headings = preview.headings.filter((heading) => heading.trim());
  return html`<div class="table-box mapping"><table class="list"><thead><tr><th scope="col">${t('import.heading')}</th><th scope="col">${t('import.samples')}</th>
      <th scope="col">${t('import.column')}</th><th scope="col">${t('import.words')}</th></tr></thead>
    <tbody>${headings.map((heading) => {
      const name = mapping.headings[heading] ?? '';
      return html`<tr key=${heading} data-heading=${heading} class=${name ? '' : 'is-left-out'}><th scope="row">${heading}</th><td class="faint">${samplesOf(preview.rows, heading)}</td>
        <td><select aria-label=${heading} value=${name} onChange=${(event) => column(heading, event.target.value)}><option value="">${t('import.not_read')}</option>
          ${items.map((each) => html`<option key=${each.name} value=${each.name}>${inWords(each)}</option>`)}</select></td>
        <td>${mapping.values[name] && html`<${Words} column=${name} words=${mapping.values[name]} choices=${choices(name)} onWord=${word} />`}</td></tr>`;
    })}</tbody></table></div>
    <div class="inline-form"><label>${t('import.tier')}<select value=${mapping.constants.tier ?? ''} onChange=${(event) => constant('tier', event.target.value)}>
        <option value="">${t('import.as_rows_say')}</option>${TIERS.map((tier) => html`<option key=${tier} value=${tier}>${t(`tier.${tier}`)}</option>`)}</select></label>
      <label>${t('import.coordinates')}<select value=${mapping.coordinate_system} onChange=${(event) => set({ coordinate_system: event.target.value })}>
        <option value="">${t('import.as_rows_say')}</option>${SYSTEMS.map((system) => html`<option key=${system} value=${system}>${t(`system.${system}`)}</option>`)}</select></label>
      <label>${t('import.date_format')}<input value=${mapping.date_format} placeholder="%Y-%m-%d" onChange=${(event) => set({ date_format: event.target.value.trim() })} /></label></div>`;
}
