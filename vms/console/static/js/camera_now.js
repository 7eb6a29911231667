// Now: the still, the layers of the last check, the camera's clock, open faults.
import { html } from './html.js';
import { t } from './i18n.js';
import { becauseWords, faultName, percent, severityName } from './parts.js';
import { Still } from './still.js';
import { Age } from './time.js';

const SIGN = { true: ['up', '✓'], false: ['down', '✕'], null: ['unknown', '?'] };

export function NowTab({ camera }) {
  const { watch, row, uptime } = camera;
  return html`<div class="now"><${Still} cameraId=${row.id} at=${row.still_at} name=${row.name} big />
    <section class="facts"><h3>${t('camera.layers')}</h3><ul class="layers">${watch.layers.map((each) => {
      const [state, sign] = SIGN[String(each.ok)];
      return html`<li key=${each.layer}><span class="status status-${state}"><i aria-hidden="true">${sign}</i></span><b>
        ${t(`layer.${each.layer}`)}</b><span>${each.ok === null ? t('layer.not_looked') : becauseWords(each.because)}</span></li>`;
    })}</ul>
      <dl><div><dt>${t('camera.looked_at')}</dt><dd>${watch.looked_at ? html`<${Age} at=${watch.looked_at} />` : '—'}</dd></div>
      <div><dt>${t('camera.clock_offset')}</dt><dd class=${Math.abs(watch.clock_offset_s ?? 0) > 5 ? 'is-wrong' : ''}>
        ${watch.clock_offset_s === null ? '—' : `${watch.clock_offset_s > 0 ? '+' : ''}${watch.clock_offset_s.toFixed(1)} s`}</dd></div>
      <div><dt>${t('camera.uptime_day')}</dt><dd>${percent(uptime.day_share)}</dd></div><div><dt>${t('camera.uptime_week')}</dt><dd>
        ${percent(uptime.week_share)}</dd></div></dl></section>
    <section class="facts"><h3>${t('camera.open_faults')}</h3>
      ${camera.faults.filter((each) => !each.closed_at).length === 0 ? html`<p class="faint">${t('camera.no_faults')}</p>`
      : html`<ul class="open-faults">${camera.faults.filter((each) => !each.closed_at).map((each) => html`<li key=${each.id}>
        <span class="severity severity-${each.severity}">${severityName(each.severity)}</span> <b>${faultName(each.kind)}
        </b> ${becauseWords(each.because)} · <${Age} at=${each.opened_at} /></li>`)}</ul>`}</section>
  </div>`;
}
