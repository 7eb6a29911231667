// Correcting which way a camera looks, beside its picture: its sector is dragged on the map, or points are found in both.
import { post, put } from '../api.js';
import { Problem, useDeed } from '../deed.js';
import { html, useEffect, useMemo, useState } from '../html.js';
import { t } from '../i18n.js';
import { useKeys } from '../keys.js';
import { MapView } from '../map_view.js';
import { Chips, Shown } from '../parts.js';
import { useResource } from '../resource.js';
import { zoomFor } from './ground.js';
import { drawPose } from './layers.js';
import { useLatest } from './latest.js';
import { Handle, OverMap } from './over_map.js';
import { PosePicture, useStill } from './picture.js';
import { Found, Held, PointList } from './points.js';
import { dragged, handlesOf, outlineOf, placeOf, stepped, valueOf } from './sector.js';
import { Standing } from './standing.js';
import { useSteps } from './steps.js';
import { presetPath } from './presets.js';
import { asSent, usePoints } from './use_points.js';
import { PoseValues } from './values.js';

const THEME = 'dark';
const [USUAL_FOV_DEG, USUAL_REACH_M, REACH_PX] = [90, 60, 290];
const SENT = ['bearing_deg', 'h_fov_deg', 'tilt_deg', 'mount_height_m', 'max_view_m'];

/** What is dragged: a sector, also where the record tells none yet. */
const beginning = (known, aim) => {
  const record = known.declared ?? known.observed;
  const told = aim ? { ...record, bearing_deg: aim.bearing_deg, tilt_deg: aim.tilt_deg, h_fov_deg: aim.h_fov_deg ?? record.h_fov_deg } : record;
  return { lon: told.lon, lat: told.lat, bearing_deg: told.bearing_deg ?? 0, h_fov_deg: told.h_fov_deg ?? USUAL_FOV_DEG, tilt_deg: told.tilt_deg, mount_height_m: told.mount_height_m, max_view_m: told.max_view_m };
};

export function CorrectView({ camera, system, user, close, reload }) {
  const known = useResource(`cameras/${camera.row.id}/pose`);
  const head = useResource(known.data?.ptz ? `cameras/${camera.row.id}/presets` : null);
  return html`<div class="pose-panel" data-theme=${THEME} role="dialog" aria-modal="true" aria-label=${t('pose.title')}>
    <${Shown} resource=${known}>${(pose) => (pose.ptz && !head.data && !head.error ? '…' : html`<${Panel} camera=${camera} known=${pose} head=${head.data ?? null} system=${system} user=${user} close=${close} reload=${reload} />`)}<//></div>`;
}

