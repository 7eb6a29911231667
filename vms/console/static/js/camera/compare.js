// The reference picture beside the latest still, same size: side by side, by a slider, or one after the other.
import { put, remove, request, still } from '../api.js';
import { Problem, useDeed } from '../deed.js';
import { html, useEffect, useState } from '../html.js';
import { t } from '../i18n.js';
import { Chips, becauseWords, faultName, whoName } from '../parts.js';
import { Age, dateTime } from '../time.js';

const LIGHTS = ['day', 'night'];
const WAYS = ['beside', 'slider', 'blink'];
const BLINK_MS = 900;

/** {url, at, error}; the picture is fetched anew when `key` changes, not at all while it is null. */
export function usePicture(key, fetchIt) {
  const [picture, setPicture] = useState({ url: null, at: null, error: null });
  useEffect(() => {
    setPicture({ url: null, at: null, error: null });
    if (key === null) return undefined;
    const stop = new AbortController();
    let url = null;
    fetchIt(stop.signal).then((got) => {
      url = got.url;
      if (stop.signal.aborted) URL.revokeObjectURL(url);
      else setPicture({ ...got, error: null });
    }).catch((error) => error.name !== 'AbortError' && setPicture({ url: null, at: null, error }));
    return () => {
      stop.abort();
      if (url) URL.revokeObjectURL(url);
    };
  }, [key]);
  return picture;
}

const referencePath = (cameraId, preset, light) => `cameras/${cameraId}/reference-pictures/${encodeURIComponent(preset)}/${light}`;

async function referenceOf(cameraId, preset, light, signal) {
  const answer = await request('GET', referencePath(cameraId, preset, light), { signal });
  return { url: URL.createObjectURL(await answer.blob()), at: answer.headers.get('X-Picture-At') };
}

const Words = ({ picture, none }) => html`<span class="still-none">${picture.error ? (picture.error.refused ? t('still.refused') : picture.error.message) : none ?? '…'}</span>`;

/** One picture in its frame, or why there is none. */
function Frame({ title, picture, none, alt, children }) {
  return html`<figure class="compare-frame"><figcaption><b>${title}</b>${picture.at && html` <small class="faint"><${Age} at=${picture.at} /></small>`}</figcaption>
    <div class="compare-picture">${picture.url ? html`<img src=${picture.url} alt=${alt} />` : html`<${Words} picture=${picture} none=${none} />`}</div>${children}</figure>`;
}

function Slider({ before, after, alt }) {
  const [share, setShare] = useState(50);
  return html`<div class="compare-picture is-layered" style=${`--share: ${share}%`}><img src=${after.url} alt=${alt} /><img class="is-upper" src=${before.url} alt="" />
      <i class="compare-line" aria-hidden="true"></i><span class="compare-tag">${t('compare.reference')}</span><span class="compare-tag is-right">${t('compare.latest')}</span></div>
    <input type="range" min="0" max="100" value=${share} aria-label=${t('compare.slide')} onInput=${(event) => setShare(Number(event.target.value))} />`;
}

function Blink({ before, after, alt }) {
  const [first, setFirst] = useState(true);
  const [running, setRunning] = useState(!matchMedia('(prefers-reduced-motion: reduce)').matches);
  useEffect(() => {
    if (!running) return undefined;
    const timer = setInterval(() => setFirst((shown) => !shown), BLINK_MS);
    return () => clearInterval(timer);
  }, [running]);
  return html`<div class="compare-picture is-layered"><img src=${after.url} alt=${alt} /><img class="is-upper" style=${first ? '--share: 100%' : '--share: 0%'} src=${before.url} alt="" />
      <span class="compare-tag">${t(first ? 'compare.reference' : 'compare.latest')}</span></div>
    <p class="compare-steps"><button type="button" aria-pressed=${running} onClick=${() => setRunning(!running)}>${t(running ? 'compare.hold' : 'compare.go_on')}</button>
      <button type="button" onClick=${() => { setRunning(false); setFirst(!first); }}>${t('compare.other')}</button></p>`;
}

/** How sure the program is of what it took for normal, and what a person should look at. */
function Sureness({ normal, known, seen, keeper, busy, onConfirm }) {
  if (known?.confirmed_at) return html`<p class="sureness faint" data-sureness="confirmed">${t('compare.confirmed', { who: whoName(known.confirmed_by), at: dateTime(known.confirmed_at) })}</p>`;
  if (!normal && !known) return null;
  const state = normal?.sureness ?? 'unknown';
  return html`<div class="sureness is-open" data-sureness=${state}><p><b>${t('compare.unconfirmed')}</b> ${t(`compare.sureness.${state}`, { days: normal?.days ?? 0 })}
      ${keeper && known && seen && html` <button type="button" data-deed="confirm" disabled=${busy} onClick=${onConfirm}>${t('compare.confirm')}</button>`}</p>
    ${normal?.doubts.length > 0 && html`<p>${t('compare.doubts')}</p><ul>${normal.doubts.map((one) => html`<li key=${one.kind} data-doubt=${one.kind}><b>${faultName(one.kind)}</b> ${becauseWords(one.because)}</li>`)}</ul>`}</div>`;
}

