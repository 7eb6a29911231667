// One edit of many cameras: fields are chosen and filled in, before and after are looked at, it is done, and can be undone.
import { post } from '../api.js';
import { FieldInput, inWords } from '../camera/field_input.js';
import { Problem, useDeed } from '../deed.js';
import { Drawer } from '../drawer.js';
import { html, useState } from '../html.js';
import { t } from '../i18n.js';
import { Shown } from '../parts.js';
import { useResource } from '../resource.js';
import { link } from '../router.js';
import { EditPreview } from './edit_preview.js';
import { EditResult } from './edit_result.js';
import { untilDone } from './edit_running.js';

const NOT_HERE = new Set(['name', 'gb_device_id', 'serial_no', 'mac', 'address', 'ipv6', 'port', 'channel', 'lon', 'lat', 'coordinate_system']);

function Chooser({ fields, tables, changes, setChanges }) {
  const names = Object.keys(changes);
  const offered = fields.filter((about) => !NOT_HERE.has(about.name) && !names.includes(about.name));
  const set = (name, value) => setChanges({ ...changes, [name]: value });
  const drop = (name) => {
    const { [name]: _, ...rest } = changes;
    setChanges(rest);
  };
  return html`<dl class="edit-fields">${names.map((name) => {
    const about = fields.find((each) => each.name === name);
    return html`<div key=${name} data-field=${name}><dt>${inWords(about)}</dt><dd><${FieldInput} about=${about} value=${changes[name]} tables=${tables} onValue=${(value) => set(name, value)} />
      <button type="button" class="small quiet" aria-label=${t('edit.leave_out', { field: inWords(about) })} onClick=${() => drop(name)}>✕</button></dd></div>`;
  })}</dl>
    <label>${t('edit.add_field')}<select name="field" value="" onChange=${(event) => event.target.value && set(event.target.value, null)}><option value="">${t('edit.choose_field')}</option>
      ${offered.map((about) => html`<option key=${about.name} value=${about.name}>${inWords(about)}</option>`)}</select></label>`;
}

/** `which`: {ids} or {filter, q}, as the server takes them. */
export function BulkEdit({ which, count, close }) {
  const fields = useResource('archive/fields');
  const tables = useResource('code-tables');
  const [changes, setChanges] = useState({});
  const [preview, setPreview] = useState(null);
  const [edit, setEdit] = useState(null);
  const { run, busy, problem } = useDeed();
  const body = { ...which, changes };
  const look = async () => { const found = await run(() => post('edits/preview', body)); if (found) setPreview(found); };
  async function apply(event) {
    event.preventDefault();
    const why = new FormData(event.target).get('why').trim();
    const done = await run(async () => untilDone(await post('edits', { ...body, why, token: preview.token, expected_count: preview.will_change })));
    if (done) setEdit(done);
  }
  const undo = async () => { const done = await run(async () => untilDone(await post(`edits/${edit.id}/undo`))); if (done) setEdit(done); };
  const set = (next) => { setChanges(next); setPreview(null); };
  return html`<${Drawer} title=${t('edit.title', { n: count.toLocaleString() })} close=${close}><${Shown} resource=${fields}>${(list) => (edit
    ? html`<${EditResult} edit=${edit} fields=${list.items} tables=${tables.data?.items} busy=${busy} onUndo=${undo}><a href=${link('edits', { edit: edit.id })}>${t('edit.in_list')}</a><//>`
    : html`<${Chooser} fields=${list.items} tables=${tables.data?.items} changes=${changes} setChanges=${set} />
      <div class="row-end"><button type="button" data-deed="preview" disabled=${busy || Object.keys(changes).length === 0} onClick=${look}>${t('edit.preview')}</button></div>
      ${preview && html`<${EditPreview} preview=${preview} fields=${list.items} tables=${tables.data?.items} />
        <form class="row" onSubmit=${apply}><label>${t('word.why')}<input name="why" required maxlength="500" /></label>
          <button type="submit" class="primary" data-deed="apply" disabled=${busy || preview.will_change === 0}>${t('edit.apply', { n: preview.will_change.toLocaleString() })}</button></form>`}`)}<//>
    <${Problem} of=${problem} /><//>`;
}
