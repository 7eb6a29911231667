// Who would repair this camera, and until when? Asked of what is written here, saved or not.
import { post } from '../api.js';
import { Problem, useDeed } from '../deed.js';
import { html, useEffect, useState } from '../html.js';
import { t } from '../i18n.js';
import { dateTime } from '../time.js';
import { CameraSearch } from './camera_search.js';
import { className, layerName, LAYERS, SEVERITIES, severityName, tierName } from './words.js';

/** What was found, as sentences. */
function Answer({ found, regions }) {
  const about = [regions.nameOf(found.region_code), tierName(found.tier), found.point_class && className(found.point_class)].filter(Boolean).join(' · ');
  return html`<div class="try-answer" role="status" data-rule=${found.rule ?? ''} data-level=${found.level ?? ''}><p class="faint">${about}</p>
    <p>${found.rule === null ? html`<b class="is-wrong">${t('tryout.nobody')}</b>` : html`${t('tryout.by_rule', { n: found.rule + 1 })} <b>${[found.maintainer, found.crew].filter(Boolean).join(' · ')}</b>`}</p>
    <p>${found.level === null ? html`<b class="is-wrong">${t('tryout.no_level')}</b>` : html`${t('tryout.by_level', { n: found.level + 1, name: found.level_name })} ${t('tryout.until', { respond: dateTime(found.respond_by).slice(0, -3),
      repair: dateTime(found.repair_by).slice(0, -3) })} <span class="faint">${t(found.in_calendar ? 'tryout.in_hours' : 'tryout.day_and_night')}</span>`}</p></div>`;
}

/** `body`: {rules} or {levels} that are being written; `onFound` hears the answer, null where nothing is asked. */
export function TryOut({ body, regions, onFound }) {
  const [camera, setCamera] = useState(null);
  const [layer, setLayer] = useState('network');
  const [severity, setSeverity] = useState('major');
  const [cameras, setCameras] = useState(1);
  const [found, setFound] = useState(null);
  const { run, problem } = useDeed();
  const asked = camera && JSON.stringify({ camera_id: camera.id, layer, severity, cameras, ...body });
  useEffect(() => {
    if (!asked) return undefined;
    const timer = setTimeout(async () => {
      const answer = await run(() => post('maintenance/tryout', JSON.parse(asked)));
      setFound(answer ?? null);
      onFound(answer ?? null);
    }, 200);
    return () => clearTimeout(timer);
  }, [asked]);
  return html`<aside class="try-out facts"><h3>${t('tryout.title')}</h3>${camera ? html`<p class="try-camera"><b>${camera.name}</b><button type="button" class="small quiet" onClick=${() => { setCamera(null); setFound(null); onFound(null); }}>${t('tryout.other')}</button></p>`
    : html`<${CameraSearch} onCamera=${setCamera} />`}
    <div class="try-fault"><label>${t('repair.layer')}<select name="try_layer" value=${layer} onChange=${(event) => setLayer(event.target.value)}>${LAYERS.map((each) => html`<option key=${each} value=${each}>${layerName(each)}</option>`)}</select></label>
      <label>${t('fault.severity')}<select name="try_severity" value=${severity} onChange=${(event) => setSeverity(event.target.value)}>${SEVERITIES.map((each) => html`<option key=${each} value=${each}>${severityName(each)}</option>`)}</select></label>
      <label>${t('tryout.cameras')}<input type="number" name="try_cameras" min="1" max="100000" value=${cameras} onChange=${(event) => setCameras(Math.max(1, Number(event.target.value) || 1))} /></label></div>
    ${camera && found && html`<${Answer} found=${found} regions=${regions} />`}<${Problem} of=${problem} /></aside>`;
}
