// What was just done about identity, and taking it back while it is still in mind.
import { post } from '../api.js';
import { Problem, useDeed } from '../deed.js';
import { html, useState } from '../html.js';
import { t } from '../i18n.js';
import { link } from '../router.js';

/** `actions`: ids of identity actions; none where nothing was changed. */
export function Done({ words, actions, close, onUndone }) {
  const { run, busy, problem } = useDeed();
  const [undone, setUndone] = useState(false);
  async function undo() {
    const done = await run(async () => {
      for (const id of [...actions].reverse()) await post(`identity-actions/${id}/undo`, {});
    });
    if (done === undefined) return;
    setUndone(true);
    onUndone();
  }
  return html`<div class="done-note" role="status" data-state=${undone ? 'undone' : 'done'}><b>${words}</b>${undone ? html`<span>${t('identity.taken_back')}</span>`
    : actions.length > 0 && html`<button type="button" class="small" data-deed="undo" disabled=${busy} onClick=${undo}>${t('action.undo')}</button>
      <a href=${link('discovery', { tab: 'actions' })}>${t('identity.all_actions')}</a>`}
    <button type="button" class="small quiet" aria-label=${t('action.close')} onClick=${close}>✕</button><${Problem} of=${problem} /></div>`;
}
