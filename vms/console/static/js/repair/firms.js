// The firms that repair: contact, contract, working hours, their crews; one opens to be changed.
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Empty, Shown } from '../parts.js';
import { useResource } from '../resource.js';
import { link, setQuery } from '../router.js';
import { FirmForm } from './firm_form.js';

const NEW = 'new';

function Row({ firm, open, onOpen }) {
  return html`<tr data-firm=${firm.id} aria-current=${open ? 'true' : undefined} class=${firm.retired_at ? 'is-left-out' : ''}><th scope="row"><button type="button" class="link" onClick=${onOpen}>${firm.name}</button>${firm.retired_at && html`<small class="why">${t('firms.retired')}</small>`}</th>
    <td>${firm.contact || html`<span class="faint">—</span>`}</td><td>${firm.contract || html`<span class="faint">—</span>`}</td><td>${firm.calendar ?? html`<span class="faint">${t('firms.day_and_night')}</span>`}</td>
    <td>${firm.crews.length ? firm.crews.join(t('word.comma')) : html`<span class="faint">${t('firms.nobody')}</span>`}</td><td class="row-deeds"><a class="button small" href=${link('orders', { maintainer: firm.id })}>${t('firms.orders')}</a></td></tr>`;
}

export function Firms({ query, user, list }) {
  const editable = user.role === 'admin';
  const calendars = useResource('maintenance/calendars');
  const none = (data) => data.items.length === 0 && html`<${Empty} title=${t('firms.none')} next=${t('firms.none.next')} />`;
  const firm = list.data?.items.find((each) => String(each.id) === query.firm);
  return html`<div class="table-tools"><p class="faint">${t('firms.hint')}</p>${editable && html`<button type="button" class="small primary push-end" data-deed="add" onClick=${() => setQuery({ firm: NEW })}>${t('firms.add')}</button>`}</div>
    <${Shown} resource=${list} empty=${none}>${(data) => html`<div class="table-box"><table class="list"><thead><tr><th scope="col">${t('orders.maintainer')}</th><th scope="col">${t('firms.contact')}</th><th scope="col">${t('firms.contract')}</th><th scope="col">${t('firms.calendar')}</th>
      <th scope="col">${t('firms.crews')}</th><th></th></tr></thead><tbody>${data.items.map((each) => html`<${Row} key=${each.id} firm=${each} open=${each === firm} onOpen=${() => setQuery({ firm: each.id })} />`)}</tbody></table></div>`}<//>
    ${(firm || (query.firm === NEW && editable)) && html`<${FirmForm} key=${query.firm} firm=${firm} user=${user} calendars=${calendars.data?.items ?? []} onDone=${list.reload} close=${() => setQuery({ firm: null })} />`}`;
}
