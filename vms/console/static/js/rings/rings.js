// Standing rings of checkpoints: closed or open, where and why; one is drawn on the map or cut around a place.
import { post, remove } from '../api.js';
import { Problem, useDeed } from '../deed.js';
import { html, useEffect, useRef, useState } from '../html.js';
import { t } from '../i18n.js';
import { Legend, MapView } from '../map_view.js';
import { density, Empty, Shown, whoName } from '../parts.js';
import { useResource } from '../resource.js';
import { go, link, setQuery } from '../router.js';
import { usePicked } from '../search.js';
import { Sure } from '../sure.js';
import { At } from '../time.js';
import { boundsOf } from '../town_map.js';
import { RingLayers } from './ring_layers.js';

const MAKERS = ['admin', 'reviewer', 'planner'];
const KINDS = ['middle', 'outer', 'other'];
const REFRESH = ['ring.', 'coverage.measured', 'map.changed'];

const State = ({ ring }) => html`<span class="ring-state ${ring.closed ? 'is-closed' : 'is-open'}">${ring.closed ? t('rings.closed') : t('rings.open')} ${ring.watched}/${ring.points}</span>`;

const whyText = (one) => (one.name ? `${t(`rings.because.${one.because}`)} · ${one.name}` : t(`rings.because.${one.because}`));

function List({ maker }) {
  const rings = useResource('rings', {}, { refreshOn: REFRESH, everyS: 30 });
  const roadless = rings.error?.code === 'no_roads';
  return html`<header class="plans-head"><h2>${t('nav.rings')}</h2>${maker && !roadless && html`<button type="button" class="primary small push-end" onClick=${() => setQuery({ new: 1 })}>＋ ${t('rings.new')}</button>`}</header>
    ${roadless ? html`<${Empty} title=${t('rings.no_map')} next=${t('rings.no_map.next')}><a class="button" href=${link('maps')}>${t('nav.maps')}</a><//>` : html`<${Shown} resource=${rings} empty=${(list) => list.items.length === 0 && html`<${Empty} title=${t('rings.none')} next=${t('rings.none.next')} />`}>
      ${(list) => html`<ul class="ring-list">${[...list.items].sort((a, b) => a.closed - b.closed).map((ring) => html`<li key=${ring.id}><a href=${link('rings', { ring: ring.id })}><b>${ring.name}</b><${State} ring=${ring} />
        <small>${t(`rings.kind.${ring.kind}`)}${ring.openings.map((one) => html` · ${whyText(one)} (${one.points.length})`)}</small></a></li>`)}</ul>`}<//>`}`;
}

function Point({ point, chosen, pick }) {
  return html`<li class="${point.watched ? 'is-watched' : 'is-leak'} ${chosen ? 'is-chosen' : ''}"><button type="button" onClick=${pick}><b>${point.road || t('ring.no_name')}</b>
    <span>${point.watched ? t('ring.watched_by', { n: point.views.filter((view) => view.state === 'usable').length }) : t(`rings.because.${point.because}`)}</span></button>
    ${chosen && point.views.length === 0 && html`<p class="faint">${t('ring.no_views')}</p>`}${chosen && point.views.length > 0 && html`<ul>${point.views.map((view) => html`<li key=${view.camera_id}><a href=${link(`camera/${view.camera_id}`)}>${view.name || view.camera_id}</a> <span>${density(view.px_per_m)} · ${t(`rings.view.${view.state}`)}</span></li>`)}</ul>`}</li>`;
}

function One({ id, maker, show, chosen, choose }) {
  const found = useResource(`rings/${id}`, {}, { refreshOn: REFRESH, everyS: 30 });
  const { run, busy, problem } = useDeed();
  useEffect(() => { if (found.data) show(found.data); }, [found.data]);
  async function drop() {
    if (await run(() => remove(`rings/${id}`)) !== undefined) setQuery({ ring: null });
  }
  return html`<header class="plans-head"><a class="quiet" href=${link('rings')}>← ${t('rings.all')}</a></header><${Shown} resource=${found}>${(ring) => html`
    <h2>${ring.name} <${State} ring=${ring} /></h2><p class="faint">${t(`rings.kind.${ring.kind}`)} · ${t(`rings.from.${ring.made_from}`)} · ${whoName(ring.created_by)} <${At} at=${ring.created_at} /></p>
    ${ring.note && html`<p>${ring.note}</p>`}
    ${ring.openings.length > 0 && html`<ul class="ring-openings">${ring.openings.map((one) => html`<li key=${`${one.because}${one.name}`}><b>${whyText(one)}</b><span>${t('rings.points', { n: one.points.length })}</span><small>${t('rings.since')} <${At} at=${one.opened_at} />${one.told_at && html` · ${t('rings.told')}`}</small></li>`)}</ul>`}
    <ol class="ring-ways">${[...ring.at].sort((a, b) => a.watched - b.watched).map((point) => html`<${Point} key=${point.id} point=${point} chosen=${chosen === point.id} pick=${() => choose(point)} />`)}</ol>
    ${ring.past.length > 0 && html`<details><summary>${t('rings.past', { n: ring.past.length })}</summary><ul class="ring-openings">${ring.past.map((one, n) => html`<li key=${n}><b>${whyText(one)}</b><span>${t('rings.points', { n: one.points.length })}</span><small><${At} at=${one.opened_at} /> – <${At} at=${one.closed_at} /></small></li>`)}</ul></details>`}
    ${maker && html`<p><${Sure} words=${t('rings.remove')} question=${t('rings.remove.sure', { name: ring.name })} deed="remove-ring" busy=${busy} onSure=${drop} /></p>`}<${Problem} of=${problem} />`}<//>`;
}

