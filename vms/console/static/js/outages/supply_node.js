// One node in a drawer: what goes blind with it, which devices hang on it, and for the office its name, kind and place.
import { post, put, remove } from '../api.js';
import { Problem, useDeed } from '../deed.js';
import { Drawer } from '../drawer.js';
import { html, useState } from '../html.js';
import { t } from '../i18n.js';
import { Shown, whoName } from '../parts.js';
import { CameraSearch } from '../repair/camera_search.js';
import { forget, mayLeave, useUnsaved } from '../repair/unsaved.js';
import { useResource } from '../resource.js';
import { link } from '../router.js';
import { Impact } from './impact.js';
import { Cause } from './outage_words.js';
import { Evidence } from './supply_evidence.js';

const KINDS = ['switch', 'power_feeder', 'uplink'];
const PARTS = ['impact', 'devices', 'edit'];
const MOST_PARENTS = 500;
const SHOWN = 300;

/** What it hangs on may be any node but itself; a ring is refused by the server. */
function NodeForm({ node, onSaved, close }) {
  const nodes = useResource('supply', { limit: MOST_PARENTS });
  const { run, busy, problem } = useDeed();
  const [touched, touch] = useState(false);
  useUnsaved(touched);
  async function submit(event) {
    event.preventDefault();
    const form = new FormData(event.target);
    const [lon, lat] = ['lon', 'lat'].map((name) => form.get(name).trim());
    const wish = { kind: form.get('kind'), name: form.get('name').trim(), parent_id: form.get('parent_id') ? Number(form.get('parent_id')) : null, spot: lon && lat ? { lon: Number(lon), lat: Number(lat) } : null };
    const done = await run(() => (node ? put(`supply/${node.id}`, wish) : post('supply', wish)));
    if (!done) return;
    forget();
    touch(false);
    onSaved(done);
  }
  return html`<form class="form-lines" onSubmit=${submit} onInput=${() => touch(true)}><div class="form-pair"><label>${t('supply.column.kind')}<select name="kind">${KINDS.map((kind) => html`<option key=${kind} value=${kind} selected=${kind === node?.kind}>${t(`outage.kind.${kind}`)}</option>`)}</select></label>
      <label>${t('outage.name')}<input name="name" required maxlength="200" defaultValue=${node?.name ?? ''} /></label></div>
    <label>${t('supply.parent')}<select name="parent_id"><option value="">${t('supply.no_parent')}</option>${(nodes.data?.items ?? []).filter((each) => each.id !== node?.id).map((each) => html`<option key=${each.id} value=${each.id} selected=${each.id === node?.parent_id}>${t(`outage.kind.${each.kind}`)} · ${each.name}</option>`)}</select></label>
    <div class="form-pair">${['lon', 'lat'].map((name) => html`<label key=${name}>${t(`field.${name}`)}<input type="number" step="any" name=${name} min=${name === 'lon' ? -180 : -90} max=${name === 'lon' ? 180 : 90} defaultValue=${node?.[name] ?? ''} /></label>`)}</div>
    ${node?.source === 'learnt' && !node.confirmed && html`<p class="note">${t('supply.change_confirms')}</p>`}<${Problem} of=${problem} />
    <div class="row-end"><button type="button" class="quiet" onClick=${() => { if (mayLeave()) close(); }}>${t('action.cancel')}</button><button type="submit" class="primary" disabled=${busy}>${t('action.save')}</button></div></form>`;
}

