// Where the camera stands and what it sees.
import { html, useEffect, useRef, useState } from '../html.js';
import { t } from '../i18n.js';
import { Legend, MapView } from '../map_view.js';
import { CorrectView } from '../pose/correct.js';
import { Presets } from '../pose/presets.js';
import { Sensors } from '../pose/sensors.js';
import { Standing } from '../pose/standing.js';
import { useResource } from '../resource.js';
import { go } from '../router.js';

const KEEPERS = ['admin', 'maintainer'];

export function WhereTab({ camera, system, user, reload }) {
  const map = useRef(null);
  const [correcting, setCorrecting] = useState(false);
  const known = useResource(`cameras/${camera.row.id}/pose`, {}, { refreshOn: ['camera.turned', 'camera.changed'] });
  const turns = known.data?.ptz === true;
  const head = useResource(turns ? `cameras/${camera.row.id}/presets` : null, {}, { refreshOn: ['camera.turned'] });
  const sensors = useResource(known.data && !turns ? `cameras/${camera.row.id}/sensors` : null, {}, { refreshOn: ['camera.changed'] });
  const pose = camera.declared.pose ?? camera.observed.pose;
  useEffect(() => { if (pose) map.current?.flyTo(pose.lon, pose.lat, 18); }, [pose?.lon, pose?.lat]);
  if (!pose) return html`<p class="note">${t('camera.no_position')}</p>`;
  const facts = [['position', `${pose.lon.toFixed(6)}, ${pose.lat.toFixed(6)}`], ['bearing_deg', known.data?.looks_deg ?? pose.bearing_deg, '°'], ['h_fov_deg', pose.h_fov_deg, '°'],
    ['tilt_deg', pose.tilt_deg, '°'], ['mount_height_m', pose.mount_height_m, ' m'], ['max_view_m', pose.max_view_m, ' m']];
  if (correcting) return html`<${CorrectView} camera=${camera} system=${system} user=${user} close=${() => { setCorrecting(false); known.reload(); }} reload=${reload} />`;
  function use(town) {
    map.current = town;
    town.flyTo(pose.lon, pose.lat, 18);
    town.setRanks([{ camera_id: camera.row.id, lon: pose.lon, lat: pose.lat, rank: '', usable: true, status: camera.row.status, sees: true, density_px_per_m: 250 }]);
  }
  return html`<div class="where"><${MapView} theme="light" attribution=${system?.attribution ?? ''} use=${use} onCamera=${(id) => go(`camera/${id}`, { tab: 'map' })}><${Legend} /><//>
    <dl class="facts">${known.data && html`<${Standing} known=${known.data} />`}${known.data?.may_correct && html`<p><button type="button" data-deed="correct" onClick=${() => setCorrecting(true)}>${t('pose.correct')}</button></p>`}${facts.map(([name, value, unit = '']) => html`<div key=${name}><dt>${t(`field.${name}`)}</dt><dd>
      ${value === null || value === undefined ? html`<span class="faint">—</span>` : `${typeof value === 'number' ? Math.round(value * 10) / 10 : value}${unit}`}</dd></div>`)}
      ${turns && head.data && html`<${Presets} cameraId=${camera.row.id} head=${head.data} keeper=${KEEPERS.includes(user?.role) && !user.maintainer_id} reload=${head.reload} />`}
      ${sensors.data && (sensors.data.sensors.length > 0 || sensors.data.may_change) && html`<${Sensors} cameraId=${camera.row.id} list=${sensors.data} reload=${sensors.reload} />`}
      ${!camera.declared.pose && html`<p class="note">${t('camera.position_observed')}</p>`}</dl></div>`;
}
