// Edits of many cameras: who changed what of how many, when and why; each can be looked into and taken back.
import { post } from '../api.js';
import { Problem, useDeed } from '../deed.js';
import { html, useState } from '../html.js';
import { EditResult } from '../inventory/edit_result.js';
import { EditRows } from '../inventory/edit_rows.js';
import { isRunning } from '../inventory/edit_running.js';
import { changesInWords } from '../inventory/edit_words.js';
import { t } from '../i18n.js';
import { Pager } from '../pager.js';
import { Empty, Shown } from '../parts.js';
import { useResource } from '../resource.js';
import { link, setQuery } from '../router.js';
import { Age } from '../time.js';

const LIMIT = 20;
const CAMERAS = 50;
const State = ({ state }) => html`<span class="work-state is-${state}">${t(`edit_state.${state}`)}</span>`;

/** The button asks once more before it takes anything back. */
function Undo({ edit, onDone }) {
  const { run, busy, problem } = useDeed();
  const [sure, setSure] = useState(false);
  const undo = async () => {
    await run(() => post(`edits/${edit.id}/undo`));
    setSure(false);
    onDone();
  };
  if (edit.state !== 'done' || !edit.changed) return html`<${Problem} of=${problem} />`;
  return html`<button type="button" class="small" data-deed="undo" disabled=${busy} onBlur=${() => setSure(false)} onClick=${() => (sure ? undo() : setSure(true))}>
    ${t(sure ? 'action.sure' : 'action.undo')}</button><${Problem} of=${problem} />`;
}

function Cameras({ edit, fields, tables }) {
  const [offset, setOffset] = useState(0);
  const rows = useResource(`edits/${edit.id}/cameras`, { limit: CAMERAS, offset }, { on: edit.changed });
  return html`<${Shown} resource=${rows}>${(page) => html`<${EditRows} rows=${page.items} fields=${fields} tables=${tables} />
    <${Pager} total=${page.total} limit=${CAMERAS} offset=${offset} onOffset=${setOffset} />`}<//>`;
}

function OneEdit({ id, fields, tables, back }) {
  const edit = useResource(`edits/${id}`, {}, { refreshOn: ['camera.changed'], everyS: 2 });
  const { run, busy, problem } = useDeed();
  const undo = async () => { await run(() => post(`edits/${id}/undo`)); edit.reload(); };
  return html`<p><button type="button" class="small quiet" onClick=${back}>← ${t('edit.all')}</button></p><${Shown} resource=${edit}>${(one) => html`
    <section class="facts sweep-head"><header><h2>${t('history.edit', { id: one.id })} <${State} state=${one.state} /></h2></header>
      <${EditResult} edit=${one} fields=${fields} tables=${tables} busy=${busy} onUndo=${undo} /><${Problem} of=${problem} /></section>
    <${Cameras} key=${one.state} edit=${one} fields=${fields} tables=${tables} />`}<//>`;
}

function List({ fields, tables, onPick }) {
  const [offset, setOffset] = useState(0);
  const edits = useResource('edits', { limit: LIMIT, offset }, { refreshOn: ['camera.changed'], everyS: 5 });
  const none = (page) => page.total === 0 && html`<${Empty} title=${t('edit.none')} next=${t('edit.none.next')}><a class="button" href=${link('inventory')}>${t('nav.inventory')}</a><//>`;
  const many = (edit) => (isRunning(edit) ? `${edit.position.toLocaleString()} / ${edit.cameras.toLocaleString()}` : edit.changed.toLocaleString());
  return html`<${Shown} resource=${edits} empty=${none}>${(page) => html`<div class="table-box"><table class="list"><thead><tr><th scope="col">${t('looks.when')}</th><th scope="col">${t('edit.what')}</th>
      <th scope="col" class="number-cell">${t('figures.cameras')}</th><th scope="col">${t('sweep.state')}</th><th scope="col">${t('looks.who')}</th><th scope="col">${t('word.why')}</th><th></th></tr></thead>
    <tbody>${page.items.map((edit) => html`<tr key=${edit.id} data-edit=${edit.id}><td><${Age} at=${edit.at} /></td>
      <th scope="row"><a href=${link('edits', { edit: edit.id })} onClick=${(event) => { event.preventDefault(); onPick(edit.id); }}>${changesInWords(edit.changes, fields, tables)}</a></th>
      <td class="number-cell">${many(edit)}</td><td><${State} state=${edit.state} />${edit.undone_by && html`<small class="why">${t('edit.undone_by', { who: edit.undone_by })}</small>`}</td>
      <td>${edit.who}</td><td>${edit.why}</td><td class="row-deeds"><${Undo} edit=${edit} onDone=${edits.reload} /></td></tr>`)}</tbody></table></div>
    <${Pager} total=${page.total} limit=${LIMIT} offset=${offset} onOffset=${setOffset} />`}<//>`;
}

export function Edits({ query }) {
  const fields = useResource('archive/fields');
  const tables = useResource('code-tables');
  const pick = (id) => setQuery({ edit: id });
  return html`<div class="paper edits"><${Shown} resource=${fields}>${(list) => (query.edit
    ? html`<${OneEdit} key=${query.edit} id=${query.edit} fields=${list.items} tables=${tables.data?.items} back=${() => pick(null)} />`
    : html`<${List} fields=${list.items} tables=${tables.data?.items} onPick=${pick} />`)}<//></div>`;
}
