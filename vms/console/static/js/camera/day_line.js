// One day of a camera, hour by hour: its status, the faults of each layer, notices.
import { html } from '../html.js';
import { t, tOr } from '../i18n.js';
import { becauseWords, faultName, Shown } from '../parts.js';
import { useResource } from '../resource.js';
import { link } from '../router.js';
import { At, clockTime, duration } from '../time.js';

const LAYERS = ['network', 'control', 'stream', 'picture', 'recording'];
const HOURS = [0, 6, 12, 18, 24];

function Line({ label, from, to, pieces }) {
  const whole = to - from;
  return html`<div class="dayline"><span>${label}</span><div class="dayline-bar" role="img" aria-label=${pieces.map((piece) => piece.words).join(t('word.semicolon')) || t('calendar.nothing')}>
    ${pieces.map((piece) => html`<i key=${piece.key} class=${piece.tone} title=${piece.words} style=${`left:${((piece.from - from) / whole) * 100}%;width:${Math.max(0.25, ((piece.to - piece.from) / whole) * 100)}%`}></i>`)}</div></div>`;
}

const clipped = (from, to, start, end) => [Math.max(from, Date.parse(start)), Math.min(to, end ? Date.parse(end) : to)];
const stretch = (start, end) => `${clockTime(start)} – ${clockTime(end)}`;

function Lines({ history, camera, zone }) {
  const [from, told] = [Date.parse(history.from_at), Date.parse(history.to_at)];
  const to = Math.max(told, from + 24 * 3600 * 1000);
  const spans = history.spans.map((span) => ({ key: span.from_at, from: Date.parse(span.from_at), to: Date.parse(span.to_at), tone: `swatch-${span.status}`, words: `${t(`status.${span.status}`)} ${stretch(span.from_at, span.to_at)}` }));
  const piecesOf = (layer) => history.faults.filter((fault) => fault.layer === layer).map((fault) => {
    const [start, end] = clipped(from, told, fault.opened_at, fault.closed_at);
    return { key: fault.id, from: start, to: end, tone: `is-${fault.severity}`, words: `${faultName(fault.kind)} ${stretch(start, end)}` };
  });
  const notices = history.notices.map((notice) => {
    const [start, end] = clipped(from, to, notice.start_at, notice.end_at);
    return { key: notice.id, from: start, to: end, tone: 'heat-notice', words: `${t(`notice.${notice.kind}`)} ${stretch(start, end)}` };
  });
  return html`<div class="daylines"><${Line} label=${t('calendar.status')} from=${from} to=${to} pieces=${spans} />
    ${LAYERS.map((layer) => html`<${Line} key=${layer} label=${tOr(`layer.${layer}`, layer)} from=${from} to=${to} pieces=${piecesOf(layer)} />`)}
    ${notices.length > 0 && html`<${Line} label=${t('calendar.notice')} from=${from} to=${to} pieces=${notices} />`}
    <div class="dayline dayline-hours" aria-hidden="true"><span>${zone}</span><div>${HOURS.map((hour) => html`<time key=${hour} style=${`left:${(hour / 24) * 100}%`}>${String(hour).padStart(2, '0')}:00</time>`)}</div></div></div>
    ${history.faults.length === 0 ? html`<p class="faint">${t('camera.no_faults')}</p>` : html`<div class="table-box"><table class="list"><tbody>${history.faults.map((fault) => html`<tr key=${fault.id}><th scope="row">${faultName(fault.kind)}
      <small class="why">${becauseWords(fault.because)}</small></th><td><${At} at=${fault.opened_at} /></td><td>${fault.closed_at ? html`<${At} at=${fault.closed_at} />` : html`<b class="is-down-ink">${t('fault.open')}</b>`}</td>
      <td>${fault.closed_at && duration((Date.parse(fault.closed_at) - Date.parse(fault.opened_at)) / 1000)}</td><td>${fault.outage_id && html`<a href=${link('outages', { outage: fault.outage_id })}>${t('fault.fell_together')}</a>`}</td></tr>`)}</tbody></table></div>`}`;
}

export function DayLine({ camera, day, name, zone }) {
  const history = useResource(`cameras/${camera.row.id}/history`, { day });
  return html`<section class="history-day"><h3>${name}</h3><${Shown} resource=${history}>${(found) => html`<${Lines} history=${found} camera=${camera} zone=${zone} />`}<//></section>`;
}