function Devices({ node, office, onDone }) {
  const { run, busy, problem } = useDeed();
  const change = async (wish) => { if (await run(() => post(`supply/${node.id}/devices`, wish)) !== undefined) onDone(); };
  const cameras = node.members.flatMap((member) => member.cameras.map((camera) => camera.id));
  return html`${office && html`<section><h3>${t('supply.put_on')}</h3><${CameraSearch} without=${cameras} onCamera=${(camera) => change({ add_cameras: [camera.id] })} /></section>`}<${Problem} of=${problem} />
    ${node.members.length === 0 ? html`<p class="faint">${t('supply.nothing_on')}</p>` : html`<div class="table-box"><table class="list"><tbody>${node.members.slice(0, SHOWN).map((member) => html`<tr key=${member.device_id} data-device=${member.device_id}><th scope="row">${member.cameras.length ? member.cameras.map((camera) => html`<a key=${camera.id} href=${link(`camera/${camera.id}`)}>${camera.name || t('camera.number', { id: camera.id })}</a> `)
      : t('device.number', { id: member.device_id })}</th><td>${[member.address && `${member.address}:${member.port}`, member.serial_no].filter(Boolean).join(' · ')}</td><td>${t(`outage.source.${member.source}`)}</td>
      <td class="row-deeds">${office && html`<button type="button" class="small quiet" data-deed="take_off" disabled=${busy} onClick=${() => change({ take_off: [member.device_id] })}>${t('supply.take_off')}</button>`}</td></tr>`)}</tbody></table></div>
      ${node.members.length > SHOWN && html`<p class="faint">${t('edit.and_more', { n: node.members.length - SHOWN })}</p>`}`}`;
}

function Foot({ node, onDone, close }) {
  const { run, busy, problem } = useDeed();
  const [sure, ask] = useState(false);
  const asked = node.source === 'learnt' && !node.confirmed;
  const confirm = async () => { if (await run(() => post(`supply/${node.id}/confirmation`)) !== undefined) onDone(); };
  const drop = async () => { if (await run(() => remove(`supply/${node.id}`)) !== undefined) { onDone(); close(); } };
  return html`<${Problem} of=${problem} /><button type="button" class="danger-quiet" data-deed="remove" disabled=${busy} onClick=${() => (sure ? drop() : ask(true))}>${sure ? t('action.sure') : t(asked ? 'supply.refuse' : 'supply.remove')}</button>
    ${asked && html`<button type="button" class="primary" data-deed="confirm" disabled=${busy} onClick=${confirm}>✓ ${t('supply.confirm')}</button>`}`;
}

/** `id`: null for a new one. */
export function SupplyNode({ id, office, onDone, close }) {
  const [part, setPart] = useState('impact');
  const found = useResource(id === null ? null : `supply/${encodeURIComponent(id)}`, {}, { refreshOn: ['supply.'] });
  const done = () => { found.reload(); onDone(); };
  if (id === null) return html`<${Drawer} title=${t('supply.add')} close=${() => mayLeave() && close()}><${NodeForm} onSaved=${() => { onDone(); close(); }} close=${close} /><//>`;
  const node = found.data;
  const leave = () => { if (mayLeave()) close(); };
  return html`<${Drawer} title=${node?.name ?? t('supply.impact')} close=${leave} foot=${office && node && html`<${Foot} node=${node} onDone=${done} close=${close} />`}><${Shown} resource=${found}>${(one) => html`<p><${Cause} kind=${one.kind} /> ${t(`outage.source.${one.source}`)} · ${whoName(one.created_by)}${one.confirmed_by && ` · ${t('supply.confirmed_by', { who: one.confirmed_by })}`} <${Evidence} node=${one} /></p>
    <div class="tabs" role="tablist">${PARTS.filter((name) => office || name !== 'edit').map((name) => html`<button type="button" role="tab" key=${name} data-part=${name} aria-selected=${name === part} onClick=${() => mayLeave() && setPart(name)}>${t(`supply.part.${name}`)}${name === 'devices' && html` <small>${one.devices.toLocaleString()}</small>`}</button>`)}</div>
    <div role="tabpanel" class="supply-part">${part === 'impact' ? html`<${Impact} path=${`supply/${one.id}/impact`} />` : part === 'devices' ? html`<${Devices} node=${one} office=${office} onDone=${done} />` : html`<${NodeForm} node=${one} onSaved=${() => { done(); setPart('impact'); }} close=${() => setPart('impact')} />`}</div>`}<//><//>`;
}
