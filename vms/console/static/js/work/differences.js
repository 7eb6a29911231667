// Where records and devices do not agree, in the whole town: one click takes the device's value, for one or for many.
import { inWords } from '../camera/field_input.js';
import { Problem } from '../deed.js';
import { html, useEffect, useState } from '../html.js';
import { t, tOr } from '../i18n.js';
import { Pager } from '../pager.js';
import { Chips, Empty, Shown } from '../parts.js';
import { useResource } from '../resource.js';
import { link, setQuery } from '../router.js';
import { said } from '../said.js';
import { useDecisions } from './decide_differences.js';
import { DifferenceFilter } from './difference_filter.js';

const LIMIT = 50;
const KEEPERS = ['admin', 'maintainer'];
const REFUSALS = 20;
const keyOf = (row) => `${row.camera_id} ${row.field}`;

function Done({ result, close }) {
  return html`<div class="done-note" role="status" data-state="done"><b>${t(`difference.done.${result.value}`, { n: result.accepted.toLocaleString() })}</b>
    <button type="button" class="small quiet" aria-label=${t('action.close')} onClick=${close}>✕</button>
    ${result.refused.length > 0 && html`<ul class="broken">${result.refused.slice(0, REFUSALS).map((one) => html`<li key=${keyOf(one)}>${one.name} · ${tOr(`field.${one.field}`, one.field)}${t('word.colon')}
      ${said(one.reason, one.code)}</li>`)}${result.refused.length > REFUSALS && html`<li>${t('edit.and_more', { n: result.refused.length - REFUSALS })}</li>`}</ul>`}</div>`;
}

function Bar({ chosen, all, total, wholePage, onAll, onClear, decisions, onDecide }) {
  const [why, setWhy] = useState('');
  const [sure, setSure] = useState(null);
  const count = all ? total : chosen.size;
  const press = (value) => (all && sure !== value ? setSure(value) : onDecide(value, why.trim()));
  useEffect(() => setSure(null), [all, count]);
  return html`<div class="chosen"><b>${t('difference.chosen', { n: count.toLocaleString() })}</b>
    ${!all && wholePage && total > chosen.size && html`<button type="button" class="link" data-deed="all" onClick=${onAll}>${t('chosen.all', { n: total.toLocaleString() })}</button>`}
    <label class="inline">${t('word.why')}<input value=${why} maxlength="500" onInput=${(event) => setWhy(event.target.value)} /></label>
    ${['observed', 'declared'].map((value) => html`<button type="button" key=${value} class="small ${value === 'observed' ? 'primary' : ''}" data-decide=${value} disabled=${decisions.busy}
      onClick=${() => press(value)}>${sure === value ? t('difference.sure', { n: count.toLocaleString() }) : t(value === 'observed' ? 'difference.take' : 'difference.let_stand')}</button>`)}
    <button type="button" class="small quiet" onClick=${onClear}>${t('chosen.clear')}</button>
    ${decisions.progress && html`<span role="status">${t('difference.progress', { done: decisions.progress.done.toLocaleString(), of: decisions.progress.of.toLocaleString() })}</span>`}</div>`;
}

function Row({ row, keeper, chosen, busy, onTurn, onDecide }) {
  return html`<tr data-difference=${keyOf(row)}>${keeper && html`<td class="choose-cell"><input type="checkbox" checked=${chosen} onChange=${onTurn} aria-label=${row.camera_name} /></td>`}
    <th scope="row"><a href=${link(`camera/${row.camera_id}`, { tab: 'differences' })}>${row.camera_name}</a></th><td>${tOr(`field.${row.field}`, inWords(row))}</td>
    <td>${row.declared}</td><td><b>${said(row.observed)}</b></td>
    ${keeper && html`<td class="row-deeds"><button type="button" class="small" data-deed="observed" disabled=${busy} onClick=${() => onDecide('observed')}>${t('difference.take')}</button>
      <button type="button" class="small" data-deed="declared" disabled=${busy} onClick=${() => onDecide('declared')}>${t('difference.let_stand')}</button></td>`}</tr>`;
}

export function Differences({ query, user }) {
  const keeper = KEEPERS.includes(user.role);
  const asked = { field: query.field, region: query.region, tier: query.tier, owner: query.owner };
  const question = JSON.stringify(asked);
  const [offset, setOffset] = useState(0);
  const [chosen, setChosen] = useState(new Map());
  const [all, setAll] = useState(false);
  const found = useResource('differences', { ...asked, limit: LIMIT, offset }, { refreshOn: ['camera.changed', 'camera.added'], everyS: 30 });
  const decisions = useDecisions(asked);
  const nobody = () => { setChosen(new Map()); setAll(false); };
  useEffect(() => { setOffset(0); nobody(); }, [question]);
  const turn = (row) => setChosen((before) => {
    const next = new Map(before);
    if (!next.delete(keyOf(row))) next.set(keyOf(row), row);
    return next;
  });
  async function decide(value, why, rows) {
    await decisions.decide(value, why, rows);
    nobody();
    found.reload();
  }
  const none = (page) => page.total === 0 && html`<${Empty} title=${t('difference.none')} next=${t('difference.none.next')} />`;
  return html`<div class="table-tools"><${Chips} label=${t('camera.tier')} value=${query.tier} onChange=${(tier) => setQuery({ tier: tier || null })}
      options=${['government', 'unit', 'community', 'household'].map((each) => [each, t(`tier.${each}`)])} /><${DifferenceFilter} query=${query} user=${user} /></div>
    ${decisions.result && html`<${Done} result=${decisions.result} close=${decisions.clear} />`}<${Problem} of=${decisions.problem} />
    <${Shown} resource=${found} empty=${none}>${(page) => {
      const wholePage = page.items.length > 0 && page.items.every((row) => chosen.has(keyOf(row)));
      const turnPage = () => { setAll(false); setChosen(wholePage ? new Map() : new Map(page.items.map((row) => [keyOf(row), row]))); };
      const last = Math.max(0, Math.ceil(page.total / LIMIT) - 1) * LIMIT;
      if (offset > last) queueMicrotask(() => setOffset(last));
      return html`${keeper && chosen.size > 0 && html`<${Bar} chosen=${chosen} all=${all} total=${page.total} wholePage=${wholePage} onAll=${() => setAll(true)} onClear=${nobody} decisions=${decisions}
          onDecide=${(value, why) => decide(value, why, all ? null : [...chosen.values()])} />`}
        <div class="table-box"><table class="list"><thead><tr>${keeper && html`<th class="choose-cell"><input type="checkbox" checked=${wholePage} aria-label=${t('difference.choose_page')} onChange=${turnPage} /></th>`}
          <th scope="col">${t('camera.name')}</th><th scope="col">${t('camera.field')}</th><th scope="col">${t('difference.declared')}</th><th scope="col">${t('difference.observed')}</th>${keeper && html`<th></th>`}</tr></thead>
        <tbody>${page.items.map((row) => html`<${Row} key=${keyOf(row)} row=${row} keeper=${keeper} chosen=${all || chosen.has(keyOf(row))} busy=${decisions.busy}
          onTurn=${() => { setAll(false); turn(row); }} onDecide=${(value) => decide(value, '', [row])} />`)}</tbody></table></div>
        <${Pager} total=${page.total} limit=${LIMIT} offset=${offset} onOffset=${(next) => { setOffset(next); nobody(); }} />`;
    }}<//>`;
}
