// The ring of an incident: by which way, how far by now, which ways out are watched, where it leaks, where it would close.
import { html, useEffect, useRef, useState } from '../html.js';
import { t } from '../i18n.js';
import { useKeys } from '../keys.js';
import { Chips, Failed, Loading } from '../parts.js';
import { useResource } from '../resource.js';
import { boundsOf } from '../town_map.js';
import { MINUTE_COLOURS, minuteText, RingLayers } from './ring_layers.js';

const TRAVELS = ['car', 'bicycle', 'walk'];
const FANS = { car: [1, 3, 5, 10], bicycle: [5, 10, 15], walk: [5, 10, 15] };
const EVERY_S = 20;
const MOST_ROWS = 60;

/** Asks as long as it is `shown`; the area grows while nobody is caught. */
export function useIncidentRing(incidentId, shown) {
  const [travel, setTravel] = useState('car');
  const path = shown && incidentId ? `incidents/${incidentId}/ring` : null;
  const asked = useResource(path, { minutes: FANS[travel].join(','), travel, shapes: true }, { everyS: EVERY_S, refreshOn: ['coverage.measured', 'map.changed'] });
  const data = shown && asked.data?.incident_id === incidentId && asked.data.travel === travel ? asked.data : null;
  return { ring: data, error: shown ? asked.error : null, again: asked.reload, travel, setTravel };
}

/** Draws the ring on the map of the desk. */
export function useRingLayers(town, ring, minute) {
  const layers = useRef(null);
  useEffect(() => {
    if (!town || (!ring && !layers.current)) return;
    if (layers.current?.town !== town) layers.current = new RingLayers(town);
    layers.current.showRing(ring, minute);
  }, [town, ring, minute]);
}

function Way({ arc, elapsed, onPick }) {
  const left = arc.arrives_s - elapsed;
  return html`<li class=${arc.watched ? 'is-watched' : 'is-leak'}><button type="button" onClick=${() => onPick(arc)}>
    <b>${arc.road || t('ring.no_name')}</b><span>${arc.watched ? t('ring.watched_by', { n: arc.views.length }) : t('ring.leak')}${arc.at_map_edge && html` · ${t('ring.map_edge')}`}</span>
    <time>${left > 0 ? t('ring.in', { time: minuteText(left) }) : t('ring.passed')}</time></button></li>`;
}

function Ways({ ring, minute, onPick }) {
  const chosen = (arcs) => arcs.filter((arc) => arc.minutes === minute);
  const ways = [...chosen(ring.leaks), ...chosen(ring.watched)];
  return html`<ol class="ring-ways" aria-label=${t('ring.ways')}>${ways.slice(0, MOST_ROWS).map((arc) => html`<${Way} key=${arc.arc_id} arc=${arc} elapsed=${ring.elapsed_s} onPick=${onPick} />`)}
    ${ways.length > MOST_ROWS && html`<li class="faint">${t('ring.more', { n: ways.length - MOST_ROWS })}</li>`}</ol>`;
}

function Cut({ cut, onPick }) {
  const words = { roads: cut.arcs.length, leaks: cut.leaks.length, from: Math.round(cut.inner_s / 60), to: Math.round(cut.beyond_s / 60) };
  let said = t('ring.cut_open', words);
  if (cut.arcs.length === 0) said = t('ring.cut_none', words);
  else if (cut.closed) said = t('ring.cut_closed', words);
  return html`<p class="ring-cut ${cut.closed ? 'is-closed' : 'is-open'}">${said}
    ${cut.leaks.slice(0, 3).map((arc) => html` <button type="button" class="quiet small" key=${arc.arc_id} onClick=${() => onPick(arc)}>${arc.road || t('ring.no_name')}</button>`)}</p>`;
}

export function IncidentRing({ found, minute, setMinute, town, close }) {
  useKeys({ Escape: close });
  const { ring, error, again, travel, setTravel } = found;
  const framed = useRef('');
  useEffect(() => {
    if (!ring) return;
    if (!ring.minutes.some((one) => one.minutes === minute)) setMinute(ring.minutes[0].minutes);
    const key = `${ring.incident_id}-${travel}`;
    if (framed.current === key) return;
    framed.current = key;
    const box = boundsOf([{ geometry: { coordinates: ring.minutes[0].outline } }]);
    if (box) town?.fit(box, { padding: 40 });
  }, [ring]);
  const pick = (arc) => town?.flyTo(arc.lon, arc.lat, 16.5);
  return html`<aside class="ring-panel" aria-label=${t('ring.title')}>
    <header><h2>${t('ring.title')} <kbd>R</kbd></h2><button type="button" class="quiet" onClick=${close} aria-label=${t('action.close')}>✕</button></header>
    <${Chips} label=${t('ring.travel')} value=${travel} onChange=${(chosen) => chosen && setTravel(chosen)} options=${TRAVELS.map((one) => [one, t(`ring.travel.${one}`)])} />
    ${!ring && (error ? html`<${Failed} error=${error} again=${again} />` : html`<${Loading} what=${t('ring.title')} />`)}
    ${ring && html`<p class="faint">${t('ring.elapsed', { time: minuteText(ring.elapsed_s) })}${ring.elapsed_cut && html` — ${t('ring.elapsed_cut')}`}</p>
      ${ring.map_ends && html`<p class="faint">${t('ring.map_ends')}</p>`}
      <div class="ring-minutes" role="group" aria-label=${t('ring.minutes')}>${ring.minutes.map((one, n) => html`<button type="button" key=${one.minutes} aria-pressed=${one.minutes === minute} onClick=${() => setMinute(one.minutes)}>
        <i style=${`background:${MINUTE_COLOURS[n % MINUTE_COLOURS.length]}`}></i><b>${t('ring.in_minutes', { n: one.minutes })}</b><span>${t('ring.counts', { watched: one.watched, leaks: one.leaks })}</span></button>`)}</div>
      <${Cut} cut=${ring.cut} onPick=${pick} /><${Ways} ring=${ring} minute=${minute} onPick=${pick} />`}
  </aside>`;
}
