// The order that is open for a camera; where there is none, staff open one for what no program sees.
import { post } from '../api.js';
import { Problem, useDeed } from '../deed.js';
import { Drawer } from '../drawer.js';
import { html, useState } from '../html.js';
import { t } from '../i18n.js';
import { severityName } from '../parts.js';
import { useResource } from '../resource.js';
import { go, link } from '../router.js';
import { OrderState } from './order_state.js';

const OPENS = ['admin', 'operator', 'maintainer'];
const SEVERITIES = ['critical', 'major', 'minor'];
const LAYERS = ['network', 'control', 'stream', 'picture', 'recording'];

function OpenForm({ camera, close }) {
  const { run, busy, problem } = useDeed();
  async function submit(event) {
    event.preventDefault();
    const form = new FormData(event.target);
    const made = await run(() => post('work-orders', { camera_id: camera.id, reason: form.get('reason').trim(), severity: form.get('severity'), layer: form.get('layer') }));
    if (made) go(`orders/${made.order.id}`);
  }
  return html`<${Drawer} title=${t('orders.open_for', { name: camera.name })} close=${close}><form class="form-lines" onSubmit=${submit}><p class="note">${t('orders.open_hint')}</p>
    <label>${t('orders.open_reason')}<textarea name="reason" rows="3" maxlength="2000" required></textarea></label>
    <div class="form-pair"><label>${t('fault.severity')}<select name="severity">${SEVERITIES.map((each) => html`<option key=${each} value=${each} selected=${each === 'major'}>${severityName(each)}</option>`)}</select></label>
      <label>${t('repair.layer')}<select name="layer"><option value="">${t('orders.no_layer')}</option>${LAYERS.map((each) => html`<option key=${each} value=${each}>${t(`layer.${each}`)}</option>`)}</select></label></div><${Problem} of=${problem} />
    <div class="row-end"><button type="button" class="quiet" onClick=${close}>${t('action.cancel')}</button><button type="submit" class="primary" disabled=${busy}>${t('orders.open')}</button></div></form><//>`;
}

export function CameraOrder({ camera, user }) {
  const asks = OPENS.includes(user.role);
  const open = useResource(asks ? 'work-orders' : null, { camera: camera.id, limit: 1 }, { refreshOn: ['order.'] });
  const [asking, ask] = useState(false);
  const order = open.data?.items[0];
  if (!asks || !open.data) return null;
  return html`<p class="camera-order">${order ? html`<a href=${link(`orders/${order.id}`)}>${t('orders.one', { number: order.number })}</a> <${OrderState} state=${order.state} />`
    : !user.maintainer_id && html`<button type="button" class="small" data-deed="open_order" onClick=${() => ask(true)}>${t('orders.open')}</button>`} <a class="faint" href=${link('orders', { camera: camera.id, state: 'all' })}>${t('orders.past')}</a></p>
    ${asking && html`<${OpenForm} camera=${camera} close=${() => ask(false)} />`}`;
}
