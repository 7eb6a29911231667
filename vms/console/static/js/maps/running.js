// One import of a map: how far it is, what it brought, or why it failed.
import { html, useEffect } from '../html.js';
import { t } from '../i18n.js';
import { Shown } from '../parts.js';
import { useResource } from '../resource.js';
import { said } from '../said.js';
import { clockTime } from '../time.js';

const TOWN = ['building', 'road', 'railway', 'place', 'land', 'waterway', 'added', 'changed', 'removed', 'left_out', 'barriers_off_roads', 'barriers_of_no_kind'];
export const WRONG = ['left_out', 'barriers_off_roads', 'barriers_of_no_kind'];
const CANDIDATES = ['found', 'drafts', 'known', 'near'];
/** A longer line is opened by whoever wants to read all of it. */
const SHORT = 120;
const UNDER_WAY = ['waiting', 'reading'];
const LOOK = { waiting: 'waiting', reading: 'running', failed: 'failed', current: 'done', done: 'done' };

export const isUnderWay = (one) => UNDER_WAY.includes(one.state);

export const Bar = ({ share, words }) => html`<div class="progress"><div class="progress-bar" role="progressbar" aria-valuemin="0" aria-valuemax="100" aria-valuenow=${Math.round(share * 100)}>
  <i style=${{ width: `${share * 100}%` }}></i></div><p role="status">${words}</p></div>`;

/** Who reads it is known to be gone, or will be waited for. */
export const Held = ({ one }) => one.state === 'reading' && html`<small class="why ${one.reader_gone ? 'is-wrong' : ''}">${one.reader_gone ? t('maps.reader_gone') : one.held_until && t('maps.held', { until: clockTime(one.held_until) })}</small>`;

export const State = ({ one }) => html`<span class="work-state is-${LOOK[one.state] ?? 'unknown'}" data-state=${one.state}>${t(`maps.state.${one.state}`)}</span>`;

function Counts({ one }) {
  const names = (one.kind === 'candidates' ? CANDIDATES : TOWN).filter((name) => name in one.counts);
  return names.length > 0 && html`<ul class="import-counts">${names.map((name) => html`<li key=${name} data-count=${name} class=${WRONG.includes(name) ? 'is-wrong' : ''}>
    <b>${one.counts[name].toLocaleString()}</b><span>${t(`maps.count.${name}`)}</span></li>`)}</ul>`;
}

/** What is wrong with the file, or with what was left out of it and with what of it does nothing, a line each. */
export const Wrong = ({ one }) => one.problem && one.problem.split('\n').map((line, at) => {
  const words = `${at === 0 && 'left_out' in one.counts ? `${t('maps.left_out')} ` : ''}${said(line)}`;
  if (words.length <= SHORT) return html`<p key=${at} class="problem">${words}</p>`;
  return html`<details key=${at} class="problem"><summary>${words.slice(0, SHORT)}…</summary>${words}</details>`;
});

export function Running({ id, onOver, onLeave }) {
  const entered = useResource(`map/imports/${id}`, {}, { refreshOn: ['map.changed'], everyS: 1 });
  const over = Boolean(entered.data && !isUnderWay(entered.data));
  useEffect(() => { if (over) onOver(); }, [over]);
  return html`<section class="card map-running" data-import=${id}><${Shown} resource=${entered}>${(one) => html`<header class="table-tools"><h2>${one.file_name} → ${one.kind === 'candidates' ? t('maps.candidates') : one.source}
      <${State} one=${one} /></h2>${!isUnderWay(one) && html`<button type="button" class="small quiet push-end" aria-label=${t('action.close')} onClick=${onLeave}>✕</button>`}</header>
    ${isUnderWay(one) && html`<${Bar} share=${one.progress} words=${one.state === 'waiting' ? t('maps.waits') : t('maps.reading', { n: Math.round(one.progress * 100) })} />`}
    <${Held} one=${one} /><${Counts} one=${one} /><${Wrong} one=${one} />`}<//></section>`;
}
