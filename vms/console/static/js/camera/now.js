// Now: the still, the layers of the last check, the camera's clock, open faults.
import { address, post } from '../api.js';
import { html, useState } from '../html.js';
import { t } from '../i18n.js';
import { becauseWords, faultName, percent, severityName } from '../parts.js';
import { Still } from '../still.js';
import { Age } from '../time.js';

const SIGN = { true: ['up', '✓'], false: ['down', '✕'], null: ['unknown', '?'] };

const SETS_CLOCKS = ['admin', 'operator', 'maintainer'];
const CLIP_S = 10;

function ClockRight({ id }) {
  const [said, setSaid] = useState('');
  const set = async () => {
    setSaid(t('camera.clock_setting'));
    try {
      await post(`cameras/${id}/clock`, {});
      setSaid(t('camera.clock_set'));
    } catch (error) { setSaid(error.message); }
  };
  return html` <button type="button" onClick=${set}>${t('camera.set_clock')}</button> <span role="status">${said}</span>`;
}

export function NowTab({ camera, user }) {
  const { watch, row, uptime } = camera;
  const clockWrong = Math.abs(watch.clock_offset_s ?? 0) > 5;
  const setsClock = clockWrong && row.tier === 'government' && SETS_CLOCKS.includes(user?.role);
  return html`<div class="now"><${Still} cameraId=${row.id} at=${row.still_at} name=${row.name} big />
    <section class="facts"><h3>${t('camera.layers')}</h3><ul class="layers">${watch.layers.map((each) => {
      const [state, sign] = SIGN[String(each.ok)];
      return html`<li key=${each.layer}><span class="status status-${state}"><i aria-hidden="true">${sign}</i></span><b>
        ${t(`layer.${each.layer}`)}</b><span>${each.ok !== null ? becauseWords(each.because) : each.because ? t('recordings.untold', { why: becauseWords(each.because) }) : t('layer.not_looked')}</span></li>`;
    })}</ul>
      <dl><div><dt>${t('camera.looked_at')}</dt><dd>${watch.looked_at ? html`<${Age} at=${watch.looked_at} />` : '—'}</dd></div>
      <div><dt>${t('camera.clock_offset')}</dt><dd class=${clockWrong ? 'is-wrong' : ''}>
        ${watch.clock_offset_s === null ? '—' : `${watch.clock_offset_s > 0 ? '+' : ''}${watch.clock_offset_s.toFixed(1)} s`}
        ${setsClock && html`<${ClockRight} id=${row.id} />`}</dd></div>
      <div><dt>${t('camera.uptime_day')}</dt><dd>${percent(uptime.day_share)}</dd></div><div><dt>${t('camera.uptime_week')}</dt><dd>
        ${percent(uptime.week_share)}</dd></div></dl>
      ${row.access.decision === 'allowed' && camera.streams.length > 0 && html`<p><a class="button" download
        href=${address(`cameras/${row.id}/clip`, { seconds: CLIP_S })}>${t('camera.clip', { n: CLIP_S })}</a></p>`}</section>
    <section class="facts"><h3>${t('camera.open_faults')}</h3>
      ${camera.faults.filter((each) => !each.closed_at).length === 0 ? html`<p class="faint">${t('camera.no_faults')}</p>`
      : html`<ul class="open-faults">${camera.faults.filter((each) => !each.closed_at).map((each) => html`<li key=${each.id}>
        <span class="severity severity-${each.severity}">${severityName(each.severity)}</span> <b>${faultName(each.kind)}
        </b> ${becauseWords(each.because)} · <${Age} at=${each.opened_at} /></li>`)}</ul>`}</section>
  </div>`;
}
