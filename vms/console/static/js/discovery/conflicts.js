// Devices whose identity is in doubt: shown above the inventory until a person says what was found out.
import { post } from '../api.js';
import { html, useState } from '../html.js';
import { t } from '../i18n.js';
import { useResource } from '../resource.js';
import { Age } from '../time.js';

export const MAY_RESOLVE = ['admin', 'operator', 'maintainer'];

function Conflict({ conflict, onDone }) {
  const [problem, setProblem] = useState(null);
  const resolve = async (event) => {
    event.preventDefault();
    try {
      await post(`conflicts/${conflict.id}/resolution`, { resolution: new FormData(event.target).get('resolution') });
      onDone();
    } catch (error) { setProblem(error); }
  };
  return html`<li>${conflict.address && html`<b>${conflict.address}:${conflict.port}</b> `}<${Age} at=${conflict.found_at} />
    <span> ${t('conflict.devices', { ids: conflict.device_ids.join(', ') })}</span>
    <ul>${conflict.reasons.map((reason) => html`<li key=${reason}>${reason}</li>`)}</ul>
    <form class="row" onSubmit=${resolve}>
      <input name="resolution" required minlength="3" maxlength="500" aria-label=${t('conflict.found_out')}
        placeholder=${t('conflict.found_out')} /><button type="submit">${t('conflict.resolve')}</button></form>
    ${problem && html`<p class="problem" role="alert">${problem.message}</p>`}</li>`;
}

export function Conflicts() {
  const conflicts = useResource('conflicts', {}, { refreshOn: ['device.'] });
  const items = conflicts.data?.items ?? [];
  return items.length > 0 && html`<details class="note conflicts"><summary>${t('conflict.title', { n: items.length })}</summary>
    <ul>${items.map((conflict) => html`<${Conflict} key=${conflict.id} conflict=${conflict} onDone=${conflicts.reload} />`)}</ul></details>`;
}
