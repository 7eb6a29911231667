// The days of the period as lines: online, intact, picture; told apart by dashes and words too; a point opens its day.
import { html } from '../html.js';
import { t } from '../i18n.js';

const LINES = { online_rate: '', intact_rate: '7 4', image_quality_rate: '2 3' };
const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT] = [640, 170, 46, 22, 8, 22];
const LOWEST = 0.98;
const MOST_NAMES = 8;

/** Runs of days that are told, so that a gap stays a gap. */
function runsOf(points) {
  const runs = [[]];
  for (const point of points) {
    if (point.share === null) runs.push([]);
    else runs.at(-1).push(point);
  }
  return runs.filter((run) => run.length);
}

const percent = (share) => `${(share * 100).toFixed(2)} %`;

/** A point leads to its day. */
export function Trend({ days, methods, nameOf, dayLink }) {
  const shares = days.flatMap((day) => Object.keys(LINES).map((name) => day[name])).filter((share) => share !== null);
  if (shares.length === 0) return html`<p class="faint">${t('assessment.no_trend')}</p>`;
  const low = Math.max(0, Math.floor(Math.min(LOWEST, ...shares) * 20) / 20);
  const x = (n) => (days.length === 1 ? (LEFT + WIDTH - RIGHT) / 2 : LEFT + (n * (WIDTH - LEFT - RIGHT)) / (days.length - 1));
  const y = (share) => TOP + ((1 - share) / (1 - low)) * (HEIGHT - TOP - BOTTOM);
  const each = Math.max(1, Math.ceil(days.length / MOST_NAMES));
  return html`<figure class="trend"><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${t('assessment.trend')}>
    ${[1, (1 + low) / 2, low].map((share) => html`<g key=${share}><line x1=${LEFT} x2=${WIDTH - RIGHT} y1=${y(share)} y2=${y(share)} class="trend-grid" />
      <text x=${LEFT - 6} y=${y(share) + 4} text-anchor="end">${(share * 100).toFixed(low > 0.9 ? 1 : 0)}%</text></g>`)}
    ${days.map((day, n) => n % each === 0 && html`<text key=${day.day} x=${x(n)} y=${HEIGHT - 5} text-anchor="middle">${day.day.slice(5)}</text>`)}
    ${Object.entries(LINES).map(([name, dash]) => runsOf(days.map((day, n) => ({ n, day: day.day, share: day[name] }))).map((run) => html`<g key=${`${name} ${run[0].n}`} class="trend-${name}">
      <polyline points=${run.map((point) => `${x(point.n)},${y(point.share)}`).join(' ')} stroke-dasharray=${dash} />
      ${run.map((point) => html`<a key=${point.n} href=${dayLink(point.day)} data-day=${point.day} aria-label=${`${point.day} ${nameOf(methods[name])} ${percent(point.share)}`}><circle cx=${x(point.n)} cy=${y(point.share)} r="3.5"><title>${point.day} ${nameOf(methods[name])} ${percent(point.share)}</title></circle></a>`)}</g>`))}</svg>
    <figcaption>${Object.entries(LINES).map(([name, dash]) => html`<span key=${name} class="trend-${name}"><svg viewBox="0 0 30 8" aria-hidden="true"><polyline points="0,4 30,4" stroke-dasharray=${dash} /></svg>
      ${nameOf(methods[name])}</span>`)}</figcaption></figure>`;
}
