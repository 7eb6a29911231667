// Cameras that maps know: drafts of the archive that nobody has submitted yet.
import { html, useState } from '../html.js';
import { t } from '../i18n.js';
import { Pager } from '../pager.js';
import { Shown } from '../parts.js';
import { useResource } from '../resource.js';
import { link } from '../router.js';
import { At } from '../time.js';

const LIMIT = 20;

export function Candidates({ taken }) {
  const [offset, setOffset] = useState(0);
  const drafts = useResource('map/candidates', { limit: LIMIT, offset }, { on: taken });
  return html`<section class="card"><h2>${t('maps.candidates')}</h2><${Shown} resource=${drafts} empty=${(page) => page.total === 0 && html`<p class="faint">${t('maps.candidates.none')}</p>`}>
    ${(page) => html`<div class="table-box"><table class="list map-candidates"><thead><tr><th scope="col">${t('camera.name')}</th><th scope="col">${t('maps.object')}</th>
      <th scope="col">${t('maps.position')}</th><th scope="col" class="number-cell">${t('maps.bearing')}</th><th scope="col">${t('maps.taken_in')}</th></tr></thead>
    <tbody>${page.items.map((one) => html`<tr key=${one.camera_id}><th scope="row"><a href=${link(`camera/${one.camera_id}`)}>${one.name}</a><small class="why">${t(`life_cycle.${one.life_cycle}`)}</small></th>
      <td class="mono">${one.source_id}</td><td class="mono">${one.lon === null ? '—' : `${one.lon.toFixed(6)}, ${one.lat.toFixed(6)}`}</td>
      <td class="number-cell">${one.bearing_deg === null ? '—' : `${Math.round(one.bearing_deg)}°`}</td><td><${At} at=${one.taken_in_at} /></td></tr>`)}</tbody></table></div>
    <${Pager} total=${page.total} limit=${LIMIT} offset=${offset} onOffset=${setOffset} />`}<//></section>`;
}
