// Points found in the picture and on the map: their list, what each says against the pose, what is held.
import { html } from '../html.js';
import { t } from '../i18n.js';
import { NumberField } from './values.js';

const HELD = ['position', 'mount_height_m', 'h_fov_deg'];
const FAR_PX = 10;
const px = (value) => t('pose.px', { n: value < 10 ? value.toFixed(1) : Math.round(value) });
export const isComplete = (point) => point.x_px !== null && point.lon !== null;
const round = (value, digits) => value.toFixed(digits);

function Point({ point, active, choose, change, drop }) {
  const { fitted, bad } = point;
  const missing = point.x_px === null ? 'picture' : point.lon === null ? 'map' : '';
  return html`<tr class=${`${active ? 'is-active' : ''} ${bad ? 'is-bad' : ''}`} data-point=${point.number}>
    <td><button type="button" class="pose-number" aria-pressed=${active} aria-label=${t('pose.point.choose', { n: point.number })} onClick=${choose}>${point.number}</button></td>
    <td>${missing ? html`<span class="told">${t(`pose.point.missing.${missing}`)}</span>` : fitted ? html`<b class=${fitted.residual_px > FAR_PX ? 'told' : ''}>${px(fitted.residual_px)}</b>${bad && html` <span class="broken">${t('pose.point.disagrees', { off: px(fitted.alone_px) })}</span>`}` : '—'}</td>
    <td><${NumberField} step="0.1" min="-50" max="500" value=${point.height_m} aria-label=${t('pose.point.height', { n: point.number })} onNumber=${(height) => change({ height_m: height ?? 0 })} /> m</td>
    <td><button type="button" class="link danger-quiet" aria-label=${t('pose.point.drop', { n: point.number })} onClick=${drop}>✕</button></td></tr>`;
}

export function PointList({ points, active, choose, change, drop }) {
  return html`<table class="pose-points"><thead><tr><th>${t('pose.point')}</th><th>${t('pose.point.off')}</th><th>${t('pose.point.high')}</th><th></th></tr></thead>
    <tbody>${points.map((point) => html`<${Point} key=${point.number} point=${point} active=${point.number === active} choose=${() => choose(point.number)}
      change=${(values) => change(point.number, values)} drop=${() => drop(point.number)} />`)}</tbody></table>`;
}

/** What the points are not asked for, since the record knows it. */
export function Held({ held, pose, mayMove, change, bends, onBends }) {
  const known = { position: true, mount_height_m: pose.mount_height_m !== null, h_fov_deg: pose.h_fov_deg !== null };
  const shown = { position: '', mount_height_m: pose.mount_height_m === null ? '' : ` ${pose.mount_height_m} m`, h_fov_deg: pose.h_fov_deg === null ? '' : ` ${pose.h_fov_deg}°` };
  return html`<fieldset class="pose-held"><legend>${t('pose.held')}</legend>${HELD.filter((name) => known[name]).map((name) => html`<label key=${name}><input type="checkbox" name=${`held_${name}`} checked=${held[name]} disabled=${name === 'position' && !mayMove}
      onChange=${({ target }) => change({ ...held, [name]: target.checked })} /> ${t(`field.${name}`)}${shown[name]}</label>`)}
    <label><input type="checkbox" name="bends" checked=${bends} onChange=${({ target }) => onBends(target.checked)} /> ${t('pose.bends')}</label></fieldset>`;
}

/** The pose that was found, each number with its standard error. */
export function Found({ fit, before }) {
  const { pose, errors } = fit;
  const rows = [['bearing_deg', 1, '°'], ['tilt_deg', 1, '°'], ['h_fov_deg', 1, '°'], ['mount_height_m', 2, ' m']];
  return html`<dl class="pose-found" aria-live="polite"><div><dt>${t('pose.rms')}</dt><dd>${px(fit.rms_px)}${fit.map_error_m > 0 && html` <small class="told">${t('pose.map_error', { m: fit.map_error_m })}</small>`}</dd></div>
    ${rows.map(([name, digits, unit]) => html`<div key=${name}><dt>${t(`field.${name}`)}</dt><dd><b>${round(pose[name], digits)}${unit}</b>${errors[name] > 0 && html` <small>± ${round(errors[name], digits)}</small>`}
      ${before[name] !== null && Math.abs(before[name] - pose[name]) >= 0.05 && html` <small class="faint">${t('pose.was', { value: `${round(before[name], 1)}${unit}` })}</small>`}</dd></div>`)}
    ${errors.position_m > 0 && html`<div><dt>${t('field.position')}</dt><dd><b>${round(pose.lon, 6)}, ${round(pose.lat, 6)}</b> <small>± ${round(errors.position_m, 2)} m</small></dd></div>`}</dl>`;
}
