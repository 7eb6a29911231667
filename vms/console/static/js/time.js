// Times: the server's clock, local times with their zone, and ages that tick.
import { html, useEffect, useState } from './html.js';
import { language, t } from './i18n.js';

let offsetMs = 0;
let measured = false;

/** Learns the server's clock from an answer's Date header (good to a second; kept unless it is off by more). */
export function learnServerTime(header) {
  const server = Date.parse(header ?? '');
  if (Number.isNaN(server)) return;
  const difference = server + 500 - Date.now();
  if (!measured || Math.abs(difference - offsetMs) > 1500) offsetMs = difference;
  measured = true;
}

export const serverNow = () => Date.now() + offsetMs;

const locale = () => (language() === 'zh' ? 'zh-CN' : 'en-GB');
const zones = {};
/** What the person's time zone is called. */
export function zone() {
  zones[locale()] ??= Intl.DateTimeFormat(locale(), { timeZoneName: 'long' }).formatToParts().find((part) => part.type === 'timeZoneName').value;
  return zones[locale()];
}

export function clockTime(at) {
  return new Date(at).toLocaleTimeString(locale(), { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });
}

/** `timeZone`: the office's, where the person's own would mislead. */
export function dateTime(at, timeZone) {
  return new Date(at).toLocaleString(locale(), {
    timeZone,
    year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false,
  });
}

/** Of these days: without the year and the seconds. */
export function shortDateTime(at) {
  return new Date(at).toLocaleString(locale(), { month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hour12: false });
}

export function duration(seconds) {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return t('time.seconds', { n: s });
  if (s < 3600) return t('time.minutes', { n: Math.floor(s / 60) });
  if (s < 172800) return t('time.hours', { n: Math.floor(s / 3600) });
  return t('time.days', { n: Math.floor(s / 86400) });
}

const tickers = new Set();
setInterval(() => tickers.forEach((tick) => tick()), 1000);

/** Renders its component anew each second. */
export function useTick() {
  const [, count] = useState(0);
  useEffect(() => {
    const tick = () => count((n) => n + 1);
    tickers.add(tick);
    return () => tickers.delete(tick);
  }, []);
}

const hover = (at) => `${dateTime(at)} (${zone()})`;

/** "20 s ago", ticking. */
export function Age({ at }) {
  useTick();
  if (!at) return html`<span class="faint">${t('time.never')}</span>`;
  const seconds = (serverNow() - Date.parse(at)) / 1000;
  const words = seconds < 2 ? t('time.now') : t('time.ago', { age: duration(seconds) });
  return html`<time datetime=${at} title=${hover(at)}>${words}</time>`;
}

/** A running clock since `at`: 4:05. */
export function Running({ at, until }) {
  useTick();
  const end = until ? Date.parse(until) : serverNow();
  const s = Math.max(0, Math.floor((end - Date.parse(at)) / 1000));
  const two = (n) => String(n).padStart(2, '0');
  const text = s >= 3600 ? `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}` : `${Math.floor(s / 60)}:${two(s % 60)}`;
  return html`<time class="running" datetime=${at} title=${hover(at)}>${text}</time>`;
}

export function At({ at, short }) {
  if (!at) return html`<span class="faint">—</span>`;
  return html`<time datetime=${at} title=${hover(at)}>${short ? clockTime(at) : dateTime(at)}</time>`;
}

export function ServerClock() {
  useTick();
  return html`<time class="server-clock" title=${zone()}>${clockTime(serverNow())}</time>`;
}
