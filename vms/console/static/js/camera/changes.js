// The history of the record: who changed which field when, from what to what, and why; an old value can come back.
import { post } from '../api.js';
import { Problem, useDeed } from '../deed.js';
import { html, useState } from '../html.js';
import { t, tOr } from '../i18n.js';
import { Pager } from '../pager.js';
import { Empty, Shown, whoName } from '../parts.js';
import { useResource } from '../resource.js';
import { link } from '../router.js';
import { said } from '../said.js';
import { may } from '../session.js';
import { At } from '../time.js';
import { inWords } from './field_input.js';
import { Value } from './record_value.js';

const LIMIT = 50;
const WORDS = { life_cycle: 'life_cycle' };

const shown = (change, side) => (WORDS[change.field] && change[side] ? tOr(`${WORDS[change.field]}.${change[side]}`, change[side])
  : html`<${Value} value=${change[side]} labels=${change[`${side}_labels`]} />`);

function Change({ change, cameraId, onDone }) {
  const { run, busy, problem } = useDeed();
  const restore = async () => { if (await run(() => post(`cameras/${cameraId}/changes/${change.id}/restore`, {})) !== undefined) onDone(); };
  return html`<li data-change=${change.field}><div><b>${tOr(`field.${change.field}`, inWords(change) || change.field)}</b> <s>${shown(change, 'before')}</s> → ${shown(change, 'after')}
      ${change.restorable && html`<button type="button" class="small" data-deed="restore" disabled=${busy} onClick=${restore}>${t('history.restore')}</button>`}</div>
    <${Problem} of=${problem} /></li>`;
}

/** Changes of one moment by one person belong together. */
function grouped(items) {
  const groups = [];
  for (const change of items) {
    const last = groups.at(-1);
    if (last && last.at === change.at && last.who === change.who) last.changes.push(change);
    else groups.push({ at: change.at, who: change.who, why: change.why, edit: change.edit_id, changes: [change] });
  }
  return groups;
}

/** Who may take the edit back finds it behind its number. */
function EditMark({ id, user }) {
  const words = t('history.edit', { id });
  return html`<span class="work-state">${may(user, 'edits') ? html`<a href=${link('edits', { edit: id })}>${words}</a>` : words}</span>`;
}

export function Changes({ camera, user }) {
  const [offset, setOffset] = useState(0);
  const changes = useResource(`cameras/${camera.row.id}/changes`, { limit: LIMIT, offset }, { refreshOn: ['camera.changed'] });
  const none = (page) => page.total === 0 && html`<${Empty} title=${t('history.none')} />`;
  return html`<${Shown} resource=${changes} empty=${none}>${(page) => html`<ol class="changes">${grouped(page.items).map((group) => html`<li key=${group.changes[0].id}><header>
      <${At} at=${group.at} /><b>${whoName(group.who)}</b>${group.edit !== null && html`<${EditMark} id=${group.edit} user=${user} />`}${group.why && html`<q>${said(group.why)}</q>`}</header>
      <ul>${group.changes.map((change) => html`<${Change} key=${change.id} change=${change} cameraId=${camera.row.id} onDone=${changes.reload} />`)}</ul></li>`)}</ol>
    <${Pager} total=${page.total} limit=${LIMIT} offset=${offset} onOffset=${setOffset} />`}<//>`;
}
