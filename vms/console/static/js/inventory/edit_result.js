// What came of an edit of many, and taking it back.
import { html } from '../html.js';
import { t } from '../i18n.js';
import { said } from '../said.js';
import { At } from '../time.js';
import { isRunning } from './edit_running.js';
import { changesInWords, nameOf } from './edit_words.js';

const SENTENCES = { running: 'edit.is_done', done: 'edit.was_done', undoing: 'edit.is_undone', undone: 'edit.was_undone' };

export function EditResult({ edit, fields, tables, busy, onUndo, children }) {
  const n = edit.state === 'undone' ? edit.restored : isRunning(edit) ? edit.position : edit.changed;
  return html`<section class="edit-result" data-state=${edit.state}><p class="sentence">${t(SENTENCES[edit.state], { n: n.toLocaleString(), of: edit.cameras.toLocaleString() })}</p>
    <p>${changesInWords(edit.changes, fields, tables)}</p>
    <p class="faint">${edit.who} · <${At} at=${edit.at} /> · ${edit.why}${edit.undone_at && html` · ${t('edit.undone_by', { who: edit.undone_by })} <${At} at=${edit.undone_at} />`}</p>
    ${edit.refused > 0 && html`<p class="broken">${t('edit.n_refused', { n: edit.refused.toLocaleString() })}</p>`}
    ${edit.refusals.map((each) => html`<p key=${each.camera_id} class="broken">${each.name}${t('word.colon')}${said(each.reason, each.code)}</p>`)}
    ${edit.left_fields.map((each, at) => html`<p key=${at} class="faint">${each.name} · ${nameOf(fields, each.field)}${t('word.colon')}${said(each.reason)}</p>`)}
    <div class="row-end">${children}${edit.state === 'done' && edit.changed > 0 && html`<button type="button" data-deed="undo" disabled=${busy} onClick=${onUndo}>${t('action.undo')}</button>`}</div></section>`;
}
