// Cameras by days: what is recorded, expired and missing; those that lack most come first.
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Pager, SortHead } from '../pager.js';
import { becauseWords, Chips, Empty, Shown } from '../parts.js';
import { RegionChoice, useRegions } from '../region_choice.js';
import { useResource } from '../resource.js';
import { link, setQuery } from '../router.js';
import { Age } from '../time.js';
import { DayCell, hours, Legend } from './day_cell.js';

const LIMIT = 50;
const STATES = ['missing', 'short', 'unplayable', 'untold'];
const TIERS = ['government', 'unit', 'community', 'household'];
const FAILURES = 2;
const SLACK_DAYS = 1;
const PLAN = 'plan:';
const NO_PLAN = 'none';

function Row({ row, days, regions }) {
  const short = row.days_kept !== null && row.days_wanted !== null && row.days_kept < row.days_wanted - SLACK_DAYS;
  return html`<tr data-camera=${row.camera_id}><th scope="row" class="wide-cell"><a href=${link(`camera/${row.camera_id}`, { tab: 'recording' })}>${row.name || t('camera.number', { id: row.camera_id })}</a>
      <small class="why">${[regions.nameOf(row.region_code), row.plan].filter(Boolean).join(' · ')}</small>${row.because && html`<small class="why">${t('recordings.untold', { why: becauseWords(row.because) })}</small>`}
      ${row.play_failures >= FAILURES && html`<small class="is-wrong">${t('fault.recording_unplayable')}</small>`}</th>
    <td class="number-cell ${row.missing_s > 0 ? 'is-wrong' : ''}">${row.missing_s === null ? '—' : hours(row.missing_s)}</td>
    <td class="number-cell ${short ? 'is-wrong' : ''}">${row.days_kept === null ? '—' : row.days_kept}${row.days_wanted !== null && html`<small> / ${row.days_wanted}</small>`}</td>
    ${row.days.map((day, n) => html`<td key=${days[n]} class="rec-cell"><${DayCell} name=${days[n]} day=${day} /></td>`)}<td><${Age} at=${row.checked_at} /></td></tr>`;
}

function Filters({ query, regions, plans, firms }) {
  const set = (name) => (value) => setQuery({ [name]: value || null, offset: null });
  const chosen = query.without_plan ? NO_PLAN : query.plan ? `${PLAN}${query.plan}` : '';
  const choose = ({ target: { value } }) => setQuery({ plan: value.startsWith(PLAN) ? value.slice(PLAN.length) : null, without_plan: value === NO_PLAN ? true : null, offset: null });
  return html`<div class="table-tools"><${Chips} label=${t('recordings.state')} value=${query.state} onChange=${set('state')} options=${STATES.map((each) => [each, t(`recordings.state.${each}`)])} />
    <select name="tier" aria-label=${t('camera.tier')} value=${query.tier ?? ''} onChange=${(event) => set('tier')(event.target.value)}><option value="">${t('recordings.any_tier')}</option>
      ${TIERS.map((each) => html`<option key=${each} value=${each}>${t(`tier.${each}`)}</option>`)}</select><${RegionChoice} nodes=${regions.nodes} value=${query.region} onChange=${set('region')} />
    <select name="maintainer" aria-label=${t('orders.maintainer')} value=${query.maintainer ?? ''} onChange=${(event) => set('maintainer')(event.target.value)}><option value="">${t('orders.any_maintainer')}</option>
      ${firms.map((firm) => html`<option key=${firm.id} value=${firm.id}>${firm.name}</option>`)}</select>
    <select name="plan" aria-label=${t('recordings.plan')} value=${chosen} onChange=${choose}><option value="">${t('recordings.any_plan')}</option><option value=${NO_PLAN}>${t('recordings.no_plan')}</option>
      ${plans.map((plan) => html`<option key=${plan.name} value=${`${PLAN}${plan.name}`}>${plan.name}</option>`)}</select></div>`;
}

export function Matrix({ query }) {
  const sort = query.sort ?? '-missing';
  const offset = Number(query.offset) || 0;
  const list = useResource('recordings', { state: query.state, tier: query.tier, region: query.region, maintainer: query.maintainer, plan: query.plan, without_plan: query.without_plan, sort, limit: LIMIT, offset }, { everyS: 120 });
  const plans = useResource('recordings/plans');
  const firms = useResource('maintenance/maintainers').data?.items.filter((firm) => !firm.retired_at || String(firm.id) === query.maintainer) ?? [];
  const regions = useRegions();
  const head = (name, words, number = false) => html`<${SortHead} name=${name} label=${words} number=${number} sort=${sort} onSort=${(next) => setQuery({ sort: next, offset: null })} />`;
  const none = (page) => page.items.length === 0 && html`<${Empty} title=${t('recordings.none')} next=${t('recordings.none.next')} />`;
  return html`<${Filters} query=${query} regions=${regions} plans=${plans.data?.plans ?? []} firms=${firms} /><${Shown} resource=${list} empty=${none}>${(page) => html`<${Legend} /><div class="table-box"><table class="list rec-matrix"><thead><tr>${head('name', t('fault.camera'))}
        ${head('missing', t('recordings.missing_h'), true)}${head('days_kept', t('recordings.kept'), true)}${page.days.map((day) => html`<th key=${day} scope="col" class="rec-cell">${day.slice(5)}</th>`)}<th scope="col">${t('recordings.looked')}</th></tr></thead>
      <tbody>${page.items.map((row) => html`<${Row} key=${row.camera_id} row=${row} days=${page.days} regions=${regions} />`)}</tbody></table></div>
      <${Pager} total=${page.total} limit=${LIMIT} offset=${offset} onOffset=${(next) => setQuery({ offset: next || null })} />`}<//>`;
}
