// One line of the record: its value, what the device says of the same, which rule it breaks; a click edits it in place.
import { html } from '../html.js';
import { sentence, t } from '../i18n.js';
import { whoName } from '../parts.js';
import { At } from '../time.js';
import { FieldInput, inWords } from './field_input.js';
import { Value } from './record_value.js';

const same = (a, b) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

export function RecordField({ field, failed, editable, edit, tables, onEdit, onValue, onCancel }) {
  const { about } = field;
  const changing = edit !== undefined;
  const told = field.observed !== null && field.source === 'declared' && !same(field.observed, field.value);
  const marks = [field.required && !field.filled && 'is-missing', failed.length && 'is-failed', changing && 'is-changing'].filter(Boolean).join(' ');
  const keys = (event) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    onCancel();
  };
  const title = field.changed_by ? t('record.changed_by', { who: whoName(field.changed_by) }) : '';
  return html`<div class="record-line ${marks}" data-field=${about.name}><dt>${inWords(about)}${field.required && html`<abbr title=${t('record.required')}>*</abbr>`}</dt>
    <dd>${changing ? html`<span class="editing"><${FieldInput} about=${about} value=${edit} tables=${tables} onValue=${onValue} onKeyDown=${keys} autofocus />
        <button type="button" class="small quiet" aria-label=${t('action.cancel')} onClick=${onCancel}>✕</button></span>`
      : editable && !field.masked ? html`<button type="button" class="value" title=${title} onClick=${onEdit}><${Value} value=${field.value} labels=${field.labels} unit=${about.unit} />
        ${field.required && !field.filled && html`<em>${t('record.missing')}</em>`}</button>`
        : html`<span class="value" title=${title}><${Value} value=${field.value} labels=${field.labels} unit=${about.unit} /></span>`}
      ${field.source === 'observed' && html`<small class="faint">${t('record.observed')}</small>`}
      ${told && html`<small class="told">${t('record.device_says')} <${Value} value=${field.observed} unit=${about.unit} />
        ${editable && !changing && html`<button type="button" class="link" onClick=${() => onValue(field.observed)}>${t('record.take')}</button>`}</small>`}
      ${failed.map((rule) => html`<small key=${rule.code} class="broken">${sentence(rule, 'sentence')}</small>`)}
      ${changing && field.changed_at && html`<small class="faint">${t('record.changed_by', { who: whoName(field.changed_by) })} <${At} at=${field.changed_at} /></small>`}</dd></div>`;
}
