// Lists that were taken in before, with what came of each.
import { Drawer } from '../drawer.js';
import { html, useState } from '../html.js';
import { t } from '../i18n.js';
import { Pager } from '../pager.js';
import { Shown, whoName } from '../parts.js';
import { useResource } from '../resource.js';
import { said } from '../said.js';
import { Age } from '../time.js';
import { Counts, Rejected } from './running_import.js';

const LIMIT = 20;

export function PastImports() {
  const [offset, setOffset] = useState(0);
  const [opened, setOpened] = useState(null);
  const past = useResource('imports', { limit: LIMIT, offset }, { refreshOn: ['list.imported'], everyS: 10 });
  return html`<${Shown} resource=${past} empty=${(page) => page.total === 0 && html`<span></span>`}>${(page) => html`<h2>${t('import.past')}</h2><div class="table-box"><table class="list"><thead><tr>
      <th scope="col">${t('looks.when')}</th><th scope="col">${t('import.file')}</th><th scope="col">${t('sweep.state')}</th><th scope="col" class="number-cell">${t('import.created')}</th>
      <th scope="col" class="number-cell">${t('import.updated')}</th><th scope="col" class="number-cell">${t('import.unchanged')}</th>
      <th scope="col" class="number-cell">${t('import.rejected_rows')}</th><th scope="col">${t('looks.who')}</th></tr></thead>
    <tbody>${page.items.map((one) => html`<tr key=${one.id} data-import=${one.id}><td><${Age} at=${one.started_at} /></td><th scope="row"><a href="#" onClick=${(event) => { event.preventDefault(); setOpened(one); }}>
      ${one.file_name}</a><small class="why">${one.mapping}</small></th><td><span class="work-state is-${one.state}">${t(`work.${one.state}`)}</span> ${one.dry_run && html`<small>${t('import.dry_run')}</small>`}</td>
      <td class="number-cell">${one.created}</td><td class="number-cell">${one.updated}</td><td class="number-cell">${one.unchanged}</td>
      <td class="number-cell ${one.rejected_rows ? 'is-wrong' : ''}">${one.rejected_rows}</td><td>${whoName(one.who)}</td></tr>`)}</tbody></table></div>
    <${Pager} total=${page.total} limit=${LIMIT} offset=${offset} onOffset=${setOffset} />`}<//>
    ${opened && html`<${Drawer} title=${opened.file_name} close=${() => setOpened(null)}><${Counts} one=${opened} />${opened.problem && html`<p class="problem">${said(opened.problem)}</p>`}
      <${Rejected} id=${opened.id} count=${opened.rejected_rows} /><//>`}`;
}
