// The gaps as a list: how much of the town is seen, why the rest is not, the most costly first.
import { html, useState } from '../html.js';
import { t } from '../i18n.js';
import { causeName, Chips, density, Empty, metres, percent, placeName, Shown } from '../parts.js';
import { RegionChoice } from '../region_choice.js';
import { setQuery } from '../router.js';
import { Age } from '../time.js';
import { gapPlace } from './gap_place.js';

const CAUSES = ['none_built', 'blocked', 'too_coarse', 'faulty', 'no_consent'];
export const GROUNDS = ['main_road', 'street', 'lane', 'railway', 'key_place', 'square', 'unit_entrance', 'school_gate', 'crossing', 'town_exit'];
const STATES = ['open', 'confirmed', 'noted', 'planned', 'closed'];
const SORTS = ['-worth', '-length', 'since', '-since', 'name'];
const ROWS = 100;
const FILTERS = ['cause', 'class', 'region', 'state', 'at'];

function Totals({ list, query }) {
  const { totals } = list;
  if (!totals) return html`<div class="totals"><p class="faint">${t(query.at ? 'coverage.unmeasured_then' : 'coverage.no_gaps.unmeasured')}</p></div>`;
  const share = totals.road_m ? totals.covered_road_m / totals.road_m : null;
  return html`<div class="totals"><div><b>${percent(share)}</b><span>
    ${t('coverage.roads', { covered: metres(totals.covered_road_m), all: metres(totals.road_m) })}</span></div>
    <div><b>${totals.covered_places} / ${totals.places}</b><span>${t('coverage.places')}</span></div>
    <p class="faint">${t('coverage.measured')} <${Age} at=${list.measured_at} /></p></div>`;
}

function noneNext(list, query) {
  if (!list.measured && query.at) return t('coverage.unmeasured_then');
  if (FILTERS.some((name) => query[name])) return t('coverage.no_gaps.widen');
  return list.measured ? t('coverage.no_gaps.next') : t('coverage.no_gaps.unmeasured');
}

export const groundName = (ground) => t(`ground.${ground}`);

export function GapList({ gaps, query, regions, open }) {
  const pick = (name) => (value) => setQuery({ [name]: value || null });
  const [shown, setShown] = useState(ROWS);
  return html`<${Shown} resource=${gaps}>${(list) => {
    const rows = list.items.slice(0, shown);
    return html`<${Totals} list=${list} query=${query} /><${Chips} label=${t('coverage.cause')} value=${query.cause} onChange=${pick('cause')}
        options=${CAUSES.map((cause) => [cause, html`<i class="cause cause-${cause}"></i> ${causeName(cause)}`, list.totals?.by_cause_m[cause] ? metres(list.totals.by_cause_m[cause]) : undefined])} />
      <div class="coverage-filter"><select name="class" aria-label=${t('coverage.class')} value=${query.class ?? ''} onChange=${(event) => pick('class')(event.target.value)}>
        <option value="">${t('coverage.any_class')}</option>${GROUNDS.map((ground) => html`<option key=${ground} value=${ground}>${groundName(ground)}</option>`)}</select>
        <${RegionChoice} nodes=${regions.nodes} value=${query.region} onChange=${pick('region')} />
        <select name="state" aria-label=${t('gap.state')} value=${query.state ?? ''} onChange=${(event) => pick('state')(event.target.value)}><option value="">${t('gap.any_state')}</option>${STATES.map((state) => html`<option key=${state} value=${state}>${t(`gap.state.${state}`)}</option>`)}</select>
        <select name="sort" aria-label=${t('coverage.sort')} value=${query.sort ?? SORTS[0]} onChange=${(event) => pick('sort')(event.target.value === SORTS[0] ? '' : event.target.value)}>${SORTS.map((sort) => html`<option key=${sort} value=${sort}>${t(`coverage.sort.${sort}`)}</option>`)}</select></div>
      ${rows.length === 0 ? html`<${Empty} title=${t(list.measured ? 'coverage.no_gaps' : 'coverage.no_gaps.unknown')} next=${noneNext(list, query)} />` : html`<ul class="gaps">${rows.map((gap) => html`<li key=${gap.id}>
        <button type="button" data-gap=${gap.id} onClick=${() => open(gap)}><i class="cause cause-${gap.cause}"></i>
          <b>${placeName(gap.name) || groundName(gap.ground)}</b><span title=${gap.where.side ? t('gap.half', { m: metres(gap.length_m) }) : ''}>${gap.line_m ? metres(gap.line_m) : t('gap.place')}</span>
          ${gap.length_m && html`<small>${gapPlace(gap)}</small>`}<small>${gap.name ? `${groundName(gap.ground)} · ` : ''}${causeName(gap.cause)}${gap.best_density_px_per_m ? ` · ${density(gap.best_density_px_per_m)}` : ''}${gap.night_only ? ` · ${t('coverage.by_night')}` : ''}${gap.state === 'open' ? '' : ` · ${t(`gap.state.${gap.state}`)}`}</small></button></li>`)}
        ${list.items.length > rows.length && html`<li><button type="button" class="more" onClick=${() => setShown(shown + ROWS)}>${t('coverage.show_more', { n: rows.length, total: list.total })}</button></li>`}
        ${list.items.length === rows.length && list.total > rows.length && html`<li class="faint">${t('coverage.more', { n: list.total - rows.length })}</li>`}</ul>`}`;
  }}<//>`;
}
