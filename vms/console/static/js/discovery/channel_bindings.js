// Which camera each channel of a recorder is, chosen channel by channel.
import { html } from '../html.js';
import { t } from '../i18n.js';

export const bindingsOf = (conflict, form) => conflict.channels.map(({ channel }, n) => {
  const chosen = form.get(`camera-${n}`);
  return { channel, camera: chosen ? Number(chosen) : null };
});

/** `nameOf`: a camera's words by its id. */
export function ChannelBindings({ conflict, nameOf }) {
  return html`<table class="list"><thead><tr><th scope="col">${t('field.channel')}</th><th scope="col">${t('conflict.is_camera')}</th></tr></thead>
    <tbody>${conflict.channels.map((each, n) => html`<tr key=${each.channel}><th scope="row">${each.channel} <small class="faint">${each.name}</small></th>
      <td><select name=${`camera-${n}`} aria-label=${each.channel}><option value="">${t('conflict.own_camera')}</option>
        ${conflict.camera_ids.map((id) => html`<option key=${id} value=${id}>${nameOf(id)}</option>`)}</select></td></tr>`)}</tbody></table>`;
}
