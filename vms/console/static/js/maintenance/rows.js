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

function Row({ board, by, row }) {
  const scope = scopeOf(board, by, row);
  // Cameras are not filtered by the firm that repairs them: there the numbers open the firm's faults.
  const cameras = (status) => (by === 'maintainer' ? (status === 'down' && row.key ? link('maintenance', scope) : null) : row.key ? link('inventory', { ...scope, status }) : null);
  const known = row.total - row.unknown;
  return html`<tr data-row=${row.key}><th scope="row"><${Name} board=${board} by=${by} row=${row} /></th>
    <td class="bar-cell"><span class="bar" aria-hidden="true">${STATES.map((state) => row[state] > 0 && html`<i key=${state} class="swatch-${state}" style=${`flex:${row[state]}`}></i>`)}</span></td>
    <td class="number-cell">${percent(part(row.up + row.suspect, known))}</td><td class="number-cell"><a href=${link('maintenance', scope)}>${percent(part(row.intact, row.total))}</a></td>
    <td class="number-cell"><a href=${link('maintenance', { ...scope, layer: 'picture' })}>${percent(part(row.picture_ok, row.pictured))}</a></td>
    <td class="number-cell"><a href=${link('recordings', { tier: scope.tier, region: scope.region })}>${percent(row.recorded_share)}</a></td>
    <${Cell} value=${row.down} href=${cameras('down')} tone="down" /><${Cell} value=${row.suspect} href=${cameras('suspect')} /><${Cell} value=${row.unknown} href=${cameras('unknown')} />
    <${Cell} value=${row.orders_open} href=${link('orders', scope)} /><${Cell} value=${row.orders_overdue} href=${link('orders', { ...scope, overdue: 'true' })} tone="down" />
    <${Cell} value=${row.outages} href=${link('outages', { region: scope.region })} /><${Cell} value=${row.total} href=${cameras('')} /></tr>`;
}

export function Rows({ board, by }) {
  const rows = by === 'tier' ? [...board.rows].sort((a, b) => TIERS.indexOf(a.key) - TIERS.indexOf(b.key)) : board.rows;
  const head = ['board.online', 'maintenance.intact', 'board.picture', 'board.recording', 'status.down', 'status.suspect', 'status.unknown', 'board.orders', 'orders.overdue', 'board.outages', 'maintenance.total'];
  return html`<div class="table-box"><table class="list board-rows"><thead><tr><th scope="col">${t(`assessment.by.${by}`)}</th><th scope="col" class="bar-head"></th>
      ${head.map((key) => html`<th scope="col" key=${key} class="number-cell">${t(key)}</th>`)}</tr></thead>
    <tbody>${rows.map((row) => html`<${Row} key=${row.key} board=${board} by=${by} row=${row} />`)}</tbody></table></div>`;
}
