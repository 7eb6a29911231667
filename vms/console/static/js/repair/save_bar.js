// Saves what was written, or gives it up; says where somebody else has changed the same meanwhile.
import { Problem } from '../deed.js';
import { html } from '../html.js';
import { t } from '../i18n.js';

/** `wrong`: why it cannot be saved as it is. */
export function SaveBar({ draft, busy, problem, wrong = '', onSave, children }) {
  return draft.changed && html`<div class="save-bar" role="region" aria-label=${t('unsaved.title')}><b>${t('unsaved.title')}</b>${draft.moved && html`<span class="is-wrong">${t('unsaved.moved')}</span>`}
    ${wrong && html`<span class="is-wrong" role="alert">${wrong}</span>`}${children}
    <div class="push-end row-end"><button type="button" class="quiet" data-deed="discard" onClick=${draft.giveUp}>${t('record.discard')}</button>
      <button type="button" class="primary" data-deed="save" disabled=${busy || Boolean(wrong)} onClick=${onSave}>${t('action.save')}</button></div><${Problem} of=${problem} /></div>`;
}
