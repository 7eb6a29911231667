// The board's table: a row per region, tier or firm; regions open their own.
import { html } from '../html.js';
import { t } from '../i18n.js';
import { percent, Tier } from '../parts.js';
import { link, setQuery } from '../router.js';
import { TIERS } from './kinds.js';

const STATES = ['up', 'suspect', 'down', 'unknown'];
const part = (some, all) => (all ? some / all : null);

/** What a row's numbers are of, as the filters of other screens say it. */
function scopeOf(board, by, row) {
  if (by === 'tier') return { tier: row.key, region: board.region };
  if (by === 'maintainer') return { maintainer: row.key, region: board.region };
  return { region: row.key };
}

function Name({ board, by, row }) {
  if (by === 'tier') return html`<${Tier} tier=${row.key} />`;
  if (by === 'maintainer') return row.name || t('orders.nobody');
  if (!row.deeper) return row.key && row.key === board.path.at(-1)?.code ? t('board.itself', { name: row.name }) : row.name || t('maintenance.no_region');
  return html`<button type="button" class="link" data-region=${row.key} onClick=${() => setQuery({ region: row.key })}>${row.name} ›</button>`;
}

function Cell({ value, href, tone = '' }) {
  return html`<td class="number-cell">${!value ? html`<span class="faint">0</span>` : href ? html`<a class=${tone && `is-${tone}-ink`} href=${href}>${value.toLocaleString()}</a>` : value.toLocaleString()}</td>`;
}

/** What each number of a row opens, or null where no list shows just that. */
function opens(board, by, row) {
  const itself = by === 'region' && row.key === board.path.at(-1)?.code && !row.deeper;
  const scope = scopeOf(board, by, row);
  const list = (name, told, has = true) => (row.key && !itself && has ? link(name, { ...scope, ...told }) : null);
  const firm = by === 'maintainer';
  // Outages are filtered by neither firm nor tier.
  return {
    cameras: (status) => list('inventory', { status }),
    faults: (told) => list('maintenance', told),
    recordings: list('recordings'),
    orders: (told) => (firm && !row.key && !told ? link('orders', { unassigned: 'true', region: scope.region }) : list('orders', told)),
    outages: list('outages', {}, by === 'region'),
  };
}

const Share = ({ value, href }) => html`<td class="number-cell">${value !== null && href ? html`<a href=${href}>${percent(value)}</a>` : percent(value)}</td>`;

function Row({ board, by, row }) {
  const to = opens(board, by, row);
  const known = row.total - row.unknown;
  return html`<tr data-row=${row.key}><th scope="row"><${Name} board=${board} by=${by} row=${row} /></th>
    <td class="bar-cell"><span class="bar" aria-hidden="true">${STATES.map((state) => row[state] > 0 && html`<i key=${state} class="swatch-${state}" style=${`flex:${row[state]}`}></i>`)}</span></td>
    <td class="number-cell">${percent(part(row.up + row.suspect, known))}</td><${Share} value=${part(row.intact, row.total)} href=${to.faults()} />
    <${Share} value=${part(row.picture_ok, row.pictured)} href=${to.faults({ layer: 'picture' })} /><${Share} value=${row.recorded_share} href=${to.recordings} />
    <${Cell} value=${row.down} href=${to.cameras('down')} tone="down" /><${Cell} value=${row.suspect} href=${to.cameras('suspect')} /><${Cell} value=${row.unknown} href=${to.cameras('unknown')} />
    <${Cell} value=${row.orders_open} href=${to.orders()} /><${Cell} value=${row.orders_overdue} href=${to.orders({ overdue: 'true' })} tone="down" />
    <${Cell} value=${row.outages} href=${to.outages} /><${Cell} value=${row.total} href=${to.cameras('')} /></tr>`;
}

export function Rows({ board, by }) {
  const rows = by === 'tier' ? [...board.rows].sort((a, b) => TIERS.indexOf(a.key) - TIERS.indexOf(b.key)) : board.rows;
  const head = ['board.online', 'maintenance.intact', 'board.picture', 'board.recording', 'status.down', 'status.suspect', 'status.unknown', 'board.orders', 'orders.overdue', 'board.outages', 'maintenance.total'];
  return html`<div class="table-box"><table class="list board-rows"><thead><tr><th scope="col">${t(`assessment.by.${by}`)}</th><th scope="col" class="bar-head"></th>
      ${head.map((key) => html`<th scope="col" key=${key} class="number-cell">${t(key)}</th>`)}</tr></thead>
    <tbody>${rows.map((row) => html`<${Row} key=${row.key} board=${board} by=${by} row=${row} />`)}</tbody></table></div>`;
}
