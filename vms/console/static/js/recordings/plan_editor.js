// One plan of recording: which cameras it fits, when they record in the week, how long that is kept.
import { html } from '../html.js';
import { t } from '../i18n.js';
import { ChipChoice, RegionsChoice } from '../repair/choices.js';
import { DayBar, SpansInput, spansInWords } from '../repair/spans.js';
import { CLASSES, className, TIERS, tierName } from '../repair/words.js';

const HOURS = [0, 6, 12, 18, 24];
const DAY_AND_NIGHT = [[0, 1440]];
const MOST_DAYS = 3650;

export const weekday = (n) => t(`weekday.${n}`);

function Week({ week, editable, onWeek }) {
  const set = (n) => (spans) => onWeek(week.map((each, at) => (at === n ? spans : each)));
  return html`<section class="facts"><header class="table-tools"><h3>${t('plans.week')}</h3>${editable && html`<span class="push-end chips"><button type="button" class="small quiet" data-deed="as_monday" onClick=${() => onWeek(week.map(() => week[0]))}>${t('plans.as_monday')}</button>
      <button type="button" class="small quiet" data-deed="always" onClick=${() => onWeek(week.map(() => DAY_AND_NIGHT))}>${t('plans.always')}</button></span>`}</header>
    <div class="week-grid"><span></span><span class="day-hours" aria-hidden="true">${HOURS.map((hour) => html`<i key=${hour}>${hour}</i>`)}</span><span></span>${week.map((spans, n) => html`<b key=${`name ${n}`}>${weekday(n)}</b><${DayBar} spans=${spans} label=${weekday(n)} />
      ${editable ? html`<${SpansInput} name=${n} spans=${spans} label=${weekday(n)} onChange=${set(n)} />` : html`<span>${spansInWords(spans) || t('spans.none')}</span>`}`)}</div></section>`;
}

function Days({ name, label, hint, value, editable, onValue }) {
  return html`<label>${label}<input name=${name} type="number" min="0" max=${MOST_DAYS} value=${value ?? ''} disabled=${!editable} placeholder=${hint} onInput=${(event) => onValue(event.target.value === '' ? null : Number(event.target.value))} /></label>`;
}

export function PlanEditor({ plan, n, count, editable, regions, onPlan, onShift, onRemove }) {
  const set = (name) => (value) => onPlan({ ...plan, [name]: value });
  const fit = (name) => (value) => onPlan({ ...plan, fits_now: null, fits: { ...plan.fits, [name]: value } });
  const cameras = plan.fits.cameras.length;
  return html`<div class="calendar-editor" data-plan-open=${n}><header class="table-tools"><label class="inline">${t('plans.name')}<input name="name" required maxlength="80" value=${plan.name} disabled=${!editable} onInput=${(event) => set('name')(event.target.value)} /></label>
      ${editable && html`<span class="push-end chips"><button type="button" class="small quiet" data-deed="up" disabled=${n === 0} aria-label=${t('order_of.up')} onClick=${() => onShift(-1)}>↑</button><button type="button" class="small quiet" data-deed="down" disabled=${n === count - 1}
        aria-label=${t('order_of.down')} onClick=${() => onShift(1)}>↓</button><button type="button" class="small danger-quiet" data-deed="remove" onClick=${onRemove}>${t('action.remove')}</button></span>`}</header>
    <section class="facts"><h3>${t('plans.fits')}</h3><div class="plan-fits"><${ChipChoice} name="tiers" label=${t('camera.tier')} options=${TIERS.map((each) => [each, tierName(each)])} value=${plan.fits.tiers} onChange=${editable ? fit('tiers') : () => {}} />
      <${ChipChoice} name="point_classes" label=${t('repair.point_class')} options=${CLASSES.map((each) => [each, className(each)])} value=${plan.fits.point_classes} onChange=${editable ? fit('point_classes') : () => {}} />
      <${RegionsChoice} label=${t('camera.region')} regions=${regions} value=${plan.fits.regions} onChange=${editable ? fit('regions') : () => {}} /></div>${cameras > 0 && html`<p class="note">${t('plans.cameras', { n: cameras })}</p>`}
      ${plan.fits_now !== null && html`<p class=${plan.fits_now === 0 ? 'is-wrong' : 'faint'} data-fits-now=${plan.fits_now}>${plan.fits_now === 0 ? t('plans.fits_nobody') : t('plans.fits_now', { n: plan.fits_now.toLocaleString() })}</p>`}</section>
    <${Week} week=${plan.week} editable=${editable} onWeek=${set('week')} />
    <section class="facts"><h3>${t('plans.kept')}</h3><div class="form-pair"><${Days} name="days_least" label=${t('plans.days_least')} hint=${t('plans.as_record')} value=${plan.days_least} editable=${editable} onValue=${set('days_least')} />
      <${Days} name="days_most" label=${t('plans.days_most')} hint=${t('plans.no_limit')} value=${plan.days_most} editable=${editable} onValue=${set('days_most')} /></div></section></div>`;
}
