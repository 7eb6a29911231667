// One rule of assignment: what it holds for, and who is sent.
import { Drawer } from '../drawer.js';
import { html, useState } from '../html.js';
import { t } from '../i18n.js';
import { RegionChoice } from '../region_choice.js';
import { CLASSES, className, layerName, LAYERS, TIERS, tierName } from './words.js';

const EMPTY = { region_code: '', tier: null, point_class: null, owner_id: null, layer: null, maintainer_id: null, crew: '' };

function Choice({ name, label, value, options, onChange, required = false }) {
  return html`<label>${label}<select name=${name} required=${required} value=${value ?? ''} onChange=${(event) => onChange(event.target.value)}><option value="">${required ? '' : t('repair.any')}</option>
    ${options.map(([key, words]) => html`<option key=${key} value=${key}>${words}</option>`)}</select></label>`;
}

export function RuleForm({ rule = EMPTY, n, firms, regions, owners, onKeep, close }) {
  const [draft, setDraft] = useState(rule);
  const set = (name, read = (text) => text || null) => (value) => setDraft({ ...draft, [name]: read(value) });
  const number = (text) => (text ? Number(text) : null);
  const crews = firms.find((firm) => firm.id === draft.maintainer_id)?.crews ?? [];
  function submit(event) {
    event.preventDefault();
    onKeep(draft);
    close();
  }
  return html`<${Drawer} title=${t('rules.one', { n: n + 1 })} close=${close}><form class="form-lines" onSubmit=${submit}><p class="note">${t('rules.form_hint')}</p>
    <label>${t('camera.region')}<${RegionChoice} nodes=${regions.nodes} value=${draft.region_code} onChange=${set('region_code', (text) => text)} /></label>
    <div class="form-pair"><${Choice} name="tier" label=${t('camera.tier')} value=${draft.tier} options=${TIERS.map((each) => [each, tierName(each)])} onChange=${set('tier')} />
      <${Choice} name="point_class" label=${t('repair.point_class')} value=${draft.point_class} options=${CLASSES.map((each) => [each, className(each)])} onChange=${set('point_class', number)} /></div>
    <div class="form-pair"><${Choice} name="owner_id" label=${t('assessment.by.owner')} value=${draft.owner_id} options=${owners.map((each) => [each.key, each.name || each.key])} onChange=${set('owner_id', number)} />
      <${Choice} name="layer" label=${t('repair.layer')} value=${draft.layer} options=${LAYERS.map((each) => [each, layerName(each)])} onChange=${set('layer')} /></div>
    <div class="form-pair"><${Choice} name="maintainer_id" label=${t('rules.sent')} required=${true} value=${draft.maintainer_id} options=${firms.filter((firm) => !firm.retired_at).map((firm) => [firm.id, firm.name])}
        onChange=${(text) => setDraft({ ...draft, maintainer_id: number(text), crew: '' })} />
      <label>${t('orders.crew')}<select name="crew" value=${draft.crew} onChange=${(event) => set('crew', (text) => text)(event.target.value)}><option value="">${t('repair.office_of_firm')}</option>${crews.map((each) => html`<option key=${each} value=${each}>${each}</option>`)}</select></label></div>
    <div class="row-end"><button type="button" class="quiet" onClick=${close}>${t('action.cancel')}</button><button type="submit" class="primary">${t('repair.keep')}</button></div></form><//>`;
}
