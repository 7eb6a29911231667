// One field of the record as something to fill in: by its kind, with the words of its code table.
import { html } from '../html.js';
import { language, t } from '../i18n.js';

export const inWords = (thing, name = 'label') => (language() === 'zh' ? thing[`${name}_zh`] : thing[`${name}_en`]);
const word = (code) => (language() === 'zh' ? code.zh : code.en);

/** The codes of a table that may be chosen, each once. */
export function choicesOf(tables, table) {
  const found = new Map();
  for (const row of tables ?? []) if (row.table === table && row.in_use && !found.has(row.code)) found.set(row.code, row);
  return [...found.values()].sort((a, b) => a.position - b.position);
}

function Codes({ about, value, codes, onValue }) {
  const chosen = new Set((value ?? []).map(String));
  const turn = (code) => {
    if (!chosen.delete(code)) chosen.add(code);
    onValue([...chosen].map(Number).sort((a, b) => a - b));
  };
  return html`<fieldset class="codes" aria-label=${inWords(about)}>${codes.map((each) => html`<label key=${each.code} class="check"><input type="checkbox"
    checked=${chosen.has(each.code)} onChange=${() => turn(each.code)} />${word(each)}</label>`)}</fieldset>`;
}

function Code({ about, value, codes, onValue, autofocus }) {
  const known = codes.some((each) => each.code === String(value ?? ''));
  return html`<select aria-label=${inWords(about)} autofocus=${autofocus} value=${String(value ?? '')} onChange=${(event) => onValue(event.target.value || null)}>
    ${!about.must && html`<option value="">—</option>`}${value !== null && value !== '' && !known && html`<option value=${String(value)}>${String(value)}</option>`}
    ${codes.map((each) => html`<option key=${each.code} value=${each.code}>${each.code} ${word(each)}</option>`)}</select>`;
}

const TYPES = { integer: 'number', number: 'number', date: 'date' };
const plain = (kind, text) => (text === '' ? null : kind === 'integer' || kind === 'number' ? Number(text) : text);

/** `onValue(value)`: null where it was emptied. */
export function FieldInput({ about, value, tables, onValue, onKeyDown, autofocus = false }) {
  const codes = about.table ? choicesOf(tables, about.table) : [];
  if (about.kind === 'codes') return html`<${Codes} about=${about} value=${value} codes=${codes} onValue=${onValue} />`;
  if (about.kind === 'code' && codes.length) return html`<${Code} about=${about} value=${value} codes=${codes} autofocus=${autofocus} onValue=${onValue} />`;
  if (about.kind === 'code' && about.least !== null) {
    const numbers = Array.from({ length: about.most - about.least + 1 }, (_, n) => ({ code: String(about.least + n), zh: '', en: '' }));
    return html`<${Code} about=${about} value=${value} codes=${numbers} autofocus=${autofocus} onValue=${(text) => onValue(text === null ? null : Number(text))} />`;
  }
  if (about.kind === 'yes/no') {
    return html`<select aria-label=${inWords(about)} autofocus=${autofocus} value=${value === null ? '' : String(value)}
      onChange=${(event) => onValue(event.target.value === '' ? null : event.target.value === 'true')}>${!about.must && html`<option value="">—</option>`}
      <option value="true">${t('word.yes')}</option><option value="false">${t('word.no')}</option></select>`;
  }
  return html`<input aria-label=${inWords(about)} autofocus=${autofocus} type=${TYPES[about.kind] ?? 'text'} step=${about.kind === 'number' ? 'any' : undefined}
    min=${about.least ?? undefined} max=${about.most ?? undefined} maxlength=${about.longest ?? undefined} value=${value ?? ''} onKeyDown=${onKeyDown}
    onInput=${(event) => onValue(plain(about.kind, event.target.value))} />`;
}
