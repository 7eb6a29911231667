// Who looked at this camera, when and why: the log that cannot be altered, and asking its owner.
import { html, useState } from '../html.js';
import { post } from '../api.js';
import { t, tOr } from '../i18n.js';
import { Empty, Shown, whoName } from '../parts.js';
import { useResource } from '../resource.js';
import { At, duration } from '../time.js';

export function LooksTable({ list }) {
  return html`<p class=${list.chain_ok ? 'note' : 'problem'}>${t(list.chain_ok ? 'looks.chain_ok' : 'looks.chain_broken')}</p>
    ${list.items.length === 0 ? html`<${Empty} title=${t('looks.nobody')} />` : html`<div class="table-box"><table class="list looks">
      <thead><tr><th scope="col">${t('looks.when')}</th><th scope="col">${t('looks.who')}</th><th scope="col">${t('looks.what')}</th>
      <th scope="col">${t('looks.why')}</th><th scope="col">${t('looks.result')}</th></tr></thead>
      <tbody>${list.items.map((look) => html`<tr key=${look.id}><td><${At} at=${look.at} />${look.ended_at && html`<small class="why">
        ${duration((Date.parse(look.ended_at) - Date.parse(look.at)) / 1000)}</small>`}</td>
        <td>${whoName(look.who)}</td><td>${t(`look.${look.kind}`)}</td><td>${look.incident_no ?? ''} ${look.purpose}</td>
        <td><span class="access access-${look.allowed ? 'allowed' : 'refused'}">${t(look.allowed ? 'looks.allowed' : 'looks.refused')}
          </span><small class="why">${tOr(`decided.${look.because}`, look.because)}</small></td></tr>`)}</tbody></table></div>`}`;
}

export function AskOwner({ cameraId }) {
  const [told, setTold] = useState(null);
  async function ask(event) {
    event.preventDefault();
    try {
      await post(`cameras/${cameraId}/access-requests`, { purpose: new FormData(event.target).get('purpose') });
      setTold({ ok: true, words: t('tile.asked') });
    } catch (error) {
      setTold({ ok: false, words: error.message });
    }
  }
  return html`<form class="inline-form" onSubmit=${ask}><label>${t('access.purpose')}<input name="purpose" required maxlength="2000" />
    </label><button type="submit">${t('tile.ask')}</button>
    ${told && html`<p class=${told.ok ? 'note' : 'problem'} role="status">${told.words}</p>`}</form>`;
}

export function LooksTab({ camera }) {
  const looks = useResource(`cameras/${camera.row.id}/looks`, { limit: 100 });
  return html`<${Shown} resource=${looks}>${(list) => html`<${LooksTable} list=${list} />`}<//>`;
}
