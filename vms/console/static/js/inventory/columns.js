// The columns of the inventory: what they show, how wide they are, and how a person's own choice of them is kept.
import { html, useState } from '../html.js';
import { t, tOr } from '../i18n.js';
import { becauseWords, Status, Tier } from '../parts.js';
import { link } from '../router.js';
import { Age } from '../time.js';

const faint = html`<span class="faint">—</span>`;
const text = (name) => (row) => row[name] || faint;
const number = (name, unit) => (row) => (row[name] === null || row[name] === undefined ? faint : `${Math.round(row[name])}${unit}`);
const yes = (name) => (row) => (row[name] ? t('word.yes') : faint);

function Name(row) {
  return html`<a href=${link(`camera/${row.id}`)}>${row.name}</a>`;
}

function StatusCell(row) {
  return html`<${Status} status=${row.status} />${row.because && row.status !== 'up' && html`<small class="faint">
    ${becauseWords(row.because)}</small>`}`;
}

const date = (name) => (row) => (row[name] ? html`<${Age} at=${row[name]} />` : faint);

const ALL = [
  { name: 'name', stretches: true, sort: 'name', width: 14, cell: Name },
  { name: 'tier', sort: 'tier', width: 8.6, cell: (row) => html`<${Tier} tier=${row.tier} />` },
  { name: 'status', sort: 'status', width: 8.4, cell: StatusCell },
  { name: 'since', sort: 'since', width: 6.6, cell: date('since') },
  { name: 'region_name', stretches: true, sort: 'region', width: 8.5, cell: (row) => row.region_name || row.region_code || faint },
  { name: 'install_address', stretches: true, sort: 'install_address', width: 12, cell: text('install_address') },
  { name: 'owner', stretches: true, sort: 'owner', width: 8, cell: text('owner') },
  { name: 'address', sort: 'address', width: 8.5, cell: text('address') },
  { name: 'access', width: 6.5, cell: (row) => html`<span class="access access-${row.access.decision}">
    ${t(`access.${row.access.decision}`)}</span>` },
  { name: 'common_name', sort: 'common_name', width: 9, cell: text('common_name') },
  { name: 'pole_code', sort: 'pole', width: 7, cell: text('pole_code') },
  { name: 'region_code', sort: 'region_code', width: 9.5, cell: text('region_code') },
  { name: 'gb_device_id', sort: 'gb_device_id', width: 13, cell: text('gb_device_id') },
  { name: 'manufacturer', sort: 'manufacturer', width: 8, cell: text('manufacturer') },
  { name: 'model', sort: 'model', width: 9, cell: text('model') },
  { name: 'serial_no', width: 9, cell: text('serial_no') },
  { name: 'firmware', width: 9, cell: text('firmware') },
  { name: 'life_cycle', sort: 'life_cycle', width: 6.5, cell: (row) => t(`life_cycle.${row.life_cycle}`) },
  { name: 'point_class', sort: 'point_class', width: 5, number: true, cell: text('point_class') },
  { name: 'mgmt_unit', sort: 'mgmt_unit', width: 9, cell: text('mgmt_unit') },
  { name: 'installed_on', sort: 'installed_on', width: 7.5, cell: text('installed_on') },
  { name: 'retention_days', sort: 'retention_days', width: 5.5, number: true, cell: text('retention_days') },
  { name: 'completeness_pct', sort: 'completeness', width: 6, number: true, cell: number('completeness_pct', ' %') },
  { name: 'breaks', width: 12, cell: (row) => row.breaks.map((code) => tOr(`rule.${code}`, code)).join(t('word.comma')) || faint },
  { name: 'open_faults', width: 5.5, number: true, cell: text('open_faults') },
  { name: 'problems', width: 9, cell: (row) => row.problems.map((code) => tOr(`oddity.${code}`, code)).join(t('word.comma')) || faint },
  { name: 'position', width: 12, cell: (row) => (row.lon === null ? faint : `${row.lon.toFixed(6)}, ${row.lat.toFixed(6)}`) },
  { name: 'bearing_deg', width: 5, number: true, cell: number('bearing_deg', '°') },
  { name: 'h_fov_deg', width: 5.5, number: true, cell: number('h_fov_deg', '°') },
  { name: 'max_view_m', width: 5.5, number: true, cell: number('max_view_m', ' m') },
  { name: 'ptz', width: 4.5, cell: yes('ptz') },
  { name: 'indoor', width: 4.5, cell: yes('indoor') },
  { name: 'still', width: 7.5, cell: date('still_at') },
  { name: 'created_at', sort: 'created_at', width: 7.5, cell: date('created_at') },
  { name: 'changed_at', sort: 'changed_at', width: 7.5, cell: date('changed_at') },
  { name: 'id', sort: 'id', width: 5, number: true, cell: (row) => row.id },
];
const USUAL = ['name', 'tier', 'status', 'since', 'region_name', 'install_address', 'owner'];
const key = (user) => `vms.columns.${user.id ?? user.name}`;

/** Columns as [[name, width], …], from storage, a view or the usual ones; names that no longer exist are left out. */
export function columnsFrom(pairs) {
  const found = (pairs ?? []).map(([name, width]) => {
    const column = ALL.find((each) => each.name === name);
    return column && { ...column, width: Math.max(4, Math.min(60, Number(width) || column.width)) };
  }).filter(Boolean);
  const columns = found.length ? found : ALL.filter((each) => USUAL.includes(each.name));
  return columns.map((column) => ({ ...column, label: t(`field.${column.name}`) }));
}

export const pairsOf = (columns) => columns.map((column) => [column.name, Math.round(column.width * 10) / 10]);

function remembered(user) {
  try {
    return JSON.parse(localStorage.getItem(key(user)) ?? 'null');
  } catch { return null; }
}

/** [columns, setColumns, setPairs]: kept for this person in this browser. */
export function useColumns(user) {
  const [pairs, setPairs] = useState(() => remembered(user));
  const keep = (next) => {
    setPairs(next);
    if (next) localStorage.setItem(key(user), JSON.stringify(next));
    else localStorage.removeItem(key(user));
  };
  return [columnsFrom(pairs), (columns) => keep(columns && pairsOf(columns)), keep];
}

export function ColumnPicker({ columns, setColumns }) {
  const names = columns.map((column) => column.name);
  const others = ALL.filter((each) => !names.includes(each.name));
  const moved = (at, by) => {
    const next = [...columns];
    [next[at], next[at + by]] = [next[at + by], next[at]];
    setColumns(next);
  };
  return html`<div class="column-picker"><ul>${columns.map((column, at) => html`<li key=${column.name}><label><input type="checkbox" checked
        disabled=${columns.length === 1} onChange=${() => setColumns(columns.filter((each) => each !== column))} />${column.label}</label>
      <button type="button" class="small quiet" disabled=${at === 0} aria-label=${t('inventory.column_up', { name: column.label })}
        onClick=${() => moved(at, -1)}>↑</button>
      <button type="button" class="small quiet" disabled=${at === columns.length - 1} aria-label=${t('inventory.column_down', { name: column.label })}
        onClick=${() => moved(at, 1)}>↓</button></li>`)}</ul>
    <ul>${others.map((column) => html`<li key=${column.name}><label><input type="checkbox" checked=${false}
      onChange=${() => setColumns([...columns, ...columnsFrom([[column.name]])])} />${t(`field.${column.name}`)}</label></li>`)}</ul>
    <button type="button" class="small" onClick=${() => setColumns(null)}>${t('inventory.columns_usual')}</button></div>`;
}
