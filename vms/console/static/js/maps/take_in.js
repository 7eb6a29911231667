// A map file is dropped and told about: whose it is, which layers, which coordinates; then it is sent.
import { Problem, useDeed } from '../deed.js';
import { DropZone } from '../drop_zone.js';
import { html, useState } from '../html.js';
import { t } from '../i18n.js';
import { Bar } from './running.js';
import { sendFile } from './send_file.js';

const ACCEPTED = '.pbf,.geojson,.json';
const LAYERS = ['building', 'road', 'railway', 'place', 'land', 'waterway'];
const TIERS = ['government', 'unit', 'community', 'household'];
const SYSTEMS = ['wgs84', 'gcj02', 'bd09'];
const OSM = 'OpenStreetMap';
const isExtract = (file) => file.name.toLowerCase().endsWith('.pbf');

function About({ file, known, onEntered, onLeave }) {
  const extract = isExtract(file);
  const [source, setSource] = useState(extract ? OSM : file.name.split('.')[0].slice(0, 80));
  const [kind, setKind] = useState('town');
  const [layers, setLayers] = useState(LAYERS);
  const [sent, setSent] = useState(null);
  const { run, busy, problem } = useDeed();
  const drafts = kind === 'candidates';
  const toggle = (layer) => setLayers(layers.includes(layer) ? layers.filter((one) => one !== layer) : [...layers, layer]);
  function submit(event) {
    event.preventDefault();
    const form = new FormData(event.target);
    if (drafts) return take({ name: file.name, kind, tier: form.get('tier') || undefined, with_near: form.get('with_near') ? true : undefined });
    return take({ name: file.name, kind, source: source.trim(), coordinates: form.get('coordinates'), attribution: form.get('attribution'),
      layers: layers.length < LAYERS.length ? LAYERS.filter((one) => layers.includes(one)).join(',') : '', border: form.get('border').trim() || undefined, skip_bad: form.get('skip_bad') ? true : undefined });
  }
  async function take(query) {
    const entered = await run(() => sendFile('map/imports', file, query, setSent));
    setSent(null);
    if (entered) onEntered(entered);
  }
  return html`<form class="form-lines map-about" onSubmit=${submit}><header class="table-tools"><h3>${file.name} <small class="faint">${t('maps.size', { n: Math.max(0.1, file.size / 1e6).toFixed(1) })}</small></h3>
      <button type="button" class="small quiet push-end" disabled=${busy} onClick=${onLeave}>${t('import.other_file')}</button></header>
    ${extract && html`<fieldset class="row-checks"><legend>${t('maps.kind')}</legend>${['town', 'candidates'].map((one) => html`<label key=${one} class="check"><input type="radio" name="kind" value=${one}
      checked=${kind === one} disabled=${busy} onChange=${() => setKind(one)} /> ${t(`maps.kind.${one}`)}</label>`)}</fieldset>`}
    ${drafts ? html`<p class="faint">${t('maps.kind.candidates.hint')}</p><div class="map-fields"><label>${t('camera.tier')}<select name="tier" disabled=${busy}><option value="">${t('maps.tier.as_told')}</option>
        ${TIERS.map((tier) => html`<option key=${tier} value=${tier}>${t(`tier.${tier}`)}</option>`)}</select></label></div>
      <label class="check"><input type="checkbox" name="with_near" disabled=${busy} /> ${t('maps.with_near')}</label>` : html`<div class="map-fields"><label>${t('maps.source')}<input name="source" value=${source} required maxlength="80" disabled=${busy}
        onInput=${(event) => setSource(event.target.value)} /></label>
      <label>${t('maps.attribution')}<input name="attribution" maxlength="200" disabled=${busy} placeholder=${extract ? t('maps.attribution.osm') : ''} /></label>
      <label>${t('maps.border')}<input name="border" maxlength="80" disabled=${busy} placeholder=${t('maps.border.hint')} /></label>
      ${!extract && html`<label>${t('maps.coordinates')}<select name="coordinates" disabled=${busy}>${SYSTEMS.map((one) => html`<option key=${one} value=${one}>${t(`system.${one}`)}</option>`)}</select></label>`}</div>
    <p class="faint">${t(known.includes(source.trim()) ? 'maps.replaces' : 'maps.joins', { source: source.trim() })}</p>
    <fieldset class="row-checks"><legend>${t('maps.layers')}</legend>${LAYERS.map((layer) => html`<label key=${layer} class="check"><input type="checkbox" name="layer" value=${layer}
      checked=${layers.includes(layer)} disabled=${busy} onChange=${() => toggle(layer)} /> ${t(`maps.layer.${layer}`)}</label>`)}</fieldset>
    ${!extract && html`<label class="check"><input type="checkbox" name="skip_bad" disabled=${busy} /> ${t('maps.skip_bad')}</label>`}`}
    ${sent !== null && html`<${Bar} share=${sent} words=${t('maps.sending', { n: Math.round(sent * 100) })} />`}
    <${Problem} of=${problem} /><p class="row-end"><button type="submit" class="primary" data-deed="take-in" disabled=${busy || (!drafts && layers.length === 0)}>
      ${t(drafts ? 'maps.take_drafts' : 'maps.take_in')}</button></p></form>`;
}

export function TakeIn({ known, onEntered }) {
  const [file, setFile] = useState(null);
  const done = (entered) => { setFile(null); onEntered(entered); };
  return html`<section class="card"><h2>${t('maps.take_in')}</h2>${file
    ? html`<${About} key=${file.name} file=${file} known=${known} onEntered=${done} onLeave=${() => setFile(null)} />`
    : html`<${DropZone} label=${t('maps.drop')} hint=${t('maps.drop.hint')} accept=${ACCEPTED} onFile=${setFile} />`}</section>`;
}
