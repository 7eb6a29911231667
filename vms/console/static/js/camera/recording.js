// Recording: the camera's days with their gaps, what was told last, whether a moment of it really plays, its caption, clock and head.
import { post } from '../api.js';
import { Problem, useDeed } from '../deed.js';
import { html, useState } from '../html.js';
import { t } from '../i18n.js';
import { becauseWords, Shown } from '../parts.js';
import { DayCell, hours, Legend, stateOf } from '../recordings/day_cell.js';
import { useResource } from '../resource.js';
import { said } from '../said.js';
import { Age, At } from '../time.js';
import { ClockTrend } from './clock_trend.js';

const KEEPERS = ['admin', 'maintainer'];
const DAY_S = 86400;
const two = (n) => String(n).padStart(2, '0');
const clock = (s) => `${two(Math.floor(s / 3600))}:${two(Math.floor(s / 60) % 60)}`;
const dash = html`<span class="faint">—</span>`;

/** The gaps of the day that is chosen, as a bar of the day and in words. */
function Gaps({ day }) {
  if (stateOf(day) !== 'missing') return html`<p class="faint">${t('recordings.no_gaps', { day: day.day })}</p>`;
  return html`<div class="rec-gaps"><h4>${t('recordings.gaps', { day: day.day, hours: hours(day.missing_s) })}</h4><span class="day-bar rec-line" aria-hidden="true">${day.gaps.map(([from, until]) => html`<i key=${from} style=${`left:${(from / DAY_S) * 100}%;width:max(2px,${((until - from) / DAY_S) * 100}%)`}></i>`)}</span>
    <ul>${[...day.gaps].sort((a, b) => a[0] - b[0]).map(([from, until]) => html`<li key=${from}>${clock(from)}–${clock(until)}</li>`)}</ul></div>`;
}

function Days({ known }) {
  const last = known.days.findLast((day) => stateOf(day) === 'missing') ?? known.days.at(-1);
  const [chosen, choose] = useState(null);
  const open = known.days.find((day) => day.day === chosen) ?? last;
  if (!open) return html`<p class="faint">${t('recordings.no_days')}</p>`;
  return html`<${Legend} /><div class="rec-days">${known.days.map((day) => html`<button type="button" key=${day.day} data-day=${day.day} aria-pressed=${day === open} onClick=${() => choose(day.day)}><small>${day.day.slice(5)}</small><${DayCell} name=${day.day} day=${day} /></button>`)}</div><${Gaps} day=${open} />`;
}

function playWords(check) {
  if (check.played_ok === null && !check.play_because) return dash;
  if (check.played_ok && !check.play_failures) return html`✓ ${t('recordings.plays')} <${Age} at=${check.played_at} />${check.play_because && html` <small class="faint">${becauseWords(check.play_because)}</small>`}`;
  return html`<span class=${check.play_failures ? 'is-wrong' : ''}>${check.play_failures ? t('recordings.plays_not', { n: check.play_failures }) : t('recordings.play_untold')}</span> <small class="faint">${becauseWords(check.play_because)}</small>`;
}

function Told({ check }) {
  const rows = [[t('recordings.looked'), html`<${Age} at=${check.checked_at} />`], [t('recordings.source'), check.source ? t(`recordings.source.${check.source}`) : dash], [t('recordings.oldest'), html`<${At} at=${check.oldest_at} />`],
    [t('recordings.kept'), check.days_kept === null ? dash : t('time.days', { n: check.days_kept })], [t('recordings.sample'), playWords(check)], [t('recordings.sample_of'), html`<${At} at=${check.play_of} />`]];
  return html`${check.because && html`<p class="is-wrong">${t('recordings.untold', { why: becauseWords(check.because) })}</p>`}<dl>${rows.map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function Caption({ caption }) {
  const word = (ok) => (ok === null ? dash : ok ? t('recordings.right') : html`<span class="is-wrong">${t('recordings.wrong')}</span>`);
  return html`<section class="facts"><h3>${t('recordings.caption')}</h3><dl><div><dt>${t('recordings.texts')}</dt><dd>${caption.texts.join(' / ') || dash}</dd></div><div><dt>${t('recordings.name')}</dt><dd>${word(caption.name_ok)}</dd></div>
    <div><dt>${t('recordings.clock')}</dt><dd>${word(caption.clock_ok)}</dd></div></dl>${caption.because && html`<p class="faint">${said(becauseWords(caption.because))}</p>`}</section>`;
}

function Turning({ cameraId, keeper }) {
  const turning = useResource(`cameras/${cameraId}/turning`, {}, { refreshOn: ['fault.'] });
  const { run, busy, problem } = useDeed();
  const turn = async () => { if (await run(() => post(`cameras/${cameraId}/turning`, {})) !== undefined) turning.reload(); };
  const known = turning.data;
  if (!known?.can_turn) return null;
  const state = known.ok === null ? t('turning.untold') : known.ok ? t('turning.ok') : t('turning.fails');
  return html`<section class="facts" data-part="turning"><h3>${t('turning.title')}</h3><p class=${known.ok === false ? 'is-wrong' : ''}>${state} ${known.checked_at && html`<${Age} at=${known.checked_at} />`}</p>
    ${known.because && html`<p class="faint">${becauseWords(known.because)}</p>`}${known.is_away && html`<p class="is-wrong">${t('turning.away')}</p>`}
    ${keeper && html`<div><button type="button" class="small" data-deed="turn" disabled=${busy} onClick=${turn}>${busy ? t('turning.turns') : t('turning.now')}</button> <small class="faint">${t('turning.hint')}</small></div>`}<${Problem} of=${problem} /></section>`;
}

export function RecordingTab({ camera, user }) {
  const { id } = camera.row;
  const recordings = useResource(`cameras/${id}/recordings`, {}, { refreshOn: ['fault.'] });
  const { run, busy, problem } = useDeed();
  const keeper = KEEPERS.includes(user.role) && !user.maintainer_id;
  const ask = (deed) => async () => { if (await run(() => post(`cameras/${id}/recordings/${deed}`, {})) !== undefined) recordings.reload(); };
  const button = (deed, words) => html`<button type="button" class="small" data-deed=${deed} disabled=${busy} onClick=${ask(deed)}>${words}</button>`;
  return html`<div class="table-tools"><h2>${t('recordings.days')}</h2>${keeper && html`${button('check', t('recordings.look_now'))}${button('play', t('recordings.play_now'))}`}${busy && html`<span role="status">${t('recordings.looking')}</span>`}<${Problem} of=${problem} /></div>
    <${Shown} resource=${recordings}>${(known) => html`<${Days} known=${known} /><div class="rec-two"><section class="facts"><h3>${t('recordings.told')}</h3>${known.check ? html`<${Told} check=${known.check} />` : html`<p class="faint">${t('recordings.never')}</p>`}</section>
      <${ClockTrend} cameraId=${id} />${known.caption && html`<${Caption} caption=${known.caption} />`}<${Turning} cameraId=${id} keeper=${keeper} /></div>`}<//>`;
}
