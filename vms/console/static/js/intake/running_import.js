// A check of all rows or the taking in itself: how far it is, what came of it, which rows were refused and why.
import { Problem } from '../deed.js';
import { html } from '../html.js';
import { t, tOr } from '../i18n.js';
import { Shown } from '../parts.js';
import { useResource } from '../resource.js';
import { link } from '../router.js';
import { said } from '../said.js';

const LIMIT = 500;

export function Rejected({ id, count }) {
  const rejected = useResource(`imports/${id}/rejected`, { limit: LIMIT }, { on: count });
  return html`<${Shown} resource=${rejected}>${(page) => page.total > 0 && html`<h3>${t('import.rejected', { n: page.total })}</h3><div class="table-box rejected"><table class="list"><thead><tr>
    <th scope="col">${t('import.row')}</th><th scope="col">${t('camera.field')}</th><th scope="col">${t('import.value')}</th><th scope="col">${t('import.reason')}</th></tr></thead>
    <tbody>${page.items.map((each, n) => html`<tr key=${n}><th scope="row">${each.row}</th><td>${tOr(`field.${each.field}`, each.field)}</td><td><code>${each.value}</code></td>
      <td>${said(each.reason)}</td></tr>`)}</tbody></table></div>`}<//>`;
}

export function Counts({ one }) {
  return html`<ul class="import-counts">${['rows', 'created', 'updated', 'unchanged', 'rejected_rows'].map((name) => html`<li key=${name} data-count=${name}
    class=${name === 'rejected_rows' && one[name] ? 'is-wrong' : ''}><b>${one[name].toLocaleString()}</b><span>${t(`import.${name}`)}</span></li>`)}</ul>`;
}

export function RunningImport({ id, busy, problem, onTakeIn, onBack, onLeave }) {
  const entered = useResource(`imports/${id}`, {}, { refreshOn: ['list.imported'], everyS: 1 });
  return html`<section class="card"><${Shown} resource=${entered}>${(one) => html`<header class="table-tools"><h2>${t(one.dry_run ? 'import.checked' : 'import.taken_in', { file: one.file_name })}
      <span class="work-state is-${one.state}">${t(`work.${one.state}`)}</span></h2></header>
    ${one.state === 'running' && html`<p class="import-progress" role="status"><span class="spinner" aria-hidden="true"></span> ${t('import.row_n', { n: one.last_row.toLocaleString() })}</p>`}
    <${Counts} one=${one} />${one.problem && html`<p class="problem">${said(one.problem)}</p>`}
    <${Rejected} id=${id} count=${one.rejected_rows} /><${Problem} of=${problem} />
    <div class="row-end"><button type="button" class="quiet" onClick=${onLeave}>${t('import.other_file')}</button>
      ${one.dry_run ? html`<button type="button" onClick=${onBack}>${t('action.back')}</button>
        <button type="button" class="primary" data-deed="take-in" disabled=${busy || one.state !== 'done' || one.created + one.updated === 0} onClick=${onTakeIn}>
        ${t('import.take_in', { n: (one.created + one.updated).toLocaleString() })}</button>`
        : one.state === 'done' && html`<a class="button primary" href=${link('inventory', { sort: '-changed_at' })}>${t('import.look')}</a>`}</div>`}<//></section>`;
}