function Panel({ camera, known, head, system, user, close, reload }) {
  const { row } = camera;
  const [mode, setMode] = useState('drag');
  const [town, setTown] = useState(null);
  const [fresh, setFresh] = useState(0);
  const [live, setLive] = useState(false);
  const [measured, setMeasured] = useState(false);
  const { now: pose, steps, begin, change, end, undo } = useSteps(useMemo(() => beginning(known, head?.preset ? head.aim : null), []));
  const preset = head?.presets.find((one) => one.token === head.preset && one.position) ?? null;
  const [ofPreset, setOfPreset] = useState(preset !== null);
  const shown = useStill(row, fresh);
  const { size } = shown;
  const fitting = usePoints(row.id, pose, size, known.may_move);
  const { run, busy, problem } = useDeed();
  const found = mode === 'points' ? fitting.fit : null;
  const looked = found ? { ...pose, ...found.pose } : pose;
  const picture = size && { width_px: size.width, height_px: size.height, ...(found ? { roll_deg: found.pose.roll_deg, distortion: found.pose.distortion } : {}) };
  const { data: view, error: noView } = useLatest({ ...Object.fromEntries(['lon', 'lat', ...SENT].map((name) => [name, looked[name]])), bearing_deg: looked.bearing_deg % 360, width_px: known.width_px, indoor: known.indoor, ptz: known.ptz, picture },
    (body, signal) => post('coverage/view', body, { signal }));
  const rangeM = Math.max(2, looked.max_view_m ?? view?.range_m ?? USUAL_REACH_M);

  useEffect(() => { if (town) drawPose(town, THEME, outlineOf(looked, rangeM), view?.geometry ?? null); }, [town, JSON.stringify(looked), rangeM, view]);
  useKeys({ Escape: close });

  function use(made) {
    made.moved = true; // at once, and not by a flight: a change of the window's size would end it half-way
    made.map.jumpTo({ center: [pose.lon, pose.lat], zoom: zoomFor(pose.lat, pose.max_view_m ?? USUAL_REACH_M, REACH_PX) });
    made.ready.then(() => setTown(made));
  }
  const pressed = (handle, key, big) => {
    const next = stepped(handle, pose, rangeM, key, big);
    if (next) change(next, `${handle} ${key} ${big}`);
    return Boolean(next);
  };
  async function save() {
    if (preset && ofPreset) {
      const view = { bearing_deg: Math.round(looked.bearing_deg * 100) / 100 % 360, tilt_deg: looked.tilt_deg, h_fov_deg: looked.h_fov_deg };
      if (await run(() => put(presetPath(row.id, preset.token), view)) === undefined) return;
      reload();
      close();
      return;
    }
    const told = Object.fromEntries(SENT.filter((name) => looked[name] !== null).map((name) => [name, looked[name]]));
    const moved = looked.lon !== (known.declared ?? known.observed).lon || looked.lat !== (known.declared ?? known.observed).lat || !known.declared;
    const place = moved && known.may_move ? { lon: looked.lon, lat: looked.lat } : {};
    const used = picture && { ...picture, at: shown.picture.at && !live ? shown.picture.at : null };
    const points = found ? { how: 'fitted', v_fov_deg: found.pose.v_fov_deg, points: fitting.ready.map(asSent) } : { how: measured ? 'measured' : 'dragged' };
    if (await run(() => put(`cameras/${row.id}/pose`, { ...told, ...place, ...points, picture: used || null, revision: known.revision })) === undefined) return;
    reload();
    close();
  }
  const canSave = known.may_correct && !busy && (mode === 'drag' || Boolean(found));
  return html`<header><h2>${t('pose.title')} · ${row.name}</h2><${Chips} label=${t('pose.mode')} value=${mode} onChange=${(next) => setMode(next || mode)} options=${['drag', 'points'].map((one) => [one, t(`pose.mode.${one}`)])} />
      <${Standing} known=${known} /><button type="button" class="quiet push-end" aria-label=${t('action.close')} onClick=${close}>✕</button></header>
    <div class="pose-map"><${MapView} theme=${THEME} attribution=${system?.attribution ?? ''} showCameras=${false} placing=${mode === 'points'} use=${use} onPlace=${(at) => mode === 'points' && fitting.told(at)}>
      <${OverMap} town=${town}>${(project) => (mode === 'drag' ? html`<i class="pose-foot" style=${project(pose)}></i>${handlesOf(pose, known.may_move).map((name) => html`<${Handle} key=${name} town=${town} name=${name} label=${t(`pose.handle.${name}`)} value=${valueOf(name, pose, rangeM)} style=${project(placeOf(name, pose, rangeM))}
          focused=${name === 'direction'} onBegin=${begin} onDrag=${(handle, at) => change(dragged(handle, pose, at))} onEnd=${end} onKey=${pressed} />`)}`
      : html`<i class="pose-foot" style=${project(looked)}></i>${fitting.points.filter((point) => point.lon !== null).map((point) => html`<b key=${point.number} class=${`pose-pin ${point.number === fitting.active ? 'is-active' : ''} ${point.bad ? 'is-bad' : ''}`} style=${project(point)}>${point.number}</b>`)}`)}<//><//></div>
    <div class="pose-side"><${PosePicture} camera=${row} shown=${shown} live=${live && mode === 'drag'} lines=${found ? found.lines : mode === 'drag' ? view?.lines ?? [] : []} points=${mode === 'points' ? fitting.points : []} active=${fitting.active}
        onClick=${mode === 'points' ? fitting.told : undefined} />
      <div class="pose-under"><p class="pose-picture-tools"><button type="button" onClick=${() => { setLive(false); setFresh(Date.now()); }}>${t('pose.fresh')}</button>
          ${mode === 'drag' && user?.role !== 'maintainer' && row.access.decision === 'allowed' && html` <button type="button" aria-pressed=${live} onClick=${() => setLive(!live)}>${t('pose.live')}</button>`}
          ${view && html` <span class="faint">${t(view.near_m >= 1 ? 'pose.sees_from' : 'pose.sees', { area: Math.round(view.area_m2), near: Math.round(view.near_m), far: Math.round(view.range_m) })}${view.snapped && html` · ${t('pose.snapped')}`}</span>`}</p>
        ${known.ptz && (preset ? html`<label class="pose-how"><input type="checkbox" name="of_preset" checked=${ofPreset} onChange=${({ target }) => setOfPreset(target.checked)} /> ${t('preset.save_as', { name: preset.name })}</label>` : html`<p class="told">${t('pose.turns')}</p>`)}
        ${mode === 'drag' ? html`<${PoseValues} pose=${pose} onValue=${(name, value) => change({ ...pose, [name]: value ?? (name === 'bearing_deg' ? 0 : name === 'h_fov_deg' ? USUAL_FOV_DEG : null) }, name)} />
            <p class="faint">${t('pose.drag.how')}</p>${!(preset && ofPreset) && html`<label class="pose-how"><input type="checkbox" name="measured" checked=${measured} onChange=${({ target }) => setMeasured(target.checked)} /> ${t('pose.measured')}</label>`}`
      : html`<${Held} held=${fitting.held} pose=${pose} mayMove=${known.may_move} change=${fitting.setHeld} bends=${fitting.bends} onBends=${fitting.setBends} />
            ${fitting.needed > 0 ? html`<p class="faint">${t('pose.points.how', { n: fitting.needed })}</p>` : html`<${Problem} of=${fitting.error} />`}
            ${found && html`<${Found} fit=${found} before=${pose} />`}
            ${fitting.points.length > 0 && html`<${PointList} points=${fitting.points} active=${fitting.active} choose=${fitting.choose} change=${fitting.change} drop=${fitting.drop} />`}`}
        <${Problem} of=${noView ?? problem} /></div>
      <footer>${mode === 'drag' && html`<button type="button" data-deed="undo" disabled=${steps === 0} onClick=${undo}>${t('action.undo')}</button>`}
        <span class="faint">${known.may_correct ? '' : t('pose.may_not')}</span><button type="button" class="quiet push-end" onClick=${close}>${t('action.cancel')}</button>
        <button type="button" class="primary" data-deed="save" disabled=${!canSave} onClick=${save}>${t('pose.save')}</button></footer></div>`;
}
