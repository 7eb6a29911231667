// What our looking costs a device: requests a day by reason as bars beside their budget, and the same numbers as a table.
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Shown } from '../parts.js';
import { useResource } from '../resource.js';
import { duration } from '../time.js';

const DAYS = 30;
const DAY_MS = 86400000;
const REASONS = ['poll', 'diagnosis', 'wall', 'incident'];
const [KILO, ROOM] = [1024, 2];
const n = (value) => value.toLocaleString();
const bytes = (value) => (value >= KILO * KILO ? `${(value / KILO / KILO).toFixed(1)} MB` : `${Math.ceil(value / KILO)} KB`);
const shortDay = (day) => day.slice(5).replace('-', '/');

/** A row for each of the days, the oldest first; null where nothing was asked. */
function everyDay(costs) {
  const known = new Map(costs.items.map((row) => [row.day, row]));
  const today = Date.parse(costs.today);
  return Array.from({ length: DAYS }, (_, at) => new Date(today - (DAYS - 1 - at) * DAY_MS).toISOString().slice(0, 10)).map((day) => [day, known.get(day) ?? null]);
}

const wordsOf = (day, row) => `${day}${t('word.colon')}${t('costs.requests_n', { n: n(row.requests) })}${row.refused ? `${t('word.comma')}${t('costs.refused_n', { n: n(row.refused) })}` : ''}`;

function Bars({ days, budget, label }) {
  const most = Math.max(1, ...days.map(([, row]) => row?.requests ?? 0));
  const top = budget && budget.requests <= most * ROOM ? Math.max(most, budget.requests) : most;
  return html`<div class="cost-bars" role="img" aria-label=${label}>
      ${budget && budget.requests <= top && html`<i class="cost-budget" style=${`bottom: ${(budget.requests / top) * 100}%`}><span>${t('costs.budget')}</span></i>`}
      ${days.map(([day, row]) => html`<div key=${day} class=${row?.refused ? 'is-refused' : ''} title=${row ? wordsOf(day, row) : t('costs.not_asked', { day })}>${row && REASONS.map((reason) => row.by_reason[reason] > 0 && html`<i key=${reason}
        class="cost-${reason}" style=${`height: ${(row.by_reason[reason] / top) * 100}%`}></i>`)}</div>`)}</div>
    <p class="history-axis"><span>${shortDay(days[0][0])}</span><span>${t('costs.top', { n: n(top) })}</span><span>${shortDay(days.at(-1)[0])}</span></p>`;
}

const HEAD = ['requests', ...REASONS, 'sign_ins', 'refused', 'at_once', 'bytes', 'busy'];

function Table({ days }) {
  const cell = (value, tone = '') => html`<td class="number-cell ${value && tone}">${value ? n(value) : html`<span class="faint">0</span>`}</td>`;
  return html`<details class="heat-table"><summary>${t('costs.as_table')}</summary><div class="table-box"><table class="list"><thead><tr><th scope="col">${t('costs.day')}</th>
      ${HEAD.map((name) => html`<th scope="col" key=${name} class="number-cell">${t(`costs.${name}`)}</th>`)}</tr></thead>
    <tbody>${[...days].reverse().map(([day, row]) => html`<tr key=${day} data-day=${day}><th scope="row">${day}</th>${row ? html`${cell(row.requests)}${REASONS.map((reason) => cell(row.by_reason[reason]))}
      ${cell(row.sign_ins)}${cell(row.refused, 'is-down-ink')}${cell(row.most_at_once)}<td class="number-cell">${bytes(row.bytes_in)}</td><td class="number-cell">${duration(row.busy_s)}</td>`
    : html`<td colspan=${HEAD.length} class="faint">${t('costs.none')}</td>`}</tr>`)}</tbody></table></div></details>`;
}

/** What the day's budget is, and how near the days came to it. */
function Budget({ days, budget }) {
  if (!budget) return html`<p class="faint">${t('costs.no_budget')}</p>`;
  const share = (name) => Math.round((Math.max(0, ...days.map(([, row]) => row?.[name] ?? 0)) / Math.max(1, budget[name])) * 100);
  return html`<p>${t('costs.budget_of', { n: n(budget.requests), sign_ins: n(budget.sign_ins), share: share('requests'), signed: share('sign_ins') })}</p>`;
}

export function Costs({ deviceId }) {
  const costs = useResource(`devices/${deviceId}/costs`, { days: DAYS }, { everyS: 300 });
  return html`<section class="facts costs"><h3>${t('costs.title')}</h3><${Shown} resource=${costs}>${(found) => {
    const days = everyDay(found);
    const sum = (count) => days.reduce((all, [, row]) => all + (row ? count(row) : 0), 0);
    if (!found.items.length) return html`<p class="faint">${t('costs.nothing')}</p><${Budget} days=${days} budget=${found.budget} />`;
    const [signIns, refused] = [sum((row) => row.sign_ins), sum((row) => row.refused)];
    return html`<ul class="cost-legend">${REASONS.map((reason) => html`<li key=${reason}><i class="cost-${reason}" aria-hidden="true"></i> ${t(`costs.${reason}`)} <b>${n(sum((row) => row.by_reason[reason]))}</b></li>`)}
        <li>${t('costs.sign_ins')} <b>${n(signIns)}</b></li><li class=${refused ? 'is-down-ink' : ''}>${refused ? '✕ ' : ''}${t('costs.refused')} <b>${n(refused)}</b></li></ul>
      <${Bars} days=${days} budget=${found.budget} label=${t('costs.words', { n: n(sum((row) => row.requests)), sign_ins: n(signIns), refused: n(refused) })} />
      <${Budget} days=${days} budget=${found.budget} /><${Table} days=${days} />`;
  }}<//></section>`;
}
