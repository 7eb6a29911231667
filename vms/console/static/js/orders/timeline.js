// What happened with an order: the stages of the work, and every step with who, when and what went with it.
import { html } from '../html.js';
import { language, t } from '../i18n.js';
import { stepNote, whoName } from '../parts.js';
import { useResource } from '../resource.js';
import { At, duration, shortDateTime } from '../time.js';

const STAGES = [['detected', 'detected_at'], ['assigned', 'assigned_at'], ['accepted', 'accepted_at'], ['on_site', 'on_site_at'],
  ['repaired', 'repaired_at'], ['verified', 'verified_at'], ['closed', 'closed_at']];
const TOLD_LATE_S = 120;
const PROGRAM = 'program';
/** A stage is narrow: day and time stand below each other. */
const inTwoLines = (at) => shortDateTime(at).split(/,? /).map((part) => html`<span>${part}</span>`);

export function Stages({ order }) {
  return html`<ol class="stages">${STAGES.map(([state, at]) => html`<li key=${state} class=${order[at] ? 'is-past' : ''} aria-current=${order.state === state ? 'step' : undefined}>
    <b>${state === 'repaired' ? t('orders.stage.repaired') : t(`order.state.${state}`)}</b><span>${order[at] ? html`<time datetime=${order[at]}>${inTwoLines(order[at])}</time>` : '—'}</span></li>`)}</ol>`;
}

function Content({ content, maintainers, reasons }) {
  const firm = maintainers.find((each) => each.id === content.maintainer_id)?.name ?? content.maintainer_id;
  const reason = reasons[content.reason]?.[language() === 'zh' ? 1 : 0] ?? content.reason;
  const words = [firm, content.crew, reason, content.remote && t('orders.remote'),
    ...['until', 'respond_by', 'repair_by'].filter((name) => content[name]).map((name) => `${t(`orders.${name}`)} ${shortDateTime(content[name])}`),
    ...(content.parts ?? []).map((part) => `${part.name}${part.count > 1 ? ` × ${part.count}` : ''}${part.serial_no ? ` (${part.serial_no})` : ''}`)].filter(Boolean);
  return words.length > 0 && html`<small class="why">${words.join(' · ')}</small>`;
}

export function Timeline({ steps, maintainers }) {
  const words = useResource('maintenance/words');
  const reasons = words.data?.suspension_reasons ?? {};
  const late = (step) => (Date.parse(step.told_at) - Date.parse(step.at)) / 1000;
  return html`<section><h3>${t('crew.steps')}</h3><ol class="order-timeline">${[...steps].reverse().map((step) => html`<li key=${step.id} data-step=${step.action}>
    <${At} at=${step.at} /><div><b>${t(`order.action.${step.action}`)}</b> <span class="faint">${step.who === PROGRAM ? t('crew.program') : whoName(step.who)}</span>
      ${step.who !== PROGRAM && late(step) > TOLD_LATE_S && html` <small class="faint">${t('orders.told_later', { age: duration(late(step)) })}</small>`}
      <${Content} content=${step.content} maintainers=${maintainers} reasons=${reasons} />${step.note && html`<p>${stepNote(step)}</p>`}</div></li>`)}</ol></section>`;
}
