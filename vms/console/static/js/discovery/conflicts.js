// Doubts about identity: the evidence and the devices side by side, and what a person may decide.
import { post } from '../api.js';
import { Problem, useDeed } from '../deed.js';
import { html, useState } from '../html.js';
import { t } from '../i18n.js';
import { Empty, Shown } from '../parts.js';
import { useResource } from '../resource.js';
import { link } from '../router.js';
import { Age } from '../time.js';
import { useCameraNames } from './camera_names.js';
import { ChannelBindings, bindingsOf } from './channel_bindings.js';
import { Done } from './done.js';
import { Evidence } from './evidence.js';
import { SideBySide } from './side_by_side.js';

const KEEPERS = ['admin', 'maintainer'];
const WEIGHTY = new Set(['same_as', 'replaced', 'same_camera', 'bind']);

function Which({ conflict, answer, nameOf }) {
  const choose = (name, ids, word) => ids.length > 1 && html`<label>${t(`conflict.which_${name}`)}<select name=${name}>
    ${ids.map((id) => html`<option key=${id} value=${id}>${word(id)}</option>`)}</select></label>`;
  const others = conflict.device_ids.filter((id) => id !== conflict.device_id);
  if (answer === 'same_as') return choose('device', others, (id) => t('device.number', { id }));
  if (answer === 'replaced' && conflict.camera_ids.length > 1) return html`<label>${t('conflict.which_point')}<select name="camera"><option value="">${t('conflict.all_points')}</option>
    ${conflict.camera_ids.map((id) => html`<option key=${id} value=${id}>${nameOf(id)}</option>`)}</select></label>`;
  if (answer === 'same_camera') return choose('camera', conflict.camera_ids, nameOf);
  if (answer === 'bind') return html`<${ChannelBindings} conflict=${conflict} nameOf=${nameOf} />`;
  return null;
}

function bodyOf(conflict, answer, form) {
  const others = conflict.device_ids.filter((id) => id !== conflict.device_id);
  const body = { kind: answer, why: form.get('why').trim() };
  if (answer === 'same_as') body.device = Number(form.get('device') ?? others[0]);
  if (answer === 'same_camera') body.camera = Number(form.get('camera') ?? conflict.camera_ids[0]);
  if (answer === 'replaced' && form.get('camera')) body.camera = Number(form.get('camera'));
  if (answer === 'bind') body.bindings = bindingsOf(conflict, form);
  return body;
}

function Decide({ conflict, nameOf, onDone }) {
  const { run, busy, problem } = useDeed();
  const [answer, setAnswer] = useState(null);
  async function submit(event) {
    event.preventDefault();
    const body = bodyOf(conflict, answer, new FormData(event.target));
    const done = await run(() => post(`conflicts/${conflict.id}/resolution`, body));
    if (done !== undefined) onDone({ conflict, answer, actions: done.action_ids });
  }
  return html`<div class="decide"><div class="chips" role="group" aria-label=${t('conflict.decide')}>${conflict.answers.map((each) => html`<button
      type="button" key=${each} class="chip" aria-pressed=${each === answer} data-answer=${each} onClick=${() => setAnswer(each)}>
      ${t(`conflict.answer.${each}`)}</button>`)}</div>
    ${answer && html`<form class="form-lines" onSubmit=${submit}><p class="faint">${t(`conflict.answer.${answer}.hint`)}</p>
      <${Which} conflict=${conflict} answer=${answer} nameOf=${nameOf} />
      <div class="row"><label>${t('word.why')}<input name="why" required minlength="3" maxlength="500" /></label>
        <button type="submit" class=${WEIGHTY.has(answer) ? 'primary' : ''} disabled=${busy}>${t(`conflict.answer.${answer}`)}</button></div>
      <${Problem} of=${problem} /></form>`}</div>`;
}

function Question({ conflict, keeper, onDone }) {
  const nameOf = useCameraNames(conflict);
  return html`<div class="conflict-body">${conflict.evidence.length > 0 && html`<${Evidence} list=${conflict.evidence} />`}
    ${conflict.note && html`<p class="note">${conflict.note}</p>`}
    ${conflict.camera_ids.length > 0 && html`<p class="about">${t('conflict.cameras')} ${conflict.camera_ids.map((id) => html`<a key=${id} href=${link(`camera/${id}`)}>${nameOf(id)}</a>`)}</p>`}
    <${SideBySide} ids=${conflict.device_ids} roles=${{ [conflict.device_id]: t('conflict.this_one') }} />
    ${keeper ? html`<${Decide} conflict=${conflict} nameOf=${nameOf} onDone=${onDone} />` : html`<p class="faint">${t('conflict.keepers_decide')}</p>`}</div>`;
}

function Conflict({ conflict, open, keeper, onOpen, onDone }) {
  return html`<li class="conflict" data-conflict=${conflict.id} data-kind=${conflict.kind}><button type="button" class="conflict-head" aria-expanded=${open} onClick=${onOpen}>
      <b>${t(`conflict.kind.${conflict.kind}`)}</b><span>${conflict.address ? `${conflict.address}:${conflict.port}` : ''}</span>
      <small><${Age} at=${conflict.found_at} /></small></button>${open && html`<${Question} conflict=${conflict} keeper=${keeper} onDone=${onDone} />`}</li>`;
}

export function Conflicts({ query, user }) {
  const conflicts = useResource('conflicts', {}, { refreshOn: ['device.', 'identity.'] });
  const [opened, setOpened] = useState(query.conflict ? Number(query.conflict) : null);
  const [last, setLast] = useState(null);
  const decided = (what) => { setLast(what); conflicts.reload(); };
  const none = (list) => list.items.length === 0 && html`<${Empty} title=${t('conflict.none')} next=${t('conflict.none.next')} />`;
  return html`${last && html`<${Done} key=${last.conflict.id} words=${t('conflict.decided', { what: t(`conflict.kind.${last.conflict.kind}`), answer: t(`conflict.answer.${last.answer}`) })}
      actions=${last.actions} close=${() => setLast(null)} onUndone=${conflicts.reload} />`}<${Shown} resource=${conflicts} empty=${none}>${(list) => html`<ul class="conflict-list">${list.items.map((each) => html`<${Conflict}
    key=${each.id} conflict=${each} open=${opened === each.id} onOpen=${() => setOpened(opened === each.id ? null : each.id)}
    keeper=${KEEPERS.includes(user.role)} onDone=${decided} />`)}</ul>`}<//>`;
}
