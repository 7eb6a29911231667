// The last 24 hours as a line: only what was counted; where nobody counted the line breaks.
import { html } from '../html.js';
import { t } from '../i18n.js';
import { percent } from '../parts.js';
import { dateTime } from '../time.js';

const [WIDTH, HEIGHT, EDGE] = [240, 44, 3];
const GAP_POINTS = 2.5;

/** Runs of [at in ms, share] without a gap. */
function runsOf(points, everyMs, share) {
  const runs = [];
  let before = null;
  for (const point of points) {
    const at = Date.parse(point.at);
    const value = share(point);
    if (value === null) { before = null; continue; }
    if (before === null || at - before > everyMs * GAP_POINTS) runs.push([]);
    runs.at(-1).push([at, value]);
    before = at;
  }
  return runs;
}

export function Sparkline({ trend, share, label }) {
  const runs = trend ? runsOf(trend.points, trend.every_s * 1000, share) : [];
  if (!runs.length) return html`<p class="spark is-empty">${t('board.no_trend')}</p>`;
  const [from, to] = [Date.parse(trend.from_at), Date.parse(trend.to_at)];
  const values = runs.flat().map(([, value]) => value);
  const low = Math.min(...values);
  const high = Math.max(...values, low + 0.01);
  const x = (at) => ((at - from) / (to - from)) * WIDTH;
  const y = (value) => HEIGHT - EDGE - ((value - low) / (high - low)) * (HEIGHT - 2 * EDGE);
  const [at, last] = runs.at(-1).at(-1);
  return html`<figure class="spark" title=${`${label}: ${percent(low)} – ${percent(Math.max(...values))}`}><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img"
      aria-label=${t('board.trend_words', { label, low: percent(low), last: percent(last), at: dateTime(at) })}>
      ${runs.map((run) => html`<polyline key=${run[0][0]} points=${(run.length > 1 ? run : [run[0], [run[0][0] + 1, run[0][1]]]).map(([when, value]) => `${x(when).toFixed(1)},${y(value).toFixed(1)}`).join(' ')} vector-effect="non-scaling-stroke" />`)}</svg>
    <figcaption>${t('board.last_day', { low: percent(low) })}</figcaption></figure>`;
}
