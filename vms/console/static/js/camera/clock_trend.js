// How a camera's clock went: its offset day by day within what is not known of it, and its mistake by name.
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Shown } from '../parts.js';
import { useResource } from '../resource.js';

const DAYS = 30;
const WARN_S = 5;
const FAR_S = 60;
const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT] = [640, 170, 76, 22, 8, 22];
const MOST_NAMES = 8;
const PLACES = 1;
const NAMED = ['utc_is_local_time', 'time_zone'];

export const seconds = (value) => `${value > 0 ? '+' : ''}${value.toFixed(PLACES)} s`;

function Line({ days }) {
  // Around what it shows, so that a drift is seen also far from right.
  const about = Math.abs(days.at(-1).mean_s) > FAR_S ? days.at(-1).mean_s : 0;
  const low = Math.min(about - WARN_S, ...days.map((day) => Math.min(day.least_s, day.mean_s - day.uncertainty_s)));
  const high = Math.max(about + WARN_S, ...days.map((day) => Math.max(day.most_s, day.mean_s + day.uncertainty_s)));
  const x = (n) => (days.length === 1 ? (LEFT + WIDTH - RIGHT) / 2 : LEFT + (n * (WIDTH - LEFT - RIGHT)) / (days.length - 1));
  const y = (value) => TOP + ((high - value) / (high - low)) * (HEIGHT - TOP - BOTTOM);
  const each = Math.max(1, Math.ceil(days.length / MOST_NAMES));
  const band = [...days.map((day, n) => `${x(n)},${y(day.mean_s + day.uncertainty_s)}`), ...days.map((day, n) => `${x(n)},${y(day.mean_s - day.uncertainty_s)}`).reverse()].join(' ');
  return html`<figure class="trend clock-trend"><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${t('clock.trend')}>
    ${[high, (high + low) / 2, low].map((value) => html`<g key=${value}><line x1=${LEFT} x2=${WIDTH - RIGHT} y1=${y(value)} y2=${y(value)} class="trend-grid" /><text x=${LEFT - 6} y=${y(value) + 4} text-anchor="end">${seconds(value)}</text></g>`)}
    ${days.map((day, n) => n % each === 0 && html`<text key=${day.day} x=${x(n)} y=${HEIGHT - 5} text-anchor="middle">${day.day.slice(5)}</text>`)}
    <polygon points=${band} class="clock-band" /><polyline points=${days.map((day, n) => `${x(n)},${y(day.mean_s)}`).join(' ')} />
    ${days.map((day, n) => html`<circle key=${day.day} cx=${x(n)} cy=${y(day.mean_s)} r="3"><title>${day.day} ${seconds(day.mean_s)} ± ${day.uncertainty_s.toFixed(PLACES)} s</title></circle>`)}</svg>
    <figcaption>${t('clock.band')}</figcaption></figure>`;
}

export function ClockTrend({ cameraId }) {
  const clock = useResource(`cameras/${cameraId}/clock`, { days: DAYS });
  return html`<section class="facts" data-part="clock"><h3>${t('clock.title')}</h3><${Shown} resource=${clock}>${(known) => html`<dl><div><dt>${t('camera.clock_offset')}</dt><dd>${known.offset_s === null ? '—' : seconds(known.offset_s)}${known.days.length > 0 && html` <small class="faint">± ${known.days.at(-1).uncertainty_s.toFixed(PLACES)} s</small>`}</dd></div>
      <div><dt>${t('clock.drift')}</dt><dd>${known.drift_s_per_day === null ? html`<span class="faint">${t('clock.too_few')}</span>` : t('clock.per_day', { n: seconds(known.drift_s_per_day) })}</dd></div></dl>
    ${NAMED.includes(known.mistake) && html`<p class="is-wrong">${t(`clock.${known.mistake}`)}</p>`}
    ${known.days.length === 0 ? html`<p class="faint">${t('clock.none')}</p>` : html`<${Line} days=${known.days} />`}<p class="faint">${t('clock.applied')}</p>`}<//></section>`;
}
