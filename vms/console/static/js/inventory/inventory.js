// The inventory: every camera as a line of one long table; the address bar holds the question.
import { get } from '../api.js';
import { useEvents } from '../events.js';
import { html, useEffect, useMemo, useReducer, useRef } from '../html.js';
import { t } from '../i18n.js';
import { Chips, Empty, Failed } from '../parts.js';
import { go, link, setQuery } from '../router.js';
import { useChoice } from './choice.js';
import { ColumnPicker, useColumns } from './columns.js';
import { Grid } from './grid.js';
import { PlainLines } from './lines.js';
import { Menu } from './menu.js';
import { narrowed, questionOf } from './question.js';

const TIERS = ['government', 'unit', 'community', 'household'];
const STATES = ['up', 'suspect', 'down', 'unknown'];
const STAGES = ['pending', 'draft', 'submitted', 'approved', 'changing', 'retired'];
const AGAIN_MS = 1200;

/** The lines of a question, loaded anew (in place) when cameras change. */
function useLines(key, make) {
  const [version, tell] = useReducer((n) => n + 1, 0);
  const lines = useMemo(() => make(tell), [key]);
  const timer = useRef(null);
  useEffect(() => () => lines.stop(), [lines]);
  useEvents(['camera.'], () => {
    timer.current ??= setTimeout(() => { timer.current = null; lines.refresh(); }, AGAIN_MS);
  });
  useEffect(() => () => { clearTimeout(timer.current); timer.current = null; }, [lines]);
  return [lines, version];
}

export function Inventory({ query, user }) {
  const [columns, setColumns] = useColumns(user);
  const sort = query.sort ?? 'name';
  const { filter, q } = questionOf(query);
  const key = JSON.stringify([filter, q, sort]);
  const load = (offset, limit, signal, after) => get('cameras', { filter, q, sort, limit, ...(after ? { after } : { offset }) }, { signal });
  const [lines] = useLines(key, (tell) => new PlainLines(load, tell));
  const choice = useChoice(key, lines.total);
  const set = (name) => (value) => setQuery({ [name]: value || null });
  const empty = lines.count === 0;
  return html`<div class="inventory"><section class="inventory-main">
    <header class="table-tools"><h2>${t('nav.inventory')} ${lines.total !== null && html`<small>${lines.total}</small>`}</h2>
      <${Chips} label=${t('camera.tier')} value=${query.tier} onChange=${set('tier')} options=${TIERS.map((tier) => [tier, t(`tier.${tier}`)])} />
      <${Chips} label=${t('camera.status')} value=${query.status} onChange=${set('status')} options=${STATES.map((state) => [state, t(`status.${state}`)])} />
      <${Menu} label=${t('inventory.columns')}><${ColumnPicker} columns=${columns} setColumns=${setColumns} /><//>
    </header>
    ${lines.error && html`<${Failed} error=${lines.error} again=${() => lines.refresh()} />`}
    ${empty ? html`<${Empty} title=${t(narrowed(query) ? 'inventory.nothing_fits' : 'inventory.nothing')}
        next=${t(narrowed(query) ? 'inventory.nothing_fits.next' : 'inventory.nothing.next')}>
        ${narrowed(query) && html`<a class="button" href=${link('inventory')}>${t('filter.clear')}</a>`}<//>`
      : html`<${Grid} lines=${lines} columns=${columns} label=${t('nav.inventory')} choice=${choice} sort=${sort} top=${key}
        onSort=${set('sort')} onColumns=${setColumns} onOpen=${(row) => go(`camera/${row.id}`)} />`}
  </section></div>`;
}
