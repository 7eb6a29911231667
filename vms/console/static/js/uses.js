// Who used which credential, a row a day: of one set at its devices, or of all at one device.
import { html, useState } from './html.js';
import { t, tOr } from './i18n.js';
import { Pager } from './pager.js';
import { Empty, Shown, whoName } from './parts.js';
import { useResource } from './resource.js';

const LIMIT = 100;

export function Uses({ path, column, first }) {
  const [offset, setOffset] = useState(0);
  const uses = useResource(path, { limit: LIMIT, offset });
  const nobody = (page) => page.items.length === 0 && html`<${Empty} title=${t('credential.unused')} />`;
  return html`<${Shown} resource=${uses} empty=${nobody}>${(page) => html`
    <div class="table-box"><table class="list"><thead><tr><th scope="col">${t('credential.day')}</th><th scope="col">${column}</th>
      <th scope="col">${t('credential.purpose')}</th><th scope="col">${t('looks.who')}</th><th scope="col" class="number-cell">${t('credential.count')}</th>
      <th scope="col" class="number-cell">${t('credential.refused')}</th></tr></thead>
      <tbody>${page.items.map((use, n) => html`<tr key=${n}><td>${use.day}</td><th scope="row">${first(use)}</th>
        <td>${tOr(`purpose.${use.purpose}`, use.purpose)}</td><td>${whoName(use.who)}</td><td class="number-cell">${use.count}</td>
        <td class="number-cell ${use.refused ? 'is-wrong' : ''}">${use.refused}</td></tr>`)}</tbody></table></div>
    <${Pager} total=${page.total} limit=${LIMIT} offset=${offset} onOffset=${setOffset} />`}<//>`;
}
