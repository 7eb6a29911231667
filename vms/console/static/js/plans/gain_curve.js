// Share against money: what each camera adds, the bound that nobody exceeds, and for two plans both lines.
import { html } from '../html.js';
import { t } from '../i18n.js';
import { percent } from '../parts.js';
import { money } from './plan_list.js';

const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT] = [460, 170, 44, 24, 10, 12];

/** lines: [{name, before, cameras, budget, bound, className}] */
export function GainCurve({ lines, chosen = null, onCamera = null }) {
  const most = Math.max(...lines.map((line) => line.budget), 0.01);
  const shares = lines.flatMap((line) => [line.before, line.bound, ...line.cameras.map((one) => one.share)]).filter((share) => share !== null && share !== undefined);
  const [low, high] = [Math.max(0, Math.min(...shares) - 0.02), Math.min(1, Math.max(...shares) + 0.02)];
  const x = (cost) => LEFT + (cost / most) * (WIDTH - LEFT - RIGHT);
  const y = (share) => TOP + ((high - share) / Math.max(high - low, 0.001)) * (HEIGHT - TOP - BOTTOM);
  return html`<figure class="trend gain-curve"><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${t('plan.curve')}>
    ${[high, (high + low) / 2, low].map((share) => html`<g key=${share}><line x1=${LEFT} x2=${WIDTH - RIGHT} y1=${y(share)} y2=${y(share)} class="trend-grid" />
      <text x=${LEFT - 6} y=${y(share) + 4} text-anchor="end">${(share * 100).toFixed(0)}%</text></g>`)}
    ${[0, most / 2, most].map((cost) => html`<text key=${cost} x=${x(cost)} y=${HEIGHT - 6} text-anchor=${cost === 0 ? 'start' : cost === most ? 'end' : 'middle'}>${money(cost)}</text>`)}
    ${lines.map((line) => html`<g key=${line.name} class=${line.className}><polyline points=${[[0, line.before], ...line.cameras.map((one) => [one.spent, one.share])].map(([cost, share]) => `${x(cost)},${y(share)}`).join(' ')} />
      ${line.bound !== null && html`<line x1=${x(0)} x2=${x(line.budget)} y1=${y(line.bound)} y2=${y(line.bound)} class="gain-bound"><title>${t('plan.bound')} ${percent(line.bound)}</title></line>`}
      ${line.cameras.map((one) => html`<circle key=${one.number} cx=${x(one.spent)} cy=${y(one.share)} r=${one.number === chosen ? 5.5 : 3.2} onClick=${() => onCamera?.(one.number)}><title>#${one.number} · ${money(one.spent)} · ${percent(one.share)}</title></circle>`)}</g>`)}</svg>
    <figcaption><span class="faint">${t('plan.curve')}</span>${lines.map((line) => html`<span key=${line.name} class=${line.className}>━ ${line.name}</span>`)}<span class="faint">┄ ${t('plan.bound')}</span></figcaption></figure>`;
}
