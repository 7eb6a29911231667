// The time line below the map: the call, when it was opened, what was watched and where pictures were missing.
import { html, useRef, useState } from './html.js';
import { t } from './i18n.js';
import { At, clockTime, serverNow, useTick } from './time.js';

const LANES = 4;
const LEAST_MS = 60_000;

/** What was watched for this incident in this page: [{camera_id, name, from, to, state}]. */
export function useWatched(incidentId) {
  const log = useRef({ incidentId: null, openedAt: null, spans: [] });
  const [, count] = useState(0);
  if (log.current.incidentId !== incidentId) log.current = { incidentId, openedAt: incidentId ? serverNow() : null, spans: [] };
  function note(feed, state) {
    const { spans } = log.current;
    const open = spans.find((span) => span.camera_id === feed.camera_id && span.to === null);
    const watched = state === 'playing' || state === 'stalled';
    if (open && open.state === state) return;
    if (open) open.to = serverNow();
    if (watched) spans.push({ camera_id: feed.camera_id, name: feed.name, from: serverNow(), to: null, state });
    count((n) => n + 1);
  }
  return [log.current, note];
}

export function TimeLine({ incident, watched }) {
  useTick();
  const from = Date.parse(incident.reported_at);
  const to = Math.max(serverNow(), from + LEAST_MS);
  const at = (instant) => `${Math.min(100, Math.max(0, ((instant - from) / (to - from)) * 100)).toFixed(2)}%`;
  const lanes = [...new Map(watched.spans.map((span) => [span.camera_id, span.name])).entries()].slice(-LANES);
  return html`<section class="timeline" aria-label=${t('timeline.title')}>
    <div class="timeline-axis"><span><${At} at=${incident.reported_at} short /> ${t('timeline.call')}</span>
      <span>${t('timeline.now')} ${clockTime(serverNow())}</span></div>
    <div class="timeline-body">
      <i class="mark mark-call" style="left:0" title=${t('timeline.call')}></i>
      ${watched.openedAt && html`<i class="mark mark-opened ${(watched.openedAt - from) / (to - from) > 0.8 ? 'is-late' : ''}"
        style=${`left:${at(watched.openedAt)}`} title=${`${t('timeline.opened')} ${clockTime(watched.openedAt)}`}>
        <b>${t('timeline.opened')}</b></i>`}
      ${incident.closed_at && html`<i class="mark mark-closed" style=${`left:${at(Date.parse(incident.closed_at))}`} title=${t('timeline.closed')}></i>`}
      ${lanes.map(([id, name]) => html`<div class="lane" key=${id}>
        ${watched.spans.filter((span) => span.camera_id === id).map((span, n) => html`<i key=${n} class="span span-${span.state}"
          style=${`left:${at(span.from)};right:${`calc(100% - ${at(span.to ?? to)})`}`}
            title=${`${name} · ${t(`timeline.${span.state}`)} ${clockTime(span.from)}`}></i>`)}
        <span class="lane-name">${name}</span></div>`)}
      ${lanes.length === 0 && html`<p class="faint">${t('timeline.nothing')}</p>`}
    </div>
  </section>`;
}
