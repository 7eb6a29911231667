// What a person knows better than the evidence: two devices are one, one is two, other hardware stands at the point.
import { post } from '../api.js';
import { Problem, useDeed } from '../deed.js';
import { DeviceSearch } from '../discovery/device_search.js';
import { SideBySide } from '../discovery/side_by_side.js';
import { Drawer } from '../drawer.js';
import { html, useState } from '../html.js';
import { t } from '../i18n.js';
import { Shown } from '../parts.js';
import { useResource } from '../resource.js';

const KINDS = ['merge', 'split', 'replace'];

/** The reason and the button below each form. */
function Sure({ kind, ready, busy, problem }) {
  return html`<div class="row"><label>${t('word.why')}<input name="why" required minlength="3" maxlength="500" /></label>
    <button type="submit" class="primary" disabled=${busy || !ready}>${t(`device.${kind}`)}</button></div><${Problem} of=${problem} />`;
}

function Merge({ device, deed, act }) {
  const [other, setOther] = useState(null);
  const [stays, setStays] = useState('this');
  async function submit(event) {
    event.preventDefault();
    const why = new FormData(event.target).get('why').trim();
    const [keep, merge] = stays === 'this' ? [device.id, other] : [other, device.id];
    await act('merge', () => post('devices/merge', { keep, merge, why }));
  }
  const choice = (id, which) => html`<label class="check"><input type="radio" name="stays" value=${which} checked=${stays === which}
    onChange=${() => setStays(which)} />${t('device.number', { id })}</label>`;
  return html`<form class="form-lines" onSubmit=${submit}><p class="faint">${t('device.merge.hint')}</p>
    <${DeviceSearch} without=${device.id} chosen=${other} onChosen=${setOther} />
    ${other !== null && html`<${SideBySide} key=${other} ids=${[device.id, other]} roles=${{ [stays === 'this' ? device.id : other]: t('device.stays') }} />
      <fieldset class="which-stays"><legend>${t('device.which_stays')}</legend>${choice(device.id, 'this')}${choice(other, 'other')}</fieldset>
      <${Sure} kind="merge" ready ...${deed} />`}</form>`;
}

function Split({ device, deed, act }) {
  const identity = useResource(`devices/${device.id}/identity`);
  const [chosen, setChosen] = useState(new Set());
  const turn = (name) => setChosen((before) => {
    const next = new Set(before);
    if (!next.delete(name)) next.add(name);
    return next;
  });
  const box = (name, content) => html`<li key=${name}><label class="check"><input type="checkbox" checked=${chosen.has(name)} onChange=${() => turn(name)} /><span>${content}</span></label></li>`;
  return html`<${Shown} resource=${identity}>${(known) => {
    const keyName = (key) => `${key.kind} ${key.value}`;
    async function submit(event) {
      event.preventDefault();
      const why = new FormData(event.target).get('why').trim();
      const body = { cameras: known.camera_ids.filter((id) => chosen.has(`camera ${id}`)), why,
        keys: known.keys.filter((key) => chosen.has(keyName(key))).map(({ kind, value }) => ({ kind, value })) };
      await act('split', () => post(`devices/${device.id}/split`, body));
    }
    return html`<form class="form-lines" onSubmit=${submit}><p class="faint">${t('device.split.hint')}</p>
      <h3>${t('device.cameras')}</h3><ul data-part="cameras">${known.camera_ids.map((id) => box(`camera ${id}`, device.cameras.find((each) => each.id === id)?.name || t('camera.number', { id })))}</ul>
      <h3>${t('device.keys')}</h3><ul data-part="keys">${known.keys.map((key) => box(keyName(key), html`${t(`key.${key.kind}`)} <code>${key.value}</code>`))}</ul>
      <${Sure} kind="split" ready=${chosen.size > 0} ...${deed} /></form>`;
  }}<//>`;
}

function Channel({ id }) {
  const device = useResource(`devices/${id}`);
  return html`<${Shown} resource=${device}>${(one) => one.cameras.length > 1 && html`<label>${t('field.channel')}<select name="channel"><option value="">${t('device.channel_fits')}</option>
    ${one.cameras.map((each) => html`<option key=${each.id} value=${each.channel}>${each.channel} ${each.name}</option>`)}</select></label>`}<//>`;
}

function Replace({ device, camera, deed, act }) {
  const [other, setOther] = useState(null);
  async function submit(event) {
    event.preventDefault();
    const form = new FormData(event.target);
    const body = { device: other, channel: form.get('channel') ?? '', why: form.get('why').trim() };
    await act('replace', () => post(`cameras/${camera.row.id}/replace-device`, body));
  }
  return html`<form class="form-lines" onSubmit=${submit}><p class="faint">${t('device.replace.hint')}</p>
    <${DeviceSearch} without=${device?.id} chosen=${other} onChosen=${setOther} />
    ${other !== null && html`<${SideBySide} key=${other} ids=${[device?.id, other].filter(Boolean)} roles=${{ [other]: t('device.new_hardware') }} />
      <${Channel} id=${other} /><${Sure} kind="replace" ready ...${deed} />`}</form>`;
}

const FORMS = { merge: Merge, split: Split, replace: Replace };

/** `device`: null where none is bound yet; `onDone` hears the kind and the identity action. */
export function DeviceDeeds({ device, camera, onDone }) {
  const { run, busy, problem, clear } = useDeed();
  const [kind, setKind] = useState(null);
  const open = (next) => { clear(); setKind(next); };
  async function act(which, deed) {
    const action = await run(deed);
    if (!action) return;
    setKind(null);
    onDone(which, action);
  }
  const Form = FORMS[kind];
  return html`<div class="device-deeds">${KINDS.filter((each) => device || each === 'replace').map((each) => html`<button type="button" key=${each} class="small" data-deed=${each}
      onClick=${() => open(each)}>${t(`device.${each}`)}…</button>`)}
    ${kind && html`<${Drawer} title=${t(`device.${kind}`)} close=${() => setKind(null)}><${Form} device=${device} camera=${camera} deed=${{ busy, problem }} act=${act} /><//>`}</div>`;
}
