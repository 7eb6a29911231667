// What an edit of many would do: how many change, what they hold now, the first ones before and after, and who is left alone.
import { choicesOf, inWords } from '../camera/field_input.js';
import { html } from '../html.js';
import { language, t, tOr } from '../i18n.js';
import { link } from '../router.js';

const SHOWN = 20;

/** A field's name in words, also of one that is not in the archive's table. */
export const nameOf = (fields, name) => {
  const about = fields.find((each) => each.name === name);
  return about ? inWords(about) : tOr(`field.${name}`, name);
};

export function wordsOf(about, value, tables) {
  if (value === null || value === undefined || value === '') return '—';
  if (!about && typeof value === 'string') return tOr(`life_cycle.${value}`, value);
  if (value === true || value === false) return t(value ? 'word.yes' : 'word.no');
  const codes = about?.table ? choicesOf(tables, about.table) : [];
  const one = (code) => {
    const found = codes.find((each) => each.code === String(code));
    return found ? (language() === 'zh' ? found.zh : found.en) : String(code);
  };
  return Array.isArray(value) ? value.map(one).join(t('word.comma')) : one(value);
}

export function EditPreview({ preview, fields, tables }) {
  const aboutOf = (name) => fields.find((each) => each.name === name);
  return html`<section class="edit-preview"><ul class="import-counts"><li data-count="will_change"><b>${preview.will_change.toLocaleString()}</b><span>${t('edit.will_change')}</span></li>
      <li data-count="unchanged"><b>${preview.unchanged.toLocaleString()}</b><span>${t('edit.unchanged')}</span></li>
      <li class=${preview.refused ? 'is-wrong' : ''}><b>${preview.refused.toLocaleString()}</b><span>${t('edit.refused')}</span></li></ul>
    ${preview.fields.map((field) => html`<p key=${field.field} class="faint">${nameOf(fields, field.field)} ${t('edit.now')} ${field.before.map((each) => `${wordsOf(aboutOf(field.field), each.value, tables)} (${each.cameras})`).join(t('word.comma'))}
      ${field.other_values > 0 && t('edit.others', { n: field.other_values })}</p>`)}
    ${preview.rows.length > 0 && html`<div class="table-box"><table class="list"><thead><tr><th scope="col">${t('camera.name')}</th><th scope="col">${t('camera.field')}</th><th scope="col">${t('task.before')}</th>
      <th scope="col">${t('task.after')}</th></tr></thead><tbody>${preview.rows.slice(0, SHOWN).flatMap((row) => Object.keys(row.after).map((name, n) => html`<tr key=${`${row.camera_id} ${name}`}>
      <th scope="row">${n === 0 && html`<a href=${link(`camera/${row.camera_id}`)}>${row.name}</a>`}</th><td>${nameOf(fields, name)}</td>
      <td><s>${wordsOf(aboutOf(name), row.before[name], tables)}</s></td><td><b>${wordsOf(aboutOf(name), row.after[name], tables)}</b></td></tr>`))}</tbody></table></div>`}
    ${preview.will_change > SHOWN && html`<p class="faint">${t('edit.and_more', { n: (preview.will_change - SHOWN).toLocaleString() })}</p>`}
    ${preview.refusals.slice(0, SHOWN).map((each) => html`<p key=${each.camera_id} class="broken">${each.name}: ${each.reason}</p>`)}</section>`;
}
