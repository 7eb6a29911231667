// One housing with several sensors: where each looks. They are one camera: one fault takes them all.
import { put } from '../api.js';
import { Problem, useDeed } from '../deed.js';
import { html, useState } from '../html.js';
import { t } from '../i18n.js';

const FIELDS = [['bearing_deg', 0, 359.9], ['h_fov_deg', 1, 360], ['tilt_deg', -90, 90], ['max_view_m', 0, 20000]];
const MOST = 16;
const EMPTY = { name: '', channel: '', bearing_deg: null, tilt_deg: null, h_fov_deg: null, v_fov_deg: null, max_view_m: null, width_px: null };

const sent = ({ number, ...one }) => one;

function Row({ one, place, change, drop }) {
  return html`<li data-sensor=${place + 1}><b>${place + 1}</b><label>${t('sensor.name')} <input type="text" name="name" maxlength="80" value=${one.name} onInput=${({ target }) => change({ ...one, name: target.value })} /></label>
    <button type="button" class="link danger-quiet push-end" aria-label=${t('sensor.drop', { n: place + 1 })} onClick=${drop}>✕</button>
    <span class="preset-tell">${FIELDS.map(([name, least, most]) => html`<label key=${name}>${t(`field.${name}`)} <input type="number" name=${name} step="0.1" min=${least} max=${most} value=${one[name] ?? ''}
      onInput=${({ target }) => change({ ...one, [name]: target.value === '' ? null : Number(target.value) })} /></label>`)}</span></li>`;
}

const begun = ({ sensors, sources }) => (sensors.length ? sensors.map(sent) : sources.length ? sources.map((one) => ({ ...EMPTY, ...one })) : [EMPTY, EMPTY]);

function Form({ cameraId, list, done, close }) {
  const { run, busy, problem } = useDeed();
  const [rows, setRows] = useState(begun(list));
  async function save(event) {
    event.preventDefault();
    if (await run(() => put(`cameras/${cameraId}/sensors`, { sensors: rows })) !== undefined) done();
  }
  return html`<form onSubmit=${save}><ul class="sensors-form">${rows.map((one, place) => html`<${Row} key=${place} one=${one} place=${place} change=${(next) => setRows(rows.map((each, at) => (at === place ? next : each)))} drop=${() => setRows(rows.filter((_, at) => at !== place))} />`)}</ul>
    <p><button type="button" disabled=${rows.length >= MOST} onClick=${() => setRows([...rows, EMPTY])}>${t('sensor.add')}</button> <button type="submit" class="primary" disabled=${busy}>${t('action.save')}</button>
      <button type="button" class="quiet" onClick=${close}>${t('action.cancel')}</button></p><${Problem} of=${problem} /></form>`;
}

export function Sensors({ cameraId, list, reload }) {
  const [editing, setEditing] = useState(false);
  const done = () => { setEditing(false); reload(); };
  return html`<section class="sensors" aria-label=${t('sensor.title')}><h3>${t('sensor.title')}</h3>
    ${editing ? html`<${Form} cameraId=${cameraId} list=${list} done=${done} close=${() => setEditing(false)} />`
    : html`${list.sensors.length ? html`<ul>${list.sensors.map((one) => html`<li key=${one.number}><b>${one.number} ${one.name}</b> ${one.bearing_deg === null ? t('pose.confidence.unknown') : `${one.bearing_deg}°`}${one.h_fov_deg !== null && html` <small class="faint">∠ ${one.h_fov_deg}°</small>`}</li>`)}</ul>
        <p class="faint">${t('sensor.together')}</p>` : html`<p class="faint">${t('sensor.one')}</p>`}
      ${list.may_change && html`<p><button type="button" data-deed="sensors" onClick=${() => setEditing(true)}>${t('sensor.edit')}</button></p>`}`}</section>`;
}
