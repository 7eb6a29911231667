// The archive record: every field with its words, edited in place; several changes are saved together, with the reason.
import { patch } from '../api.js';
import { Problem, useDeed } from '../deed.js';
import { html, useEffect, useState } from '../html.js';
import { t } from '../i18n.js';
import { Shown } from '../parts.js';
import { useResource } from '../resource.js';
import { GbDeviceId } from './gb_device_id.js';
import { RecordField } from './record_field.js';
import { RecordState } from './record_state.js';

const GROUPS = ['identity', 'place', 'view', 'device', 'network', 'management'];
const KEEPERS = ['admin', 'maintainer'];

function SaveBar({ count, busy, problem, onSave, onDiscard }) {
  const submit = (event) => {
    event.preventDefault();
    onSave(new FormData(event.target).get('why').trim());
  };
  return html`<form class="save-bar" onSubmit=${submit}><b>${t('record.changes', { n: count })}</b><label>${t('word.why')}<input name="why" maxlength="500" /></label>
    <button type="button" class="quiet" onClick=${onDiscard}>${t('record.discard')}</button>
    <button type="submit" class="primary" disabled=${busy}>${t('action.save')}</button><${Problem} of=${problem} /></form>`;
}

function Fields({ record, editable, edits, setEdits, tables, onDone }) {
  const set = (name, value) => setEdits((before) => ({ ...before, [name]: value }));
  const drop = (name) => setEdits(({ [name]: _, ...rest }) => rest);
  return html`<div class="record-fields">${GROUPS.map((group) => html`<section key=${group} class="facts"><h3>${t(`record.group.${group}`)}</h3>
    <dl>${record.fields.filter((field) => field.about.group === group).map((field) => html`<${RecordField} key=${field.about.name} field=${field}
      failed=${record.failed.filter((rule) => rule.field === field.about.name)} editable=${editable} edit=${edits[field.about.name]} tables=${tables}
      onEdit=${() => set(field.about.name, field.value)} onValue=${(value) => set(field.about.name, value)} onCancel=${() => drop(field.about.name)} />`)}</dl>
    ${group === 'identity' && editable && html`<${GbDeviceId} record=${record} onDone=${onDone} />`}</section>`)}</div>`;
}

export function RecordTab({ camera, user }) {
  const id = camera.row.id;
  const record = useResource(`cameras/${id}/record`, {}, { refreshOn: ['camera.changed'] });
  const tables = useResource('code-tables');
  const [edits, setEdits] = useState({});
  const { run, busy, problem, clear } = useDeed();
  useEffect(() => { setEdits({}); clear(); }, [id]);
  const changed = (data) => Object.fromEntries(Object.entries(edits).filter(([name, value]) => (
    JSON.stringify(data.fields.find((field) => field.about.name === name)?.value ?? null) !== JSON.stringify(value))));
  async function save(data, why) {
    const done = await run(() => patch(`cameras/${id}/record`, { changes: changed(data), why, revision: data.revision }));
    if (done === undefined) return;
    setEdits({});
    record.reload();
  }
  return html`<${Shown} resource=${record}>${(data) => {
    const editable = KEEPERS.includes(user.role) && data.life_cycle !== 'retired';
    const count = Object.keys(changed(data)).length;
    return html`<${RecordState} record=${data} onDone=${record.reload} />
      <${Fields} record=${data} editable=${editable} edits=${edits} setEdits=${setEdits} tables=${tables.data?.items} onDone=${record.reload} />
      ${count > 0 && html`<${SaveBar} count=${count} busy=${busy} problem=${problem} onSave=${(why) => save(data, why)} onDiscard=${() => { setEdits({}); clear(); }} />`}`;
  }}<//>`;
}
