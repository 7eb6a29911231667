// Tasks on devices: which there are, how far each is, what every device made of it, and taking it back.
import { post } from '../api.js';
import { Problem, useDeed } from '../deed.js';
import { html, useState } from '../html.js';
import { t } from '../i18n.js';
import { Pager } from '../pager.js';
import { Chips, Empty, Shown, whoName } from '../parts.js';
import { Progress } from '../progress.js';
import { useResource } from '../resource.js';
import { link, setQuery } from '../router.js';
import { said } from '../said.js';
import { Age } from '../time.js';
import { ValuesNow } from './values_now.js';

const LIMIT = 20;
const STEPS = 100;
const DEEDS = { waiting: ['pause', 'cancel'], running: ['pause', 'cancel'], paused: ['resume', 'cancel'] };
const OPEN = ['waiting', 'sent'];
const all = (counts) => Object.values(counts).reduce((sum, n) => sum + n, 0);
const open = (counts) => OPEN.reduce((sum, state) => sum + (counts[state] ?? 0), 0);

function Steps({ task }) {
  const [state, setState] = useState('');
  const [offset, setOffset] = useState(0);
  const steps = useResource(`device-tasks/${task.id}/steps`, { state, limit: STEPS, offset }, { on: all(task.counts) - open(task.counts) });
  const pick = (next) => { setState(next); setOffset(0); };
  return html`<div class="table-tools"><${Chips} label=${t('task.result')} value=${state} onChange=${pick}
      options=${Object.entries(task.counts).map(([each, n]) => [each, t(`step_state.${each}`), n])} /></div>
    <${Shown} resource=${steps}>${(page) => html`<div class="table-box"><table class="list steps-list"><thead><tr><th scope="col">${t('credential.device')}</th><th scope="col">${t('fault.camera')}</th>
      <th scope="col">${t('task.result')}</th><th scope="col">${t('task.before')}</th><th scope="col">${t('task.after')}</th><th scope="col">${t('task.message')}</th></tr></thead>
      <tbody>${page.items.map((step) => html`<tr key=${`${step.device_id} ${step.channel}`}><td><code>${step.address}</code></td>
        <th scope="row">${step.camera_id !== null ? html`<a href=${link(`camera/${step.camera_id}`, { tab: 'device' })}>${step.camera_name}</a>` : t('device.number', { id: step.device_id })}</th>
        <td><span class="work-state is-${step.state}">${t(`step_state.${step.state}`)}</span></td><td><${ValuesNow} values=${step.before} /></td>
        <td><${ValuesNow} values=${step.after ?? step.wanted} before=${step.before} /></td><td>${said(step.message)}</td></tr>`)}</tbody></table></div>
      <${Pager} total=${page.total} limit=${STEPS} offset=${offset} onOffset=${setOffset} />`}<//>`;
}

function OneTask({ id, back }) {
  const task = useResource(`device-tasks/${id}`, {}, { refreshOn: ['task.'], everyS: 2 });
  const { run, busy, problem } = useDeed();
  const steer = async (deed) => {
    const done = await run(() => post(`device-tasks/${id}/${deed}`, deed === 'undo' ? {} : undefined));
    if (done === undefined) return;
    if (deed === 'undo') setQuery({ task: done.id });
    else task.reload();
  };
  return html`<p><button type="button" class="small quiet" onClick=${back}>← ${t('task.all')}</button></p><${Shown} resource=${task}>${(one) => {
    const deeds = [...(DEEDS[one.state] ?? []), ...(one.undoable && one.counts.done && ['done', 'cancelled'].includes(one.state) ? ['undo'] : [])];
    return html`<section class="facts sweep-head" data-state=${one.state}><header><h2>${t(`task.${one.kind}`)} <span class="work-state is-${one.state}">${t(`work.${one.state}`)}</span></h2>
        ${deeds.map((deed) => html`<button type="button" key=${deed} class="small ${deed === 'cancel' ? 'danger-quiet' : ''}" data-deed=${deed} disabled=${busy}
          onClick=${() => steer(deed)}>${t(`work.deed.${deed}`)}</button>`)}</header>
      <${Progress} done=${all(one.counts) - open(one.counts)} total=${all(one.counts)} unit=${t('task.devices')} state=${one.state} />
      <p class="faint">${whoName(one.who)} · <${Age} at=${one.created_at} />${one.why && ` · ${one.why}`}${one.undo_of !== null && ` · ${t('task.undoes', { id: one.undo_of })}`}</p>
      ${Object.entries(one.left_out).map(([why, n]) => html`<p key=${why} class="faint">${t('task.left_out', { n, why: said(why) })}</p>`)}
      <${Problem} of=${problem} /></section><${Steps} key=${one.id} task=${one} />`;
  }}<//>`;
}

export function Tasks({ query }) {
  const [offset, setOffset] = useState(0);
  const tasks = useResource(query.task ? null : 'device-tasks', { limit: LIMIT, offset }, { refreshOn: ['task.'], everyS: 5 });
  const pick = (id) => setQuery({ task: id });
  const none = (page) => page.total === 0 && html`<${Empty} title=${t('task.none')} next=${t('task.none.next')}><a class="button" href=${link('inventory')}>${t('nav.inventory')}</a><//>`;
  if (query.task) return html`<div class="paper tasks"><${OneTask} key=${query.task} id=${query.task} back=${() => pick(null)} /></div>`;
  return html`<div class="paper tasks"><${Shown} resource=${tasks} empty=${none}>${(page) => html`<div class="table-box"><table class="list"><thead><tr><th scope="col">${t('looks.when')}</th>
      <th scope="col">${t('task.kind')}</th><th scope="col">${t('sweep.state')}</th><th scope="col">${t('sweep.progress')}</th><th scope="col">${t('task.result')}</th>
      <th scope="col">${t('looks.who')}</th><th scope="col">${t('word.why')}</th></tr></thead><tbody>${page.items.map((task) => html`<tr key=${task.id} data-task=${task.id}>
      <td><${Age} at=${task.created_at} /></td><th scope="row"><a href="#" onClick=${(event) => { event.preventDefault(); pick(task.id); }}>${t(`task.${task.kind}`)}</a>
        ${task.undo_of !== null && html`<small class="why">${t('task.undoes', { id: task.undo_of })}</small>`}</th>
      <td><span class="work-state is-${task.state}">${t(`work.${task.state}`)}</span></td>
      <td><span class="mini-bar"><i style=${{ width: `${(1 - open(task.counts) / Math.max(1, all(task.counts))) * 100}%` }}></i></span></td>
      <td>${Object.entries(task.counts).map(([state, n]) => html`<span key=${state} class="work-state is-${state}">${t(`step_state.${state}`)} ${n}</span> `)}</td>
      <td>${whoName(task.who)}</td><td>${task.why}</td></tr>`)}</tbody></table></div>
    <${Pager} total=${page.total} limit=${LIMIT} offset=${offset} onOffset=${setOffset} />`}<//></div>`;
}
