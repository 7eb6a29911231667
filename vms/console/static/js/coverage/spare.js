// What is seen by more cameras than anybody asked for, and cameras without which nothing would be lost.
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Empty, metres, placeName, Shown } from '../parts.js';
import { link } from '../router.js';
import { groundName } from './gap_list.js';

const MOST_ROWS = 100;

function ByViews({ lengths }) {
  const most = Math.max(...lengths, 1);
  return html`<div class="by-views" role="img" aria-label=${t('spare.by_views')}>${lengths.map((length, views) => html`<div key=${views}><i style=${`height:${(length / most) * 100}%`}></i>
    <b>${views}${views === lengths.length - 1 ? '+' : ''}</b><small>${metres(length)}</small></div>`)}</div>`;
}

export function Spare({ spare, show }) {
  return html`<${Shown} resource=${spare}>${(found) => html`<div class="coverage-figures"><h3>${t('spare.by_views')}</h3>${found.by_views_m.some(Boolean) ? html`<${ByViews} lengths=${found.by_views_m} />` : html`<p class="faint">${t('spare.unmeasured')}</p>`}
    <h3>${t('spare.cameras', { n: found.cameras.length })}</h3><p class="faint">${t('spare.cameras_hint')}</p>
    <p class="spare-cameras">${found.cameras.slice(0, MOST_ROWS).map((camera) => html`<a key=${camera.camera_id} href=${link(`camera/${camera.camera_id}`)}>#${camera.camera_id} <small>${metres(camera.covers_m)}</small></a>`)}</p>
    <h3>${t('spare.spots')}</h3>${found.spots.length === 0 ? html`<${Empty} title=${t('spare.none')} />` : html`<ul class="gaps">${found.spots.slice(0, MOST_ROWS).map((spot, n) => html`<li key=${n}>
      <button type="button" onClick=${() => show(spot.geometry)}><i class="cause cause-spare"></i><b>${placeName(spot.name) || groundName(spot.ground)}</b><span>${spot.length_m ? metres(spot.length_m) : ''}</span>
        <small>${groundName(spot.ground)} · ${t('spare.views', { n: spot.views, need: spot.need_views })}</small></button></li>`)}</ul>`}</div>`}<//>`;
}
