// What the cameras of each tier see of the ground that is asked for: by themselves, and what only they see; now.
import { html } from '../html.js';
import { t } from '../i18n.js';
import { percent } from '../parts.js';
import { Age } from '../time.js';

const Shares = ({ road, places }) => html`<td class="amount">${road !== null && html`<div>${t('coverage.tier.road', { share: percent(road) })}</div>`}${places !== null && html`<div>${t('coverage.tier.places', { share: percent(places) })}</div>`}${road === null && places === null && '—'}</td>`;

export const Tiers = ({ found, night }) => html`<p class="faint">${t('coverage.tier.means')}${night ? ` ${t('coverage.by_night')}` : ''} · ${t('coverage.measured')} <${Age} at=${found.measured_until} /></p>
  <div class="table-box"><table class="list"><thead><tr><th scope="col">${t('coverage.by.tier')}</th><th scope="col" class="amount">${t('coverage.tier.sees')}</th><th scope="col" class="amount">${t('coverage.tier.only')}</th></tr></thead>
  <tbody>${found.items.map((row) => html`<tr key=${row.key} data-rate=${row.key}><th scope="row">${t(`tier.${row.key}`)}</th><${Shares} road=${row.road_rate} places=${row.place_rate} /><${Shares} road=${row.only_road_rate} places=${row.only_place_rate} /></tr>`)}
    <tr data-rate="*"><th scope="row">${t('coverage.total')}</th><${Shares} road=${found.total.road_rate} places=${found.total.place_rate} /><td></td></tr></tbody></table></div>`;