function New({ corners, setCorners, onMade, back }) {
  const [draft, setDraft] = useState({ name: '', kind: 'middle', how: 'outline', inner: 5, beyond: 15 });
  const { run, busy, problem } = useDeed();
  const set = (name) => (event) => setDraft({ ...draft, [name]: event.target.value });
  const ready = draft.name.trim() && corners.length >= (draft.how === 'outline' ? 3 : 1);
  async function save(event) {
    event.preventDefault();
    const [last] = corners.slice(-1);
    const from = draft.how === 'outline' ? { outline: corners } : { around: { lon: last[0], lat: last[1], inner_minutes: Number(draft.inner), beyond_minutes: Number(draft.beyond) } };
    const made = await run(() => post('rings', { name: draft.name.trim(), kind: draft.kind, ...from }));
    if (made) onMade(made);
  }
  return html`<form class="form-lines ring-new" onSubmit=${save}><header class="plans-head"><h2>${t('rings.new')}</h2></header>
    <label>${t('rings.name')}<input name="name" value=${draft.name} maxlength="80" onInput=${set('name')} required /></label>
    <label>${t('rings.kind')}<select name="kind" value=${draft.kind} onChange=${set('kind')}>${KINDS.map((one) => html`<option key=${one} value=${one}>${t(`rings.kind.${one}`)}</option>`)}</select></label>
    <label>${t('rings.how')}<select name="how" value=${draft.how} onChange=${set('how')}><option value="outline">${t('rings.from.polygon')}</option><option value="around">${t('rings.from.cut')}</option></select></label>
    ${draft.how === 'around' && html`<div class="ring-fan"><label>${t('rings.inner')}<input type="number" name="inner" min="1" max="59" value=${draft.inner} onInput=${set('inner')} /></label><label>${t('rings.beyond')}<input type="number" name="beyond" min="2" max="60" value=${draft.beyond} onInput=${set('beyond')} /></label></div>`}
    <p class="faint">${t(draft.how === 'outline' ? 'rings.draw' : 'rings.click', { n: corners.length })}</p>
    <p><button type="submit" class="primary" disabled=${busy || !ready}>${t('rings.save')}</button> <button type="button" disabled=${corners.length === 0} onClick=${() => setCorners(corners.slice(0, -1))}>${t('rings.undo')}</button> <button type="button" class="quiet" onClick=${back}>${t('rings.cancel')}</button></p>
    <${Problem} of=${problem} /></form>`;
}

export function Rings({ query, user, system }) {
  const map = useRef(null);
  const layers = useRef(null);
  const [corners, setCorners] = useState([]);
  const [ring, setRing] = useState(null);
  const [chosen, setChosen] = useState(null);
  const maker = MAKERS.includes(user.role);
  const drawing = Boolean(query.new) && maker;
  const framed = useRef(null);
  const shown = query.ring && !drawing && ring?.id === Number(query.ring) ? ring : null;
  function draw() {
    layers.current?.showPoints(shown?.at ?? [], chosen);
    layers.current?.showOutline(shown?.outline ?? []);
    layers.current?.draw(drawing ? corners : []);
  }
  useEffect(draw, [shown, chosen, corners, drawing]);
  useEffect(() => {
    if (!shown || framed.current === shown.id) return;
    framed.current = shown.id;
    const box = boundsOf([{ geometry: { coordinates: shown.at.map((point) => [point.lon, point.lat]) } }]);
    if (box) map.current?.fit(box, { padding: 60 });
  }, [shown]);
  usePicked((place) => map.current?.flyTo(place.lon, place.lat));
  function use(town) {
    map.current = town;
    layers.current = new RingLayers(town, setChosen);
    draw();
  }
  function choose(point) {
    setChosen(point.id);
    map.current?.flyTo(point.lon, point.lat, 16.5);
  }
  let side = html`<${List} maker=${maker} />`;
  if (drawing) side = html`<${New} corners=${corners} setCorners=${setCorners} back=${() => { setCorners([]); setQuery({ new: null }); }} onMade=${(made) => { setCorners([]); setQuery({ new: null, ring: made.id }); }} />`;
  else if (query.ring) side = html`<${One} key=${query.ring} id=${query.ring} maker=${maker} show=${setRing} chosen=${chosen} choose=${choose} />`;
  return html`<div class="plans"><aside class="plans-side">${side}</aside>
    <${MapView} theme="light" attribution=${system?.attribution ?? ''} use=${use} placing=${drawing} onCamera=${(id) => go(`camera/${id}`)}
      onPlace=${(place) => drawing && setCorners((before) => [...before, [place.lon, place.lat]])}><${Legend} /><//></div>`;
}
