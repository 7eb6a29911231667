// Choices of several: chips for a few that are known, names that are added one by one for the many. None chosen means any.
import { html } from '../html.js';
import { t } from '../i18n.js';
import { RegionChoice } from '../region_choice.js';

const turned = (list, one) => (list.includes(one) ? list.filter((each) => each !== one) : [...list, one]);

/** `options`: [[value, words]]. */
export function ChipChoice({ label, options, value, onChange, name }) {
  return html`<fieldset class="several" data-field=${name}><legend>${label}</legend><div class="chips">${options.map(([one, words]) => html`<button type="button" key=${one} class="chip" data-value=${one}
    aria-pressed=${value.includes(one)} onClick=${() => onChange(turned(value, one))}>${words}</button>`)}</div>${value.length === 0 && html`<small class="faint">${t('several.any')}</small>`}</fieldset>`;
}

function Chosen({ value, nameOf, onChange }) {
  return value.map((one) => html`<button type="button" key=${one} class="chip" aria-pressed="true" aria-label=${t('several.without', { name: nameOf(one) })} onClick=${() => onChange(turned(value, one))}>${nameOf(one)} ✕</button>`);
}

export function RegionsChoice({ label, regions, value, onChange }) {
  return html`<fieldset class="several" data-field="regions"><legend>${label}</legend><div class="chips"><${Chosen} value=${value} nameOf=${regions.nameOf} onChange=${onChange} />
    <${RegionChoice} nodes=${regions.nodes} name="add_region" value="" onChange=${(code) => code && !value.includes(code) && onChange([...value, code])} /></div>
    ${value.length === 0 && html`<small class="faint">${t('several.any')}</small>`}</fieldset>`;
}

export function FirmsChoice({ label, firms, value, onChange }) {
  const nameOf = (id) => firms.find((firm) => firm.id === id)?.name ?? id;
  const left = firms.filter((firm) => !firm.retired_at && !value.includes(firm.id));
  return html`<fieldset class="several" data-field="maintainers"><legend>${label}</legend><div class="chips"><${Chosen} value=${value} nameOf=${nameOf} onChange=${onChange} />
    <select name="add_firm" aria-label=${label} value="" onChange=${(event) => event.target.value && onChange([...value, Number(event.target.value)])}><option value="">${t('several.add')}</option>
      ${left.map((firm) => html`<option key=${firm.id} value=${firm.id}>${firm.name}</option>`)}</select></div>${value.length === 0 && html`<small class="faint">${t('several.any')}</small>`}</fieldset>`;
}
