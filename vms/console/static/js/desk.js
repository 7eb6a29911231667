// The command desk: an incident on the left, the map in the middle, moving pictures on the right, no click between.
import { html, useEffect, useRef, useState } from './html.js';
import { post } from './api.js';
import { t } from './i18n.js';
import { FeedsList } from './feeds_list.js';
import { IncidentsList, placeOf } from './incidents_list.js';
import { useKeys } from './keys.js';
import { MapView, Legend } from './map_view.js';
import { boundsOf } from './town_map.js';
import { wasBusy } from './measures.js';
import { categoryName, Empty, Failed, incidentStatusName, Loading, Shown } from './parts.js';
import { ReportIncident } from './report_incident.js';
import { IncidentRing, useIncidentRing, useRingLayers } from './rings/incident_ring.js';
import { useResource } from './resource.js';
import { go, setQuery } from './router.js';
import { usePicked } from './search.js';
import { TimeLine, useWatched } from './timeline.js';
import { Wall } from './wall.js';

const FEEDS = 12;
const BUSY_MS = 20_000;
const WALL = 'vms.wall';

/** The incident on the desk: from the address bar, else the newest open one; a newer one takes over unless the operator is busy. */
function useChosen(incidents, query) {
  const known = useRef(null);
  const arrivedAt = useRef(performance.now());
  const chosenId = Number(query.incident) || null;
  const newest = incidents?.find((each) => each.open) ?? null;
  const choose = (id) => setQuery({ incident: id, tile: null, ring: null });
  useEffect(() => {
    if (!incidents) return;
    const newer = known.current !== null && newest?.id > known.current;
    known.current = Math.max(known.current ?? 0, ...incidents.map((each) => each.id));
    if (!newest || newest.id === chosenId) return;
    const chosen = incidents.find((each) => each.id === chosenId);
    const busy = chosen?.open && (query.tile || wasBusy(BUSY_MS, arrivedAt.current));
    if (!chosenId || (newer && !busy)) choose(newest.id);
  }, [incidents, chosenId]);
  const waiting = newest && newest.id > chosenId ? newest : null;
  return { chosenId, choose, waiting };
}

function IncidentHead({ incident, reload }) {
  const [problem, setProblem] = useState('');
  async function change(event) {
    const status = event.target.value;
    event.target.value = '';
    try {
      await post(`incidents/${incident.id}/status`, { status });
      setProblem('');
      reload();
    } catch (error) {
      setProblem(error.message);
    }
  }
  return html`<div class="incident-now level-${incident.level}">
    <h2>${categoryName(incident.category)} <small>${incident.incident_no}</small></h2>
    <p>${placeOf(incident)}${incident.summary && html` — ${incident.summary}`}</p>
    <label class="status-change">${incidentStatusName(incident.status)}
      ${incident.next_statuses.length > 0 && html`<select onChange=${change} aria-label=${t('incident.change')}><option value="">
        ${t('incident.change')}</option>
        ${incident.next_statuses.map((each) => html`<option key=${each} value=${each}>${incidentStatusName(each)}</option>`)}</select>`}
    </label>${problem && html`<p class="problem" role="alert">${problem}</p>`}
  </div>`;
}

/** Open ones first, else as they came: newest first. */
const openFirst = (incidents) => [...incidents].sort((a, b) => b.open - a.open);

