// The camera's picture with what a pose claims about it: the horizon, the ground at even distances, points found in it.
import { still } from '../api.js';
import { usePicture } from '../camera/compare.js';
import { html, useEffect, useRef, useState } from '../html.js';
import { t } from '../i18n.js';
import { LivePlayer } from '../live.js';
import { Age } from '../time.js';

const NOT_KNOWN = { width: 1920, height: 1080 };

function Video({ cameraId, onSize }) {
  const video = useRef(null);
  const [state, setState] = useState({ state: 'connecting' });
  useEffect(() => {
    const player = new LivePlayer(video.current, { path: `/api/v1/live/${cameraId}?role=main`, cameraId, role: 'main', onState: setState });
    player.start();
    return () => player.stop();
  }, [cameraId]);
  const sized = ({ target }) => target.videoWidth && onSize({ width: target.videoWidth, height: target.videoHeight });
  return html`<video ref=${video} muted playsinline disablepictureinpicture data-camera=${cameraId} onLoadedMetaData=${sized} onResize=${sized}></video>
    ${state.state !== 'playing' && html`<span class="still-none">${state.message?.message ?? t('tile.connecting')}</span>`}`;
}

/** {picture, size, tell}: the kept still, or one that is fetched from the camera each time `fresh` grows. */
export function useStill(camera, fresh) {
  const [size, setSize] = useState(null);
  const key = fresh || camera.still_at ? `${camera.id} ${fresh || camera.still_at}` : null;
  const picture = usePicture(key, (signal) => still(camera.id, { fresh: fresh > 0 || undefined, purpose: t('pose.purpose'), signal }));
  return { picture, size, tell: setSize };
}

const path = (pixels) => pixels.map(([x, y]) => `${x},${y}`).join(' ');

function Lines({ lines, size }) {
  const label = Math.round(size.width / 55);
  return lines.map((line, n) => html`<polyline key=${n} class=${`pose-line is-${line.kind}`} points=${path(line.pixels)} />
    ${line.kind === 'distance' && html`<text class="pose-label" x=${line.pixels[Math.floor(line.pixels.length / 2)][0]} y=${line.pixels[Math.floor(line.pixels.length / 2)][1] - label * 0.3} font-size=${label}>${`${line.value} m`}</text>`}`);
}

function Points({ points, size, active }) {
  const unit = size.width / 100;
  return points.filter((point) => point.x_px !== null).map((point) => html`<g key=${point.number} class=${`pose-point ${point.number === active ? 'is-active' : ''} ${point.bad ? 'is-bad' : ''}`}>
    ${point.fitted && html`<line x1=${point.x_px} y1=${point.y_px} x2=${point.fitted.x_px} y2=${point.fitted.y_px} /><path d=${`M${point.fitted.x_px - unit * 0.6} ${point.fitted.y_px}h${unit * 1.2}M${point.fitted.x_px} ${point.fitted.y_px - unit * 0.6}v${unit * 1.2}`} />`}
    <circle cx=${point.x_px} cy=${point.y_px} r=${unit * 0.7} /><text x=${point.x_px + unit} y=${point.y_px - unit * 0.8} font-size=${unit * 2.4}>${point.number}</text></g>`);
}

/** `onClick({x_px, y_px})` in pixels of the picture; without it the picture is only looked at. */
export function PosePicture({ camera, shown, live, lines = [], points = [], active = null, onClick }) {
  const { picture, size, tell } = shown;
  const drawn = size ?? NOT_KNOWN;
  function clicked(event) {
    if (!onClick || !size) return;
    const box = event.currentTarget.getBoundingClientRect();
    const px = (at, from, length, most) => Math.round(Math.max(0, Math.min(most, ((at - from) / length) * most)) * 10) / 10;
    onClick({ x_px: px(event.clientX, box.left, box.width, size.width), y_px: px(event.clientY, box.top, box.height, size.height) });
  }
  const none = picture.error ? (picture.error.refused ? t('still.refused') : picture.error.message) : camera.still_at ? '…' : t('still.none');
  return html`<figure class="pose-picture ${onClick ? 'is-clicked' : ''}"><div style=${`aspect-ratio:${drawn.width} / ${drawn.height}`} onClick=${clicked}>
      ${live ? html`<${Video} cameraId=${camera.id} onSize=${tell} />`
    : picture.url ? html`<img src=${picture.url} alt=${t('tile.still_of', { name: camera.name })} draggable=${false} onLoad=${({ target }) => tell({ width: target.naturalWidth, height: target.naturalHeight })} />`
    : html`<span class="still-none">${none}</span>`}
      ${size && html`<svg viewBox=${`0 0 ${size.width} ${size.height}`} aria-hidden="true"><${Lines} lines=${lines} size=${size} /><${Points} points=${points} size=${size} active=${active} /></svg>`}</div>
    ${!live && picture.at && html`<figcaption><${Age} at=${picture.at} /></figcaption>`}</figure>`;
}
