// What came of an edit of many, and taking it back.
import { html } from '../html.js';
import { t } from '../i18n.js';
import { At } from '../time.js';
import { nameOf } from './edit_preview.js';

export function EditResult({ edit, fields, busy, onUndo }) {
  const undone = edit.state === 'undone';
  return html`<section class="edit-result" data-state=${edit.state}><p class="sentence">${undone ? t('edit.was_undone', { n: edit.restored.toLocaleString() }) : t('edit.was_done', { n: edit.changed.toLocaleString() })}</p>
    <p class="faint">${Object.keys(edit.changes).map((name) => nameOf(fields, name)).join(t('word.comma'))} · ${edit.who} · <${At} at=${edit.undone_at ?? edit.at} /></p>
    ${edit.refusals.map((each) => html`<p key=${each.camera_id} class="broken">${each.name}: ${each.reason}</p>`)}
    ${edit.left_fields.map((each, n) => html`<p key=${n} class="faint">${each.name}: ${each.reason}</p>`)}
    ${!undone && html`<div class="row-end"><button type="button" data-deed="undo" disabled=${busy} onClick=${onUndo}>${t('action.undo')}</button></div>`}</section>`;
}
