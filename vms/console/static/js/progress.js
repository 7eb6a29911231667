// How far long work is: a bar, how many of how many, how fast, how long it may still take.
import { html } from './html.js';
import { t } from './i18n.js';
import { duration } from './time.js';

/** `perS`: how many a second, `leftS`: seconds to go; null where nobody can tell. */
export function Progress({ done, total, unit, perS = null, leftS = null, state = 'running' }) {
  const share = total ? Math.min(1, done / total) : 0;
  const words = [t('progress.of', { done: done.toLocaleString(), total: total.toLocaleString(), unit }),
    perS && t('progress.rate', { n: perS >= 10 ? Math.round(perS) : perS.toFixed(1), unit }),
    leftS !== null && t('progress.left', { time: duration(leftS) })];
  return html`<div class="progress is-${state}"><div class="progress-bar" role="progressbar" aria-valuemin="0" aria-valuemax=${total} aria-valuenow=${done}>
    <i style=${{ width: `${share * 100}%` }}></i></div><p>${words.filter(Boolean).join(' · ')}</p></div>`;
}
