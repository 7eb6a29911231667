// One rule of what the network is asked to see, as a row: which ground, how well, by how many, when, what it is worth.
import { html } from '../html.js';
import { language, t } from '../i18n.js';
import { density, placeName } from '../parts.js';
import { RegionChoice } from '../region_choice.js';
import { GROUNDS, groundName } from './gap_list.js';

const LINES = ['main_road', 'street', 'lane'];
const ENTRANCES = ['unit_entrance', 'school_gate'];
const WHEN = ['always', 'day', 'night'];
const OTHER = 'other';
const MOST_VIEWS = 8;
const numberOf = (text) => (text === '' ? null : Number(text));
const RULE = /^rule (\d+)(?: \([a-z_]+\))?(?:: (\w+))?$/;
const FIELD = /^(\w+): /;

/** {rule, field} that a refusal names; null: it names none. */
export function placeOf(problem) {
  const found = RULE.exec(problem?.where ?? '');
  return found && { rule: Number(found[1]), field: found[2] ?? FIELD.exec(problem.told ?? '')?.[1] ?? 'ground' };
}

const className = (one) => (language() === 'zh' ? one.name_zh : one.name);

function Density({ rule, classes, onChange, label }) {
  const known = classes.find((one) => one.least_px_per_m === rule.px_per_m);
  const value = rule.px_per_m === 0 ? '0' : known ? String(known.least_px_per_m) : OTHER;
  return html`<span class="need-density"><select name="density" aria-label=${label} value=${value} onChange=${(event) => event.target.value !== OTHER && onChange(Number(event.target.value))}>
      <option value="0">${t('needs.exempt')}</option>${classes.map((one) => html`<option key=${one.name} value=${String(one.least_px_per_m)}>${className(one)}</option>`)}<option value=${OTHER} disabled=${value !== OTHER}>${t('needs.other')}</option></select>
    <span class="with-unit"><input type="number" step="any" min="0" name="px_per_m" aria-label="px/m" value=${rule.px_per_m ?? ''} onInput=${(event) => onChange(numberOf(event.target.value))} /> px/m</span></span>`;
}

function Beside({ rule, onChange }) {
  if (ENTRANCES.includes(rule.ground)) return html`<span class="with-unit">± <input type="number" step="any" min="0" name="beside_m" aria-label=${t('needs.beside')} value=${rule.beside_m ?? ''} onInput=${(event) => onChange({ beside_m: numberOf(event.target.value) })} /> m</span>`;
  if (LINES.includes(rule.ground) || rule.ground === 'railway') return html`<label class="inline"><input type="checkbox" name="each_side" checked=${rule.each_side} onChange=${(event) => onChange({ each_side: event.target.checked })} />${t('needs.each_side')}</label>`;
  return html`<span class="faint">—</span>`;
}

function Read({ rule, classes, nameOf }) {
  const known = classes.find((one) => one.least_px_per_m === rule.px_per_m);
  let beside = '—';
  if (ENTRANCES.includes(rule.ground)) beside = `± ${rule.beside_m} m`;
  else if (rule.each_side) beside = t('needs.each_side');
  return html`<td>${groundName(rule.ground)}</td><td>${rule.kinds.map(placeName).join(t('word.comma')) || t('needs.all')}</td><td>${rule.area ? nameOf(rule.area) : t('needs.everywhere')}</td>
    <td>${rule.px_per_m === 0 ? t('needs.exempt') : `${known ? `${className(known)} · ` : ''}${density(rule.px_per_m)}`}</td><td>${rule.views}</td><td>${t(`needs.when.${rule.when}`)}</td><td>${rule.weight}</td><td>${beside}</td>
    <td>${rule.target_percent === null ? '—' : `${rule.target_percent} %`}</td>`;
}

/** What belongs to another class of ground does not go with it. */
const withGround = (rule, ground) => ({ ...rule, ground, kinds: [], beside_m: ENTRANCES.includes(ground) ? rule.beside_m || 50 : 0, each_side: LINES.includes(ground) });

export function NeedRule({ rule, at, last, classes, regions, editable, wrong, onChange, onMove, onRemove }) {
  const row = (cells) => html`<tr data-rule=${at + 1} class=${wrong ? 'is-broken' : ''}><th scope="row">${at + 1}</th>${cells}</tr>`;
  if (!editable) return row(html`<${Read} rule=${rule} classes=${classes} nameOf=${regions.nameOf} />`);
  const set = (change) => onChange({ ...rule, ...change });
  const said = (...fields) => wrong && fields.includes(wrong.field) && html`<small class="is-wrong" role="alert">${wrong.words}</small>`;
  const kinds = (event) => set({ kinds: event.target.value.split(/[,，、\s]+/).filter(Boolean) });
  return row(html`<td><select name="ground" aria-label=${t('needs.ground')} value=${rule.ground} onChange=${(event) => onChange(withGround(rule, event.target.value))}>${GROUNDS.map((ground) => html`<option key=${ground} value=${ground}>${groundName(ground)}</option>`)}</select>${said('ground')}</td>
    <td><input name="kinds" class="need-kinds" aria-label=${t('needs.kinds')} placeholder=${t('needs.all')} value=${rule.kinds.join(', ')} onChange=${kinds} />${said('kinds')}</td>
    <td><${RegionChoice} nodes=${regions.nodes} value=${rule.area} onChange=${(area) => set({ area })} name="area" />${said('area')}</td>
    <td><${Density} rule=${rule} classes=${classes} label=${t('needs.density')} onChange=${(px_per_m) => set({ px_per_m })} />${said('px_per_m', 'density')}</td>
    <td><input type="number" min="1" max=${MOST_VIEWS} name="views" aria-label=${t('needs.views')} value=${rule.views ?? ''} onInput=${(event) => set({ views: numberOf(event.target.value) })} />${said('views')}</td>
    <td><select name="when" aria-label=${t('needs.when')} value=${rule.when} onChange=${(event) => set({ when: event.target.value })}>${WHEN.map((each) => html`<option key=${each} value=${each}>${t(`needs.when.${each}`)}</option>`)}</select>${said('when')}</td>
    <td><input type="number" step="any" min="0" name="weight" aria-label=${t('needs.weight')} value=${rule.weight ?? ''} onInput=${(event) => set({ weight: numberOf(event.target.value) })} />${said('weight')}</td>
    <td><${Beside} rule=${rule} onChange=${set} />${said('beside_m', 'each_side')}</td>
    <td><span class="with-unit"><input type="number" step="any" min="0" max="100" name="target_percent" aria-label=${t('needs.target')} value=${rule.target_percent ?? ''} onInput=${(event) => set({ target_percent: numberOf(event.target.value) })} /> %</span>${said('target_percent')}</td>
    <td class="need-deeds"><button type="button" class="quiet small" disabled=${at === 0} aria-label=${t('needs.up')} onClick=${() => onMove(-1)}>↑</button><button type="button" class="quiet small" disabled=${at === last} aria-label=${t('needs.down')} onClick=${() => onMove(1)}>↓</button><button type="button" class="quiet small" aria-label=${t('action.remove')} onClick=${onRemove}>✕</button></td>`);
}