export function Compare({ row, references, keeper, onDone }) {
  const { run, busy, problem } = useDeed();
  const [chosen, setChosen] = useState(null);
  const [way, setWay] = useState('beside');
  const [sure, setSure] = useState(false);
  const light = chosen ?? references.latest_light ?? references.items[0]?.light ?? 'day';
  const [picked, setPicked] = useState(null);
  const presets = references.presets;
  const standing = references.latest_preset === 'between' ? null : references.latest_preset;
  const preset = picked ?? standing ?? presets[0]?.preset ?? 'home';
  const elsewhere = presets.length > 0 && references.latest_preset !== null && references.latest_preset !== preset;
  const known = references.items.find((one) => one.preset === preset && one.light === light);
  const before = usePicture(known ? `${row.id} ${preset} ${light} ${known.at}` : null, (signal) => referenceOf(row.id, preset, light, signal));
  const after = usePicture(row.still_at ? `${row.id} ${row.still_at}` : null, (signal) => still(row.id, { signal }));
  const place = referencePath(row.id, preset, light);
  const nameOf = (wanted) => presets.find((one) => one.preset === wanted)?.name ?? wanted;
  const deed = async (what) => { if (await run(what) !== undefined) { setSure(false); onDone(); } };
  const both = before.url && after.url;
  const alt = t('tile.still_of', { name: row.name });
  const normal = references.normals.find((one) => one.preset === preset && one.light === light);
  const confirm = () => deed(() => put(`${place}/confirmed`, { taken_at: known.at }));
  const other = references.latest_light && references.latest_light !== light;
  return html`<section class="compare facts" aria-label=${t('compare.title')}>
    <header><h3>${t('compare.title')}</h3>
      <${Chips} label=${t('compare.light')} value=${light} onChange=${(next) => setChosen(next || light)} options=${LIGHTS.map((one) => [one, t(`compare.light.${one}`)])} />
      ${presets.length > 0 && html`<${Chips} label=${t('compare.preset')} value=${preset} onChange=${(next) => setPicked(next || preset)} options=${presets.map((one) => [one.preset, one.name])} />`}
      ${both && html`<${Chips} label=${t('compare.way')} value=${way} onChange=${(next) => setWay(next || way)} options=${WAYS.map((one) => [one, t(`compare.way.${one}`)])} />`}</header>
    ${elsewhere && html`<p class="told">${references.latest_preset === 'between' ? t('compare.between') : t('compare.other_preset', { name: nameOf(references.latest_preset) })}</p>`}
    ${other && html`<p class="told">${t('compare.other_light', { light: t(`compare.light.${references.latest_light}`) })}</p>`}
    ${both && way !== 'beside' ? html`<div class="compare-one">${way === 'slider' ? html`<${Slider} before=${before} after=${after} alt=${alt} />` : html`<${Blink} before=${before} after=${after} alt=${alt} />`}</div>`
    : html`<div class="compare-two"><${Frame} title=${t('compare.reference')} picture=${before} alt=${t('compare.reference')} none=${known ? null : t('compare.none')} />
        <${Frame} title=${t('compare.latest')} picture=${after} alt=${alt} none=${row.still_at ? null : t('still.none')} /></div>`}
    <${Sureness} normal=${normal} known=${known} seen=${before.url !== null} keeper=${keeper} busy=${busy} onConfirm=${confirm} />
    <footer><span class="faint">${known ? t(known.by_program ? 'compare.by_program' : 'compare.by_person', { who: whoName(known.chosen_by) }) : t('compare.none.next')}</span>
      ${keeper && html`<span class="push-end">${row.still_at && !elsewhere && !other && html`<button type="button" disabled=${busy} onClick=${() => deed(() => put(place))}>${t('compare.choose', { light: t(`compare.light.${light}`) })}</button>`}
        ${known && html` <button type="button" class="link danger-quiet" disabled=${busy} onBlur=${() => setSure(false)} onClick=${() => (sure ? deed(() => remove(place)) : setSure(true))}>${t(sure ? 'action.sure' : 'compare.take_out')}</button>`}</span>`}</footer>
    <${Problem} of=${problem} /></section>`;
}
