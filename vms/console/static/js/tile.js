// One picture of the wall: the last still with its age until video plays, then video; or the reason why not.
import { html, useEffect, useRef, useState } from './html.js';
import { post, still } from './api.js';
import { sentence, t, tOr } from './i18n.js';
import { LivePlayer } from './live.js';
import { whenAsked } from './measures.js';
import { density, metres } from './parts.js';
import { Age } from './time.js';

const STILL_EVERY_MS = 5000;
const inRole = (url, role) => {
  const address = new URL(url, location.href);
  address.searchParams.set('role', role);
  return address.pathname + address.search;
};

/** The latest still; fetched again and again where no video can be shown. */
function usePoster(feed, incidentId, again) {
  const [poster, setPoster] = useState(null);
  const allowed = feed.access.decision === 'allowed' && Boolean(again || feed.still_at);
  useEffect(() => {
    if (!allowed) return undefined;
    const stop = new AbortController();
    let url = null;
    async function fetchOne(fresh) {
      try {
        const next = await still(feed.camera_id, { incident: incidentId, fresh, signal: stop.signal });
        if (url) URL.revokeObjectURL(url);
        url = next.url;
        setPoster(next);
      } catch { /* no still: the tile says what it waits for */ }
    }
    fetchOne(undefined);
    const timer = again ? setInterval(() => fetchOne(true), STILL_EVERY_MS) : null;
    return () => {
      stop.abort();
      clearInterval(timer);
      if (url) URL.revokeObjectURL(url);
      setPoster(null);
    };
  }, [feed.camera_id, incidentId, allowed, again]);
  return poster;
}

/** A <video> that follows `path`; tells its state. */
function Video({ path, cameraId, role, onState }) {
  const video = useRef(null);
  const told = useRef(onState);
  told.current = onState;
  useEffect(() => {
    const player = new LivePlayer(video.current, { path, cameraId, role, onState: (state) => told.current(state) });
    player.start(whenAsked());
    return () => player.stop();
  }, [path]);
  return html`<video ref=${video} muted playsinline disablepictureinpicture data-camera=${cameraId} data-role=${role}></video>`;
}

function Why({ feed, live, incidentId }) {
  const [asked, setAsked] = useState('');
  const { decision } = feed.access;
  async function ask() {
    try {
      await post(`cameras/${feed.camera_id}/access-requests`, { incident_id: incidentId, purpose: t('tile.ask.purpose') });
      setAsked(t('tile.asked'));
    } catch (error) {
      setAsked(error.message);
    }
  }
  if (live.state === 'refused' || decision !== 'allowed') {
    const words = live.state === 'refused' ? (sentence(live.message, 'sentence') || live.message?.message) : sentence(feed.access, 'because');
    return html`<div class="tile-why is-refused"><b>${t(decision === 'ask' ? 'tile.ask_owner' : 'tile.refused')}</b><p>${words}</p>
      ${decision === 'ask' && (asked ? html`<p role="status">${asked}</p>` : html`<button type="button" onClick=${ask}>${t('tile.ask')}
        </button>`)}</div>`;
  }
  if (live.state === 'unsupported') {
    return html`<div class="tile-why is-small"><p>
      ${sentence(live.message, 'sentence') || t('tile.unsupported', { codec: live.message?.codec ?? '' })}</p></div>`;
  }
  if (!feed.live) return html`<div class="tile-why"><b>${t(`status.${feed.status}`)}</b><p>${sentence(feed, 'sentence')}</p></div>`;
  if (live.state === 'stalled') return html`<div class="tile-why is-small is-stalled"><b>${t('tile.stalled')}</b></div>`;
  if (live.state === 'ended') return html`<div class="tile-why is-small is-stalled"><b>${t('tile.ended')}</b><p>
    ${sentence(live.message, 'sentence') || live.message?.message}</p></div>`;
  return null;
}

function useLiveState(feed, onState) {
  const [live, setLive] = useState({ state: 'closed' });
  function heard(next) {
    setLive(next);
    onState?.(feed, next.state);
  }
  useEffect(() => () => onState?.(feed, 'closed'), [feed.camera_id]);
  return [live, heard];
}

export function Tile({ feed, number, incidentId, enlarged, onEnlarge, onState }) {
  const [live, heard] = useLiveState(feed, onState);
  const [main, setMain] = useState('closed');
  useEffect(() => { if (!enlarged) setMain('closed'); }, [enlarged]);
  const stills = live.state === 'unsupported';
  const poster = usePoster(feed, incidentId, stills);
  const sharp = enlarged && main === 'playing';
  const moving = live.state === 'playing' || sharp;
  const frozen = live.state === 'stalled' || live.state === 'ended';
  const url = feed.access.decision === 'allowed' && feed.live?.url;
  return html`<figure class="tile is-${live.state} ${moving ? 'is-moving' : ''} ${frozen ? 'is-stalled' : ''}" data-camera=${feed.camera_id}
    data-state=${live.state}>
    ${poster && !moving && html`<img class="tile-still ${stills ? '' : 'is-old'}" src=${poster.url} alt=${t('tile.still_of', { name: feed.name })} />`}
    ${url && !sharp && html`<${Video} key="sub" path=${url} cameraId=${feed.camera_id} role="sub" onState=${heard} />`}
    ${url && enlarged && html`<${Video} key="main" path=${inRole(url, 'main')} cameraId=${feed.camera_id} role="main"
      onState=${({ state }) => setMain(state)} />`}
    <${Why} feed=${feed} live=${sharp ? { state: 'playing' } : live} incidentId=${incidentId} />
    ${url && live.state === 'connecting' && !moving && html`<span class="tile-wait" role="status">${t('tile.connecting')}</span>`}
    <button type="button" class="tile-open" onClick=${onEnlarge} aria-label=${t(enlarged ? 'tile.smaller' : 'tile.enlarge', { name: feed.name })}></button>
    <figcaption>
      <b class="tile-number">${number}</b><span class="tile-name">${feed.name}</span>
      <span class="tile-facts">${metres(feed.distance_m)}${feed.sees && html` · ${density(feed.density_px_per_m)}`}
        ${!feed.sees && html` · ${t('feed.near_only')}`}</span>
      <span class="tile-state">${moving ? html`<b class="live-mark">${t('tile.live')}
        </b>` : poster && html`${tOr(stills ? 'tile.stills' : 'tile.still', '')} <${Age} at=${poster.at ?? feed.still_at} />`}</span>
    </figcaption>
  </figure>`;
}
