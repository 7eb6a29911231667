// Narrows the work orders: by state with counts, whose, late, by severity, firm, region and number.
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Filter } from '../pager.js';
import { Chips, severityName } from '../parts.js';
import { RegionChoice } from '../region_choice.js';
import { setQuery } from '../router.js';
import { OPEN_STATES } from './order_state.js';

const OTHERS = ['ended', 'all'];

/** `totals`: how many per state; states that no order is in are left out. */
export function OrderFilter({ query, totals, maintainers, regions, office }) {
  const set = (name) => (value) => setQuery({ [name]: value || null, offset: null });
  const states = OPEN_STATES.filter((state) => totals[state] || query.state === state);
  const flags = [['overdue', t('orders.overdue')], ['mine', t('orders.mine')], ...(office ? [['unassigned', t('orders.unassigned')]] : [])];
  return html`<div class="table-tools"><${Chips} label=${t('orders.state')} value=${query.state} onChange=${set('state')}
      options=${[...states.map((state) => [state, t(`order.state.${state}`), totals[state] ?? 0]), ...OTHERS.map((each) => [each, t(`orders.${each}`)])]} /></div>
    <div class="table-tools">${flags.map(([name, words]) => html`<button type="button" key=${name} class="chip" data-flag=${name} aria-pressed=${query[name] === 'true'}
        onClick=${() => set(name)(query[name] === 'true' ? '' : 'true')}>${words}</button>`)}
      <${Chips} label=${t('fault.severity')} value=${query.severity} onChange=${set('severity')} options=${['critical', 'major', 'minor'].map((each) => [each, severityName(each)])} />
      <select name="maintainer" aria-label=${t('orders.maintainer')} value=${query.maintainer ?? ''} onChange=${(event) => set('maintainer')(event.target.value)}>
        <option value="">${t('orders.any_maintainer')}</option>${maintainers.map((firm) => html`<option key=${firm.id} value=${firm.id}>${firm.name}</option>`)}</select>
      <${RegionChoice} nodes=${regions.nodes} value=${query.region} onChange=${set('region')} />
      <${Filter} value=${query.number} label=${t('orders.number')} onChange=${set('number')} />
      ${query.tier && html`<button type="button" class="chip" aria-pressed="true" onClick=${() => set('tier')('')}>${t(`tier.${query.tier}`)} ✕</button>`}
      ${['camera', 'outage'].filter((name) => query[name]).map((name) => html`<button type="button" key=${name} class="chip" aria-pressed="true" onClick=${() => set(name)('')}>
        ${t(`orders.of_${name}`, { id: query[name] })} ✕</button>`)}</div>`;
}
