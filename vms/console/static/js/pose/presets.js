// A camera that turns: at which preset it stands, where each preset looks and how sure that is, and saying so.
import { post, put, remove } from '../api.js';
import { Problem, useDeed } from '../deed.js';
import { html, useState } from '../html.js';
import { t } from '../i18n.js';
import { whoName } from '../parts.js';
import { Age } from '../time.js';

const FIELDS = ['bearing_deg', 'tilt_deg', 'h_fov_deg'];
const LIMITS = { bearing_deg: [0, 359.9], tilt_deg: [-90, 90], h_fov_deg: [1, 360] };

export const presetPath = (cameraId, token) => `cameras/${cameraId}/presets/${token.split('/').map(encodeURIComponent).join('/')}/view`;

const degrees = (value) => (value === null || value === undefined ? '—' : `${Math.round(value * 10) / 10}°`);

/** Where the head is, in a sentence. */
export function HeadNow({ head }) {
  if (!head.read_at) return html`<p class="faint">${t('preset.not_read')}</p>`;
  const at = head.presets.find((one) => one.token === head.preset);
  const words = head.moving ? t('preset.moving') : at ? t('preset.at', { name: at.name }) : head.between ? t('preset.between') : t('preset.untold');
  return html`<p class="preset-now"><b>${words}</b> <small class="faint"><${Age} at=${head.read_at} /></small>
    ${head.aim ? html`<br /><small>${t('preset.looks', { bearing: degrees(head.aim.bearing_deg) })} · ${t(`preset.source.${head.aim.source}`)}</small>` : html`<br /><small class="faint">${t('preset.no_aim')}</small>`}</p>`;
}

function Tell({ cameraId, preset, done, close }) {
  const { run, busy, problem } = useDeed();
  const from = preset.told ?? preset.aim ?? {};
  const [told, setTold] = useState(Object.fromEntries(FIELDS.map((name) => [name, from[name] ?? null])));
  async function save(event) {
    event.preventDefault();
    if (await run(() => put(presetPath(cameraId, preset.token), told)) !== undefined) done();
  }
  return html`<form class="preset-tell" onSubmit=${save}>${FIELDS.map((name) => html`<label key=${name}>${t(`field.${name}`)} <input type="number" name=${name} step="0.1" min=${LIMITS[name][0]} max=${LIMITS[name][1]} required=${name === 'bearing_deg'}
      value=${told[name] ?? ''} onInput=${({ target }) => setTold({ ...told, [name]: target.value === '' ? null : Number(target.value) })} /></label>`)}
    <button type="submit" class="primary" disabled=${busy || told.bearing_deg === null}>${t('action.save')}</button> <button type="button" class="quiet" onClick=${close}>${t('action.cancel')}</button><${Problem} of=${problem} /></form>`;
}

function Preset({ cameraId, preset, here, mayTell, telling, tell, done }) {
  const { run, busy, problem } = useDeed();
  const { told, aim } = preset;
  const standing = told && !told.lost_at ? t('preset.told_by', { who: whoName(told.who) }) : told ? t('preset.lost') : aim ? t(`preset.source.${aim.source}`) : t('preset.nobody');
  return html`<li class=${here ? 'is-here' : ''} data-preset=${preset.token}><b>${preset.name}</b>${here && html` <span class="tag">${t('preset.here')}</span>`}
    <span class="preset-aim">${degrees(aim?.bearing_deg)}</span> <small class=${told?.lost_at ? 'told' : 'faint'}>${standing}</small>
    ${mayTell && preset.position && !telling && html`<span class="push-end"><button type="button" class="link" onClick=${tell}>${t(told ? 'preset.tell_again' : 'preset.tell')}</button>
      ${told && html` <button type="button" class="link danger-quiet" disabled=${busy} onClick=${async () => { if (await run(() => remove(presetPath(cameraId, preset.token))) !== undefined) done(); }}>${t('preset.take_back')}</button>`}</span>`}
    ${!preset.position && html` <small class="faint">${t('preset.nowhere')}</small>`}
    ${telling && html`<${Tell} cameraId=${cameraId} preset=${preset} done=${done} close=${() => tell(null)} />`}<${Problem} of=${problem} /></li>`;
}

export function Presets({ cameraId, head, keeper, reload }) {
  const { run, busy, problem } = useDeed();
  const [telling, setTelling] = useState(null);
  const done = () => { setTelling(null); reload(); };
  return html`<section class="presets" aria-label=${t('preset.title')}><h3>${t('preset.title')}</h3><${HeadNow} head=${head} />
    ${head.presets.length ? html`<ul>${head.presets.map((preset) => html`<${Preset} key=${preset.token} cameraId=${cameraId} preset=${preset} here=${preset.token === head.preset} mayTell=${head.may_tell} telling=${telling === preset.token}
        tell=${(event) => setTelling(event === null ? null : preset.token)} done=${done} />`)}</ul>` : html`<p class="faint">${t('preset.none')}</p>`}
    ${keeper && html`<p><button type="button" data-deed="read-presets" disabled=${busy} onClick=${async () => { if (await run(() => post(`cameras/${cameraId}/presets`)) !== undefined) reload(); }}>${t(busy ? 'preset.reading' : 'preset.read')}</button></p>`}
    <${Problem} of=${problem} /></section>`;
}
