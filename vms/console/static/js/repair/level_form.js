// One service level: what it holds for, how soon, by which hours.
import { Drawer } from '../drawer.js';
import { html, useState } from '../html.js';
import { t } from '../i18n.js';
import { ChipChoice, FirmsChoice, RegionsChoice } from './choices.js';
import { CLASSES, className, SEVERITIES, severityName, TIERS, tierName } from './words.js';

const HOUR_S = 3600;
const MOST_HOURS = 8784;
const LEAST_S = 60;
const EMPTY = { name: '', fits: { point_classes: [], tiers: [], regions: [], severities: [], maintainers: [] }, respond_s: 4 * HOUR_S, repair_s: 24 * HOUR_S, many_from: null, many_repair_s: null, calendar: null };

const hours = (seconds) => (seconds === null ? '' : Math.round((seconds / HOUR_S) * 100) / 100);
const seconds = (text) => (text === '' ? null : Math.max(LEAST_S, Math.round(Number(text) * HOUR_S)));

/** {field: why} of what cannot be saved. */
function wrongs(level) {
  const found = {};
  if (level.repair_s < level.respond_s) found.repair_s = t('levels.repair_first');
  if (level.many_from !== null && level.many_repair_s === null) found.many_repair_s = t('levels.many_both');
  return found;
}

function Hours({ name, label, value, onChange, required = true, wrong }) {
  return html`<label>${label}<input type="number" name=${name} min="0.05" max=${MOST_HOURS} step="any" required=${required} value=${hours(value)} aria-invalid=${Boolean(wrong)} onInput=${(event) => onChange(seconds(event.target.value))} />
    ${wrong && html`<small class="is-wrong" role="alert">${wrong}</small>`}</label>`;
}

export function LevelForm({ level = EMPTY, n, firms, regions, calendars, onKeep, close }) {
  const [draft, setDraft] = useState(level);
  const set = (name) => (value) => setDraft({ ...draft, [name]: value });
  const fits = (name) => (value) => setDraft({ ...draft, fits: { ...draft.fits, [name]: value } });
  const wrong = wrongs(draft);
  const many = (text) => setDraft({ ...draft, many_from: text === '' ? null : Number(text), many_repair_s: text === '' ? null : draft.many_repair_s ?? 2 * draft.repair_s });
  function submit(event) {
    event.preventDefault();
    if (Object.keys(wrong).length) return;
    onKeep({ ...draft, name: draft.name.trim() });
    close();
  }
  return html`<${Drawer} title=${t('levels.one', { n: n + 1 })} close=${close}><form class="form-lines" onSubmit=${submit}>
    <label>${t('levels.name')}<input name="name" required maxlength="80" pattern=".*\\S.*" value=${draft.name} onInput=${(event) => set('name')(event.target.value)} /></label>
    <${ChipChoice} name="severities" label=${t('fault.severity')} options=${SEVERITIES.map((each) => [each, severityName(each)])} value=${draft.fits.severities} onChange=${fits('severities')} />
    <${ChipChoice} name="point_classes" label=${t('repair.point_class')} options=${CLASSES.map((each) => [each, className(each)])} value=${draft.fits.point_classes} onChange=${fits('point_classes')} />
    <${ChipChoice} name="tiers" label=${t('camera.tier')} options=${TIERS.map((each) => [each, tierName(each)])} value=${draft.fits.tiers} onChange=${fits('tiers')} />
    <${RegionsChoice} label=${t('camera.region')} regions=${regions} value=${draft.fits.regions} onChange=${fits('regions')} /><${FirmsChoice} label=${t('orders.maintainer')} firms=${firms} value=${draft.fits.maintainers} onChange=${fits('maintainers')} />
    <div class="form-pair"><${Hours} name="respond_s" label=${t('levels.respond_h')} value=${draft.respond_s} onChange=${set('respond_s')} /><${Hours} name="repair_s" label=${t('levels.repair_h')} value=${draft.repair_s} onChange=${set('repair_s')} wrong=${wrong.repair_s} /></div>
    <div class="form-pair"><label>${t('levels.many_from')}<input type="number" name="many_from" min="2" max="1000000" value=${draft.many_from ?? ''} onInput=${(event) => many(event.target.value)} /></label>
      ${draft.many_from !== null && html`<${Hours} name="many_repair_s" label=${t('levels.many_repair_h')} value=${draft.many_repair_s} onChange=${set('many_repair_s')} wrong=${wrong.many_repair_s} />`}</div>
    <label>${t('levels.calendar')}<select name="calendar" value=${draft.calendar ?? ''} onChange=${(event) => set('calendar')(event.target.value || null)}><option value="">${t('levels.firms_hours')}</option>${calendars.map((each) => html`<option key=${each.id} value=${each.name}>${each.name}</option>`)}</select></label>
    <p class="faint">${t('levels.form_hint')}</p>
    <div class="row-end"><button type="button" class="quiet" onClick=${close}>${t('action.cancel')}</button><button type="submit" class="primary">${t('repair.keep')}</button></div></form><//>`;
}
