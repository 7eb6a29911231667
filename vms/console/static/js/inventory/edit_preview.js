// What an edit of many would do: how many change, what they hold now, the first ones before and after, and who is left alone.
import { html } from '../html.js';
import { t } from '../i18n.js';
import { said } from '../said.js';
import { EditRows } from './edit_rows.js';
import { nameOf, wordsOf } from './edit_words.js';

const SHOWN = 20;

export function EditPreview({ preview, fields, tables }) {
  const aboutOf = (name) => fields.find((each) => each.name === name);
  return html`<section class="edit-preview"><ul class="import-counts"><li data-count="will_change"><b>${preview.will_change.toLocaleString()}</b><span>${t('edit.will_change')}</span></li>
      <li data-count="unchanged"><b>${preview.unchanged.toLocaleString()}</b><span>${t('edit.unchanged')}</span></li>
      <li class=${preview.refused ? 'is-wrong' : ''}><b>${preview.refused.toLocaleString()}</b><span>${t('edit.refused')}</span></li></ul>
    ${preview.fields.map((field) => html`<p key=${field.field} class="faint">${nameOf(fields, field.field)} ${t('edit.now')} ${field.before.map((each) => `${wordsOf(aboutOf(field.field), each.value, tables)} (${each.cameras})`).join(t('word.comma'))}
      ${field.other_values > 0 && t('edit.others', { n: field.other_values })}</p>`)}
    ${preview.rows.length > 0 && html`<${EditRows} rows=${preview.rows.slice(0, SHOWN)} fields=${fields} tables=${tables} />`}
    ${preview.will_change > SHOWN && html`<p class="faint">${t('edit.and_more', { n: (preview.will_change - SHOWN).toLocaleString() })}</p>`}
    ${preview.refusals.slice(0, SHOWN).map((each) => html`<p key=${each.camera_id} class="broken">${each.name}${t('word.colon')}${said(each.reason, each.code)}</p>`)}</section>`;
}
