// Photographs of an order, before and after, small ones that open large; who works on it adds some.
import { address, upload } from '../api.js';
import { shrink } from '../crew/shrink.js';
import { Problem, useDeed } from '../deed.js';
import { html, useState } from '../html.js';
import { t } from '../i18n.js';
import { At } from '../time.js';
import { Pair } from './pair.js';

const MOMENTS = ['before', 'after'];

async function small(file) {
  try { return await shrink(file); } catch { throw new Error(t('crew.no_picture')); }
}

export function Photographs({ found, mayAdd, onDone }) {
  const { run, busy, problem } = useDeed();
  const path = `work-orders/${found.order.id}/photographs`;
  async function add(moment, event) {
    const [file] = event.target.files;
    event.target.value = '';
    if (file && await run(async () => upload(path, await small(file), { query: { moment } })) !== undefined) onDone();
  }
  const [comparing, compare] = useState(false);
  const sides = Object.fromEntries(MOMENTS.map((moment) => [moment, found.photographs.filter((one) => one.moment === moment)]));
  if (!mayAdd && found.photographs.length === 0) return null;
  return html`<section><h3>${t('crew.photographs')}${MOMENTS.every((moment) => sides[moment].length > 0) && html` <button type="button" class="small" data-deed="compare" onClick=${() => compare(true)}>${t('orders.compare')}</button>`}</h3><div class="order-pictures">${MOMENTS.map((moment) => html`<div key=${moment}><h4>${t(`crew.${moment}`)}</h4>
      ${sides[moment].map((one) => html`<a key=${one.id} href=${address(`${path}/${one.id}`)} target="_blank" rel="noopener">
        <img loading="lazy" alt=${t(`crew.${moment}`)} src=${address(`${path}/${one.id}`, { small: true })} /><small>${one.added_by} <${At} at=${one.added_at} /></small></a>`)}
      ${mayAdd && html`<label class="button small">${t('orders.add_picture')}<input class="sr" type="file" accept="image/*" disabled=${busy} onChange=${(event) => add(moment, event)} /></label>`}</div>`)}</div>
    ${comparing && html`<${Pair} sides=${sides} path=${path} close=${() => compare(false)} />`}<${Problem} of=${problem} /></section>`;
}
