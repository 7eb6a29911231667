// The wall of numbers: the whole city on one screen, down to each region, tier or firm; every number opens what it counts.
import { html, useEffect } from '../html.js';
import { t } from '../i18n.js';
import { useKeys } from '../keys.js';
import { Chips, Empty, percent, Shown } from '../parts.js';
import { useResource } from '../resource.js';
import { link, setQuery } from '../router.js';
import { Counted } from './counted.js';
import { OWN_SIDE_NEWS, OwnSide } from './own_side.js';
import { Rows } from './rows.js';
import { Sparkline } from './sparkline.js';
import { Today } from './today.js';

const BY = ['region', 'tier', 'maintainer'];
const NEWS = ['camera.flip', 'fault.', 'order.', 'outage.', ...OWN_SIDE_NEWS];
const EVERY_S = 15;

const part = (some, all) => (all ? some / all : null);
const online = (point) => part(point.up + point.suspect, point.total - point.unknown);
const intact = (point) => part(point.intact, point.total);

function Tile({ name, label, value, of, href, tone = '', children }) {
  return html`<div class="board-tile ${tone && `is-${tone}`}" data-tile=${name}><a href=${href}><span>${label}</span><b>${value}</b><small>${of}</small></a>${children}</div>`;
}

function Tiles({ board, trend }) {
  const { all, region } = board;
  const n = (value) => value.toLocaleString();
  const known = all.total - all.unknown;
  const below = { region };
  return html`<div class="board-tiles">
    <${Tile} name="online" label=${t('board.online')} value=${percent(part(all.up + all.suspect, known))} of=${t('board.online_of', { n: n(all.up + all.suspect), total: n(known) })}
      href=${link('inventory', { ...below, status: 'up' })}><${Sparkline} trend=${trend} share=${online} label=${t('board.online')} /><//>
    <${Tile} name="intact" label=${t('maintenance.intact')} value=${percent(part(all.intact, all.total))} of=${t('maintenance.intact_of', { n: n(all.intact), total: n(all.total) })}
      href=${link('maintenance', below)}><${Sparkline} trend=${trend} share=${intact} label=${t('maintenance.intact')} /><//>
    <${Tile} name="picture" label=${t('board.picture')} value=${percent(part(all.picture_ok, all.pictured))} of=${t('board.picture_of', { n: n(all.pictured) })} href=${link('maintenance', { ...below, layer: 'picture' })} />
    <${Tile} name="recording" label=${t('board.recording')} value=${percent(all.recorded_share)} of=${all.recorded_share === null ? t('board.recording_untold') : t('board.recording_of', { day: board.recorded_day })}
      href=${link('recordings', below)} />
    <${Tile} name="orders" label=${t('board.orders')} value=${n(all.orders_open)} of=${t('board.overdue_n', { n: n(all.orders_overdue) })} tone=${all.orders_overdue ? 'down' : ''} href=${link('orders', below)} />
    <${Tile} name="outages" label=${t('board.outages')} value=${n(all.outages)} of=${t('board.outages_now')} tone=${all.outages ? 'suspect' : ''} href=${link('outages', below)} />
    <${Tile} name="suspect" label=${t('maintenance.suspect_now')} value=${n(all.suspect)} of=${t('board.suspect_means')} href=${link('inventory', { ...below, status: 'suspect' })} />
    <${Tile} name="unknown" label=${t('maintenance.unknown_now')} value=${n(all.unknown)} of=${t('board.unknown_means')} href=${link('inventory', { ...below, status: 'unknown' })} />
  </div>`;
}

function Path({ board, asked }) {
  const last = board.path.length - 1;
  return html`<nav class="region-path" aria-label=${t('camera.region')}>${board.path.length === 0 && html`<b>${t('board.city')}</b>`}
    ${board.path.map((step, n) => html`<span key=${step.code}>${n > 0 && ' › '}<button type="button" class="link" aria-current=${n === last ? 'true' : undefined}
      onClick=${() => setQuery({ region: step.code, by: null })}>${step.name}</button></span>`)}
    ${asked && html` <button type="button" class="chip small" onClick=${() => setQuery({ region: null })}>${t('board.to_top')}</button>`}</nav>`;
}

export function Wall({ query }) {
  const by = BY.includes(query.by) ? query.by : 'region';
  const bare = query.bare === '1';
  const board = useResource('health/board', { by, region: query.region }, { refreshOn: NEWS, everyS: EVERY_S });
  const trend = useResource('health/trend', { region: query.region }, { everyS: 60 });
  useEffect(() => {
    document.documentElement.classList.toggle('is-bare', bare);
    return () => document.documentElement.classList.remove('is-bare');
  }, [bare]);
  const full = () => {
    setQuery({ bare: bare ? null : '1' });
    if (bare) document.exitFullscreen?.().catch(() => {});
    else document.documentElement.requestFullscreen?.().catch(() => {});
  };
  useKeys({ f: full, ...(bare ? { Escape: full } : {}) });
  const old = board.state === 'failed' || board.data?.poller.watching === false;
  const none = (found) => found.all.total === 0 && html`<${Empty} title=${t('board.nobody')} next=${t('board.nobody.next')} />`;
  return html`<div class="paper wall-board ${old ? 'is-stale' : ''}"><${Shown} resource=${board} empty=${none}>${(found) => html`
    <header class="board-head"><${Path} board=${found} asked=${query.region} /><${Chips} label=${t('board.by')} value=${by} onChange=${(next) => setQuery({ by: next === 'region' ? null : next || null })}
        options=${BY.map((each) => [each, t(`assessment.by.${each}`)])} />
      <${Counted} at=${found.at} poller=${found.poller} failed=${board.state === 'failed'} /><button type="button" data-deed="full" onClick=${full} title="F">${bare ? t('board.leave') : t('board.full')}</button></header><${OwnSide} poller=${found.poller} />
    <${Today} board=${found} /><${Tiles} board=${found} trend=${trend.data} /><${Rows} board=${found} by=${by} />`}<//></div>`;
}
