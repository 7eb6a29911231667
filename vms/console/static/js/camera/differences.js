// Where the record and the device do not agree: take the device's value, or let the record stand.
import { post } from '../api.js';
import { Problem, useDeed } from '../deed.js';
import { html } from '../html.js';
import { t, tOr } from '../i18n.js';
import { said } from '../said.js';

const KEEPERS = ['admin', 'maintainer'];

function Difference({ id, each, keeper, onDone }) {
  const { run, busy, problem } = useDeed();
  const decide = async (value) => {
    const done = await run(() => post(`cameras/${id}/differences/${encodeURIComponent(each.field)}/accept`, { value, declared: each.declared, observed: each.observed }));
    if (done !== undefined) onDone();
  };
  return html`<tr data-difference=${each.field}><th scope="row">${tOr(`field.${each.field}`, each.field)}</th><td>${each.declared || '—'}</td><td><b>${said(each.observed)}</b><${Problem} of=${problem} /></td>${keeper && html`<td class="row-deeds">
      <button type="button" class="small primary" data-deed="observed" disabled=${busy} onClick=${() => decide('observed')}>${t('difference.take')}</button>
      <button type="button" class="small" data-deed="declared" disabled=${busy} onClick=${() => decide('declared')}>${t('difference.let_stand')}</button></td>`}</tr>`;
}

export function DifferencesTab({ camera, user, reload }) {
  const keeper = KEEPERS.includes(user.role);
  if (camera.differences.length === 0) return html`<p class="note">${t('camera.no_differences')}</p>`;
  return html`<div class="table-box"><table class="list"><thead><tr><th scope="col">${t('camera.field')}</th><th scope="col">${t('difference.declared')}</th>
    <th scope="col">${t('difference.observed')}</th>${keeper && html`<th></th>`}</tr></thead>
    <tbody>${camera.differences.map((each) => html`<${Difference} key=${each.field} id=${camera.row.id} each=${each} keeper=${keeper} onDone=${reload} />`)}</tbody></table></div>`;
}
