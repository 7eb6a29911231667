// A task on the devices of the chosen cameras: what is wanted, what a few of them say now, then it is started.
import { post } from '../api.js';
import { Problem, useDeed } from '../deed.js';
import { Drawer } from '../drawer.js';
import { html, useState } from '../html.js';
import { t } from '../i18n.js';
import { go } from '../router.js';
import { said } from '../said.js';
import { ValuesNow } from '../work/values_now.js';
import { TaskParameters, parametersOf } from './task_parameters.js';

const KINDS = ['set_clock', 'set_ntp', 'set_osd_name', 'set_encoder', 'read_firmware', 'reboot', 'change_password'];
const LOOKED_AT = 10;

function Preview({ preview }) {
  return html`<section class="edit-preview"><p class="sentence">${t('task.would', { n: preview.devices })}</p>
    ${Object.entries(preview.left_out).map(([why, n]) => html`<p key=${why} class="faint">${t('task.left_out', { n, why: said(why) })}</p>`)}
    <div class="table-box"><table class="list"><thead><tr><th scope="col">${t('credential.device')}</th><th scope="col">${t('task.before')}</th><th scope="col">${t('task.after')}</th></tr></thead>
      <tbody>${preview.items.map((row) => html`<tr key=${`${row.device_id} ${row.channel}`}><th scope="row">${row.camera_name || row.address}<small class="why">${row.address}</small></th>
        <td><${ValuesNow} values=${row.before} /></td><td>${row.wanted ? html`<${ValuesNow} values=${row.wanted} before=${row.before} />` : said(row.message)}</td></tr>`)}</tbody></table></div>
    ${preview.devices > preview.items.length && html`<p class="faint">${t('task.looked_at', { n: preview.items.length, of: preview.devices })}</p>`}</section>`;
}

/** `which`: {camera_ids} or {filter}. */
export function BulkTask({ which, count, user, close }) {
  const [kind, setKind] = useState('set_clock');
  const [preview, setPreview] = useState(null);
  const [asked, setAsked] = useState(null);
  const { run, busy, problem, clear } = useDeed();
  const kinds = user.role === 'admin' ? KINDS : KINDS.filter((each) => each !== 'change_password');
  const choose = (next) => { setKind(next); setPreview(null); clear(); };
  async function look(event) {
    event.preventDefault();
    const form = new FormData(event.target);
    const body = { kind, parameters: parametersOf(kind, form), ...which };
    const found = await run(() => post('device-tasks/preview', { ...body, limit: LOOKED_AT }));
    if (!found) return;
    setAsked({ ...body, ...(form.get('password') ? { password: form.get('password') } : {}) });
    setPreview(found);
  }
  async function start(event) {
    event.preventDefault();
    const task = await run(() => post('device-tasks', { ...asked, why: new FormData(event.target).get('why').trim() }));
    if (task) go('tasks', { task: task.id });
  }
  return html`<${Drawer} title=${t('task.new', { n: count.toLocaleString() })} close=${close}>
    <label>${t('task.kind')}<select name="kind" value=${kind} onChange=${(event) => choose(event.target.value)}>${kinds.map((each) => html`<option key=${each} value=${each}>${t(`task.${each}`)}</option>`)}</select></label>
    <p class="faint">${t(`task.${kind}.hint`)}</p>
    <form class="form-lines" key=${kind} onSubmit=${look} onInput=${() => setPreview(null)}><${TaskParameters} kind=${kind} />
      <div class="row-end"><button type="submit" data-deed="preview" disabled=${busy}>${t(busy && !preview ? 'task.looking' : 'edit.preview')}</button></div></form>
    ${preview && html`<${Preview} preview=${preview} /><form class="row" onSubmit=${start}><label>${t('word.why')}<input name="why" required minlength="3" maxlength="500" /></label>
      <button type="submit" class="primary" data-deed="start" disabled=${busy || preview.devices === 0}>${t('task.start', { n: preview.devices })}</button></form>`}
    <${Problem} of=${problem} /><//>`;
}
