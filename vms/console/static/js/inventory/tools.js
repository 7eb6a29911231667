// Everything above the table: search, filter, chips, grouping, views, columns, and what can be done with the chosen ones.
import { html } from '../html.js';
import { t, tOr } from '../i18n.js';
import { Chips } from '../parts.js';
import { Filter } from '../pager.js';
import { useResource } from '../resource.js';
import { setQuery } from '../router.js';
import { Chosen } from './chosen.js';
import { ColumnPicker } from './columns.js';
import { Export } from './export.js';
import { FilterBar } from './filter_bar.js';
import { learnFilterNames } from './filter_names.js';
import { Menu } from './menu.js';
import { Views } from './views.js';

const TIERS = ['government', 'unit', 'community', 'household'];
const STATES = ['up', 'suspect', 'down', 'unknown'];
const STAGES = ['pending', 'draft', 'submitted', 'approved', 'changing', 'retired'];
const KEEPERS = ['admin', 'maintainer'];
const IN_WORDS = { tier: 'tier', status: 'status', life_cycle: 'life_cycle' };

export const groupLabel = (by, group) => (group.key === '' ? '' : IN_WORDS[by] ? tOr(`${IN_WORDS[by]}.${group.key}`, group.key) : group.name || group.key);

export function Tools({ query, user, total, columns, setColumns, setPairs, sort, choice, question, error, shift, treeShown, turnTree }) {
  const fields = useResource('filter-fields');
  const firms = useResource(user.role === 'owner' ? null : 'maintenance/maintainers').data?.items.filter((firm) => !firm.retired_at || String(firm.id) === query.maintainer) ?? [];
  learnFilterNames(fields.data?.items ?? []);
  const set = (name) => (value) => setQuery({ [name]: value || null });
  const region = query.region && html`<button type="button" class="chip" aria-pressed="true" onClick=${() => set('region')(null)}>
    ${t('camera.region')} ${query.region} ✕</button>`;
  return html`<header class="inventory-tools"><div class="table-tools">
      <button type="button" class="small quiet" aria-pressed=${treeShown} title=${t('tree.show')} aria-label=${t('tree.show')} onClick=${turnTree}>☰</button>
      <h2>${total !== null && html`<b>${total.toLocaleString()}</b> <small>${t('inventory.cameras')}</small>`}</h2>
      <${Filter} value=${query.q} label=${t('filter.text')} onChange=${set('q')} />
      <${FilterBar} value=${query.filter} fields=${fields.data?.items ?? []} error=${error} shift=${shift} onApply=${set('filter')} />
      <${Views} query=${query} question=${question} sort=${sort} columns=${columns} setPairs=${setPairs} />
      <${Menu} label=${t('inventory.columns')}><${ColumnPicker} columns=${columns} setColumns=${setColumns} /><//>
      ${KEEPERS.includes(user.role) && html`<${Export} question=${question} total=${total} />`}</div>
    <div class="table-tools"><${Chips} label=${t('camera.status')} value=${query.status} onChange=${set('status')} options=${STATES.map((each) => [each, t(`status.${each}`)])} />
      <${Chips} label=${t('camera.tier')} value=${query.tier} onChange=${set('tier')} options=${TIERS.map((each) => [each, t(`tier.${each}`)])} />
      <select aria-label=${t('camera.life_cycle')} value=${query.life_cycle ?? ''} onChange=${(event) => set('life_cycle')(event.target.value)}>
        <option value="">${t('inventory.any_stage')}</option>${STAGES.map((each) => html`<option key=${each} value=${each}>${t(`life_cycle.${each}`)}</option>`)}</select>
      ${firms.length > 0 && html`<select name="maintainer" aria-label=${t('orders.maintainer')} value=${query.maintainer ?? ''} onChange=${(event) => set('maintainer')(event.target.value)}>
        <option value="">${t('orders.any_maintainer')}</option>${firms.map((firm) => html`<option key=${firm.id} value=${firm.id}>${firm.name}</option>`)}</select>`}
      <select aria-label=${t('inventory.group_by')} value=${query.group ?? ''} onChange=${(event) => set('group')(event.target.value)}>
        <option value="">${t('inventory.no_groups')}</option>${(fields.data?.groups ?? []).map((each) => html`<option key=${each} value=${each}>
          ${t('inventory.grouped_by', { what: t(`group.${each}`) })}</option>`)}</select>${region}</div>
    <${Chosen} choice=${choice} question=${question} total=${total} user=${user} /></header>`;
}
