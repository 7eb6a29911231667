// The sources that the town is made of, each with what its last import brought; one is taken out after a question.
import { remove } from '../api.js';
import { Problem, useDeed } from '../deed.js';
import { html, useState } from '../html.js';
import { t } from '../i18n.js';
import { Empty, Shown, whoName } from '../parts.js';
import { At } from '../time.js';
import { WRONG } from './running.js';

const LAYERS = ['building', 'road', 'railway', 'place'];
const many = (n) => (n ?? 0).toLocaleString();

export const changeText = (counts) => (counts.added || counts.changed || counts.removed
  ? t('maps.change', { added: many(counts.added), changed: many(counts.changed), removed: many(counts.removed) }) : t('maps.same'));

function Source({ one, onGone }) {
  const [asking, ask] = useState(false);
  const { run, busy, problem } = useDeed();
  async function drop() {
    if (await run(() => remove(`map/sources/${encodeURIComponent(one.source)}`)) !== undefined) onGone();
  }
  const changed = ['added', 'changed', 'removed'].some((name) => name in one.counts);
  return html`<tr data-source=${one.source}><th scope="row">${one.source}<small class="why">${one.file_name}</small></th>
      <td><${At} at=${one.taken_in_at} /><small class="why">${whoName(one.by)}</small></td><td class="map-thanks">${one.attribution || '—'}</td>
      ${LAYERS.map((layer) => html`<td key=${layer} class="number-cell">${many(one.counts[layer])}</td>`)}
      <td>${changed ? changeText(one.counts) : '—'}${WRONG.filter((name) => one.counts[name]).map((name) => html`<small key=${name} class="why is-wrong" data-count=${name}>${t(`maps.count.${name}`)} ${many(one.counts[name])}</small>`)}</td>
      <td class="row-deeds"><button type="button" class="small danger-quiet" data-deed="remove" disabled=${asking} onClick=${() => ask(true)}>${t('maps.remove')}</button></td></tr>
    ${asking && html`<tr class="map-question"><td colspan="9"><p role="alert">${t('maps.remove.sure', { source: one.source })}</p>
      <span class="row-end"><button type="button" class="small quiet" onClick=${() => ask(false)}>${t('action.cancel')}</button>
      <button type="button" class="small danger" data-deed="sure" disabled=${busy} onClick=${drop}>${t('maps.remove')}</button></span><${Problem} of=${problem} /></td></tr>`}`;
}

export function Sources({ sources }) {
  return html`<section class="card"><h2>${t('maps.sources')}</h2><${Shown} resource=${sources}
    empty=${(list) => list.items.length === 0 && html`<${Empty} title=${t('maps.none')} next=${t('maps.none.next')} />`}>${(list) => html`<div class="table-box"><table class="list"><thead><tr>
      <th scope="col">${t('maps.source')}</th><th scope="col">${t('maps.taken_in')}</th><th scope="col">${t('maps.attribution')}</th>
      ${LAYERS.map((layer) => html`<th key=${layer} scope="col" class="number-cell">${t(`maps.layer.${layer}`)}</th>`)}
      <th scope="col">${t('maps.last_change')}</th><th></th></tr></thead>
    <tbody>${list.items.map((one) => html`<${Source} key=${one.source} one=${one} onGone=${sources.reload} />`)}</tbody></table></div>`}<//></section>`;
}
