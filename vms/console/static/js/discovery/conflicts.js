// Doubts about identity: the evidence and the devices side by side, and what a person may decide.
import { post } from '../api.js';
import { Problem, useDeed } from '../deed.js';
import { html, useState } from '../html.js';
import { t } from '../i18n.js';
import { Empty, Shown } from '../parts.js';
import { useResource } from '../resource.js';
import { link } from '../router.js';
import { Age } from '../time.js';
import { ChannelBindings, bindingsOf } from './channel_bindings.js';
import { DeviceCard } from './device_card.js';
import { Evidence } from './evidence.js';

const WEIGHTY = new Set(['same_as', 'replaced', 'same_camera', 'bind']);

/** What is equal on several of the devices, by field. */
function sameOf(devices) {
  const seen = {};
  const note = (name, value) => {
    if (!value) return;
    seen[name] ??= new Map();
    seen[name].set(value, (seen[name].get(value) ?? 0) + 1);
  };
  for (const one of devices) {
    for (const name of ['manufacturer', 'model', 'firmware', 'serial_no']) note(name, one[name]);
    note('address', one.address && `${one.address}:${one.port}`);
    for (const key of one.keys) note(`key:${key.kind}`, key.value);
  }
  return Object.fromEntries(Object.entries(seen).map(([name, values]) => [name, new Set([...values].filter(([, n]) => n > 1).map(([value]) => value))]));
}

function SideBySide({ ids, newest }) {
  const [known, setKnown] = useState({});
  const loaded = (one) => { if (known[one.id]?.last_seen_at !== one.last_seen_at) setKnown((before) => ({ ...before, [one.id]: one })); };
  const mark = sameOf(ids.map((id) => known[id]).filter(Boolean));
  return html`<div class="side-by-side">${ids.map((id) => html`<${DeviceCard} key=${id} id=${id} mark=${mark} onLoaded=${loaded}
    role=${id === newest ? t('conflict.this_one') : ''} />`)}</div>`;
}

function Which({ conflict, answer }) {
  const choose = (name, ids, word) => ids.length > 1 && html`<label>${t(`conflict.which_${name}`)}<select name=${name}>
    ${ids.map((id) => html`<option key=${id} value=${id}>${word(id)}</option>`)}</select></label>`;
  const others = conflict.device_ids.filter((id) => id !== conflict.device_id);
  if (answer === 'same_as') return choose('device', others, (id) => t('device.number', { id }));
  if (answer === 'same_camera') return choose('camera', conflict.camera_ids, (id) => t('camera.number', { id }));
  if (answer === 'bind') return html`<${ChannelBindings} conflict=${conflict} />`;
  return null;
}

function bodyOf(conflict, answer, form) {
  const others = conflict.device_ids.filter((id) => id !== conflict.device_id);
  const body = { kind: answer, why: form.get('why').trim() };
  if (answer === 'same_as') body.device = Number(form.get('device') ?? others[0]);
  if (answer === 'same_camera') body.camera = Number(form.get('camera') ?? conflict.camera_ids[0]);
  if (answer === 'bind') body.bindings = bindingsOf(conflict, form);
  return body;
}

function Decide({ conflict, onDone }) {
  const { run, busy, problem } = useDeed();
  const [answer, setAnswer] = useState(null);
  async function submit(event) {
    event.preventDefault();
    const body = bodyOf(conflict, answer, new FormData(event.target));
    if (await run(() => post(`conflicts/${conflict.id}/resolution`, body)) !== undefined) onDone();
  }
  return html`<div class="decide"><div class="chips" role="group" aria-label=${t('conflict.decide')}>${conflict.answers.map((each) => html`<button
      type="button" key=${each} class="chip" aria-pressed=${each === answer} data-answer=${each} onClick=${() => setAnswer(each)}>
      ${t(`conflict.answer.${each}`)}</button>`)}</div>
    ${answer && html`<form class="form-lines" onSubmit=${submit}><p class="faint">${t(`conflict.answer.${answer}.hint`)}</p>
      <${Which} conflict=${conflict} answer=${answer} />
      <div class="row"><label>${t('word.why')}<input name="why" required minlength="3" maxlength="500" /></label>
        <button type="submit" class=${WEIGHTY.has(answer) ? 'primary' : ''} disabled=${busy}>${t(`conflict.answer.${answer}`)}</button></div>
      <${Problem} of=${problem} /></form>`}</div>`;
}

function Conflict({ conflict, open, onOpen, onDone }) {
  return html`<li class="conflict" data-conflict=${conflict.id}><button type="button" class="conflict-head" aria-expanded=${open} onClick=${onOpen}>
      <b>${t(`conflict.kind.${conflict.kind}`)}</b><span>${conflict.address ? `${conflict.address}:${conflict.port}` : ''}</span>
      <small><${Age} at=${conflict.found_at} /></small></button>
    ${open && html`<div class="conflict-body">${conflict.evidence.length > 0 && html`<${Evidence} list=${conflict.evidence} />`}
      ${conflict.note && html`<p class="note">${conflict.note}</p>`}
      ${conflict.camera_ids.length > 0 && html`<p>${t('conflict.cameras')} ${conflict.camera_ids.map((id) => html`<a key=${id} href=${link(`camera/${id}`)}>
        ${t('camera.number', { id })} </a>`)}</p>`}
      <${SideBySide} ids=${conflict.device_ids} newest=${conflict.device_id} /><${Decide} conflict=${conflict} onDone=${onDone} /></div>`}</li>`;
}

export function Conflicts({ query }) {
  const conflicts = useResource('conflicts', {}, { refreshOn: ['device.', 'conflict.', 'identity.'] });
  const [opened, setOpened] = useState(query.conflict ? Number(query.conflict) : null);
  const none = (list) => list.items.length === 0 && html`<${Empty} title=${t('conflict.none')} next=${t('conflict.none.next')} />`;
  return html`<${Shown} resource=${conflicts} empty=${none}>${(list) => html`<ul class="conflict-list">${list.items.map((each) => html`<${Conflict}
    key=${each.id} conflict=${each} open=${opened === each.id} onOpen=${() => setOpened(opened === each.id ? null : each.id)}
    onDone=${conflicts.reload} />`)}</ul>`}<//>`;
}