export function Desk({ query }) {
  const incidents = useResource('incidents', { limit: 60 }, { refreshOn: ['incident.'] });
  const { chosenId, choose, waiting } = useChosen(incidents.data?.items, query);
  const list = useResource(chosenId ? `incidents/${chosenId}/feeds` : null, { limit: FEEDS }, { refreshOn: ['incident.status', 'camera.',
    'consent.', 'access.decided', 'registration.decided'], everyS: 20 });
  const data = list.data?.incident.id === chosenId ? list.data : null;
  const ringShown = Boolean(query.ring && data);
  const ring = useIncidentRing(chosenId, ringShown);
  const [minute, setMinute] = useState(null);
  const [town, setTown] = useState(null);
  useRingLayers(town, ring.ring, minute);
  // While the ring is shown, the wall follows whoever flees: its cameras stand in the order of arrival.
  const feeds = ring.ring?.feeds.length ? ring.ring.feeds.map((one) => one.feed) : data?.feeds ?? [];
  const [watched, noteWatched] = useWatched(chosenId);
  const [size, setSizeNow] = useState(Number(localStorage.getItem(WALL)) || 4);
  const [reporting, setReporting] = useState(null);
  const map = useRef(null);
  const enlarged = Number(query.tile) || null;
  const setEnlarged = (id) => setQuery({ tile: id });
  function setSize(n) {
    localStorage.setItem(WALL, String(n));
    setSizeNow(n);
  }

  const all = openFirst(incidents.data?.items ?? []);
  useEffect(() => { map.current?.setIncidents(all.filter((each) => each.open || each.id === chosenId), chosenId); }, [incidents.data, chosenId]);
  useEffect(() => { map.current?.setRanks(feeds.slice(0, 9)); }, [data, ring.ring]);
  const framed = useRef(null);
  useEffect(() => {
    if (!data || framed.current === chosenId) return;
    framed.current = chosenId;
    const { lon, lat } = data.incident;
    const around = feeds.filter((feed) => feed.sees).slice(0, 6).map((feed) => [feed.lon, feed.lat]);
    const box = boundsOf([{ geometry: { coordinates: [[lon - 0.0007, lat - 0.0005], [lon + 0.0007, lat + 0.0005], ...around] } }]);
    map.current?.fit(box);
  }, [data]);

  usePicked((place) => {
    map.current?.flyTo(place.lon, place.lat);
    setReporting({ place });
  });
  const open = all.filter((each) => each.open);
  function next() {
    const at = open.findIndex((each) => each.id === chosenId);
    const other = waiting ?? open[(at + 1) % Math.max(1, open.length)];
    if (other) choose(other.id);
  }
  const shown = new Set(feeds.slice(0, size).map((feed) => feed.camera_id));
  useKeys({
    ...Object.fromEntries(Array.from({ length: 9 }, (_, n) => [String(n + 1), () => {
      const tiles = document.querySelectorAll('.tile[data-camera]');
      const camera = enlarged ? feeds[n]?.camera_id : Number(tiles[n]?.dataset.camera);
      if (camera) setEnlarged(camera);
    }])),
    ' ': () => setEnlarged(null),
    n: next,
    r: () => data && setQuery({ ring: query.ring ? null : 1, tile: null }),
    f: () => (document.fullscreenElement ? document.exitFullscreen() : document.querySelector('.wall')?.requestFullscreen()),
    Escape: () => setReporting(null),
  });

  return html`<div class="desk">
    <section class="desk-incidents" aria-label=${t('desk.incidents')}>
      <header><h2>${t('desk.incidents')} <small>${open.length}</small></h2>
        <button type="button" class="primary small" aria-pressed=${Boolean(reporting)}
          onClick=${() => setReporting(reporting ? null : {})}>＋ ${t('report.short')}
          </button></header>
      <${Shown} resource=${incidents} empty=${(page) => page.items.length === 0 && html`<${Empty} title=${t('desk.no_incidents')}
        next=${t('desk.no_incidents.next')} />`}>
        ${(page) => html`<${IncidentsList} incidents=${openFirst(page.items)} chosenId=${chosenId} onChoose=${choose} />`}
      <//>
    </section>
    <section class="desk-map" aria-label=${t('nav.map')}>
      <${MapView} theme="dark" placing=${Boolean(reporting)} use=${(made) => { map.current = made; setTown(made); }}
        onCamera=${(id) => go(`camera/${id}`)} onPlace=${(place) => reporting && setReporting({ place })}>
        <${Legend} />
        ${data && !reporting && html`<button type="button" class="ring-open" aria-pressed=${ringShown} onClick=${() => setQuery({ ring: ringShown ? null : 1, tile: null })}>${t('ring.show')} <kbd>R</kbd></button>`}
        ${ringShown && !reporting && html`<${IncidentRing} found=${ring} minute=${minute} setMinute=${setMinute} town=${town} close=${() => setQuery({ ring: null, tile: null })} />`}
        ${reporting && html`<${ReportIncident} place=${reporting.place} close=${() => setReporting(null)}
          onReported=${(incident) => { setReporting(null); incidents.reload(); choose(incident.id); }} />`}
        ${waiting && chosenId && html`<button type="button" class="newer" onClick=${() => choose(waiting.id)}>
          ${t('desk.newer', { what: categoryName(waiting.category) })} <kbd>N</kbd></button>`}
      <//>
      ${data && html`<${TimeLine} incident=${data.incident} watched=${watched} />`}
    </section>
    <section class="desk-pictures" aria-label=${t('wall.title')}>
      ${!chosenId && html`<${Empty} title=${t('desk.no_pictures')} next=${t('desk.no_pictures.next')} />`}
      ${chosenId && !data && (list.error ? html`<${Failed} error=${list.error} again=${list.reload} />` : html`<${Loading} what=${t('desk.ranking')} />`)}
      ${data && html`<${IncidentHead} incident=${data.incident} reload=${() => { incidents.reload(); list.reload(); }} />`}
      ${data && (feeds.length === 0 ? html`<${Empty} title=${t('desk.no_feeds')} next=${t('desk.no_feeds.next')} />`
        : html`<${Wall} incidentId=${chosenId} feeds=${feeds} size=${size} enlarged=${enlarged} setSize=${setSize}
          setEnlarged=${setEnlarged} onState=${noteWatched} />
          <${FeedsList} feeds=${feeds} shown=${shown} onPick=${(feed) => setEnlarged(feed.camera_id)} />`)}
    </section>
  </div>`;
}
