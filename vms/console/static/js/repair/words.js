// Rules and service levels in words: what they hold for, how long, for whom.
import { html } from '../html.js';
import { t, tOr } from '../i18n.js';
import { severityName } from '../parts.js';

const HOUR_S = 3600;
const MINUTE_S = 60;

export const CLASSES = [1, 2, 3];
export const TIERS = ['government', 'unit', 'community', 'household'];
export const SEVERITIES = ['critical', 'major', 'minor'];
export const LAYERS = ['network', 'control', 'stream', 'picture', 'recording'];
export const className = (point_class) => t('repair.class', { n: point_class });

/** Whole hours as hours, else with minutes: 1.5 hours are not 1 hour. */
export function hoursInWords(seconds) {
  const [hours, minutes] = [Math.floor(seconds / HOUR_S), Math.round((seconds % HOUR_S) / MINUTE_S)];
  return [hours && t('time.hours', { n: hours }), (minutes || !hours) && t('time.minutes', { n: minutes })].filter(Boolean).join(' ');
}

const Any = () => html`<span class="faint">${t('repair.any')}</span>`;
/** A list in words; any where it is empty. */
export const Several = ({ words }) => (words.length ? words.join(t('word.comma')) : html`<${Any} />`);

export const Region = ({ code, regions }) => (code ? regions.nameOf(code) : html`<${Any} />`);
export const tierName = (tier) => tOr(`tier.${tier}`, tier);
export const layerName = (layer) => tOr(`layer.${layer}`, layer);
export { severityName };
