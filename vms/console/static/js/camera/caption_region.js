// Where the caption stands in the picture: drawn on the latest still with the mouse or the arrow keys, kept, or taken out.
import { put, remove, still } from '../api.js';
import { Problem, useDeed } from '../deed.js';
import { html, useEffect, useRef, useState } from '../html.js';
import { t } from '../i18n.js';
import { whoName } from '../parts.js';
import { useResource } from '../resource.js';
import { Age } from '../time.js';
import { usePicture } from './compare.js';

const USUAL = { left_share: 0.02, top_share: 0.02, width_share: 0.4, height_share: 0.08 };
const SIDES = Object.keys(USUAL);
const [LEAST, STEP] = [0.01, 0.01];
const STEPS = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
const within = (value, low, high) => Math.max(low, Math.min(high, value));
const whole = (value) => Math.round(value * 1e4) / 1e4;
const percents = (region) => Object.fromEntries(SIDES.map((side) => [side.slice(0, -6), Math.round(region[side] * 100)]));

/** One side of it in shares: [start, length] within 0 … 1. */
const side = (start, length) => {
  const from = whole(within(start, 0, 1 - LEAST));
  return [from, whole(within(length, LEAST, 1 - from))];
};

function regionOf([left, top], [width, height]) {
  const [across, down] = [side(left, width), side(top, height)];
  return { left_share: across[0], top_share: down[0], width_share: across[1], height_share: down[1] };
}

/** Moved, or with Shift made larger or smaller, without leaving the picture. */
function stepped(region, [across, down], resize) {
  const { left_share: left, top_share: top, width_share: width, height_share: height } = region;
  if (resize) return regionOf([left, top], [width + across, height + down]);
  return regionOf([within(left + across, 0, 1 - width), within(top + down, 0, 1 - height)], [width, height]);
}

const style = (region) => `left:${region.left_share * 100}%;top:${region.top_share * 100}%;width:${region.width_share * 100}%;height:${region.height_share * 100}%`;

function Picture({ url, alt, region, onRegion }) {
  const [box, frame, from] = [useRef(null), useRef(null), useRef(null)];
  useEffect(() => { if (onRegion) frame.current?.focus(); }, [Boolean(onRegion)]);
  const spot = (event) => {
    const { left, top, width, height } = box.current.getBoundingClientRect();
    return [within((event.clientX - left) / width, 0, 1), within((event.clientY - top) / height, 0, 1)];
  };
  const drawn = (event) => {
    const [a, b] = [from.current, spot(event)];
    onRegion(regionOf([Math.min(a[0], b[0]), Math.min(a[1], b[1])], [Math.abs(a[0] - b[0]), Math.abs(a[1] - b[1])]));
  };
  const mouse = onRegion && {
    onPointerDown: (event) => {
      event.preventDefault();
      box.current.setPointerCapture(event.pointerId);
      from.current = spot(event);
    },
    onPointerMove: (event) => from.current && drawn(event),
    onPointerUp: () => { from.current = null; frame.current?.focus(); },
    onPointerCancel: () => { from.current = null; },
  };
  const pressed = (event) => {
    if (!onRegion || !STEPS[event.key]) return;
    event.preventDefault();
    onRegion(stepped(region, STEPS[event.key], event.shiftKey));
  };
  return html`<div class="caption-picture ${onRegion ? 'is-drawn-on' : ''}" ref=${box} ...${mouse}><img src=${url} alt=${alt} draggable=${false} />
    ${region && html`<div class="caption-frame" ref=${frame} style=${style(region)} role=${onRegion ? 'application' : 'img'} tabindex=${onRegion ? 0 : undefined} aria-label=${t(onRegion ? 'caption.frame_keys' : 'caption.frame')} onKeyDown=${pressed}></div>`}</div>`;
}

export function CaptionRegion({ row }) {
  const place = `cameras/${row.id}/caption-region`;
  const known = useResource(place);
  const picture = usePicture(`${row.id} ${row.still_at}`, (signal) => still(row.id, { signal }));
  const { run, busy, problem, clear } = useDeed();
  const [draft, setDraft] = useState(null);
  const [sure, setSure] = useState(false);
  const now = known.data;
  const done = async (deed) => {
    if (await run(deed) === undefined) return;
    setDraft(null);
    setSure(false);
    known.reload();
  };
  const begin = () => { clear(); setDraft(now ? Object.fromEntries(SIDES.map((each) => [each, now[each]])) : USUAL); };
  if (known.state === 'loading' && !now) return null;
  return html`<section class="facts caption-region" aria-label=${t('caption.title')}><header class="table-tools"><h3>${t('caption.title')}</h3>
      <span class="push-end">${draft ? html`<button type="button" class="primary" data-deed="keep" disabled=${busy} onClick=${() => done(() => put(place, draft))}>${t('action.save')}</button>
          <button type="button" class="quiet" disabled=${busy} onClick=${() => setDraft(null)}>${t('action.cancel')}</button>`
    : html`<button type="button" data-deed="draw" disabled=${!picture.url || busy} onClick=${begin}>${t(now ? 'caption.draw_anew' : 'caption.draw')}</button>
          ${now && html`<button type="button" class="link danger-quiet" data-deed="take-out" disabled=${busy} onBlur=${() => setSure(false)} onClick=${() => (sure ? done(() => remove(place)) : setSure(true))}>${t(sure ? 'action.sure' : 'caption.take_out')}</button>`}`}</span></header>
    <p class="faint">${t(draft ? 'caption.how' : now ? 'caption.means' : 'caption.none')}</p>
    ${(draft || now) && (picture.url ? html`<${Picture} url=${picture.url} alt=${t('tile.still_of', { name: row.name })} region=${draft ?? now} onRegion=${draft ? setDraft : null} />` : html`<p class="faint">${t(picture.error ? 'still.failed' : 'state.loading')}</p>`)}
    ${(draft || now) && html`<p class="faint" aria-live="polite">${t('caption.at', percents(draft ?? now))}${!draft && html` · ${t('caption.set_by', { who: whoName(now.set_by) })} <${Age} at=${now.set_at} />`}</p>`}
    <${Problem} of=${problem ?? known.error} /></section>`;
}
