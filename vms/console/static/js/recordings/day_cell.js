// One day of recordings: a bar of what is recorded, expired and missing; the missing hours stand beside the colour.
import { html } from '../html.js';
import { t } from '../i18n.js';

const HOUR_S = 3600;
const WHOLE_S = 60;
export const DAY_PARTS = ['recorded', 'expired', 'missing'];
export const hours = (seconds) => (seconds / HOUR_S).toFixed(seconds < 10 * HOUR_S ? 1 : 0);

/** recorded, expired, missing, none (nothing was planned) or unknown. */
export function stateOf(day) {
  if (!day) return 'unknown';
  if (day.plan_s === 0) return 'none';
  if (day.missing_s >= WHOLE_S) return 'missing';
  return day.recorded_s >= day.expired_s ? 'recorded' : 'expired';
}

const SIGNS = { recorded: '✓', expired: '◦', none: '–', unknown: '?' };

export function inWords(name, day) {
  const state = stateOf(day);
  if (state === 'unknown' || state === 'none') return `${name}${t('word.colon')}${t(`recordings.day.${state}`)}`;
  return `${name}${t('word.colon')}${DAY_PARTS.filter((part) => day[`${part}_s`] >= 1).map((part) => t('recordings.part', { part: t(`recordings.day.${part}`), hours: hours(day[`${part}_s`]) })).join(t('word.comma'))}`;
}

export function DayCell({ name, day }) {
  const state = stateOf(day);
  const words = inWords(name, day);
  return html`<span class="rec-day is-${state}" role="img" aria-label=${words} title=${words} data-state=${state}>
    <b>${state === 'missing' ? hours(day.missing_s) : SIGNS[state]}</b><span class="rec-bar">${day && DAY_PARTS.map((part) => day[`${part}_s`] > 0 && html`<i key=${part} class="rec-${part}" style=${`flex:${day[`${part}_s`]}`}></i>`)}</span></span>`;
}

export function Legend() {
  return html`<p class="rec-legend">${DAY_PARTS.map((part) => html`<span key=${part}><i class="rec-${part}"></i>${t(`recordings.day.${part}`)}</span>`)}<span class="faint">– ${t('recordings.day.none')}</span><span class="faint">? ${t('recordings.day.unknown')}</span></p>`;
}
