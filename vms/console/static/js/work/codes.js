// The code tables of the archive: what each code means in which edition; an administrator adds codes, words them and retires them.
import { put } from '../api.js';
import { inWords } from '../camera/field_input.js';
import { Problem, useDeed } from '../deed.js';
import { Drawer } from '../drawer.js';
import { html, useState } from '../html.js';
import { language, t, tOr } from '../i18n.js';
import { Shown } from '../parts.js';
import { useResource } from '../resource.js';
import { setQuery } from '../router.js';

const CODE = '[0-9A-Za-z_.\\-]+';
const USUAL_PLACE = 1000;
const keep = ({ table, edition, code, zh, en, position = USUAL_PLACE }, inUse) => put(
  ['code-tables', table, edition, code].map((part, n) => (n ? encodeURIComponent(part) : part)).join('/'), { zh, en, in_use: inUse, position });

function CodeForm({ table, code, editions, close, onDone }) {
  const { run, busy, problem } = useDeed();
  async function submit(event) {
    event.preventDefault();
    const form = new FormData(event.target);
    const given = (name) => form.get(name).trim();
    const wanted = { ...code, table, zh: given('zh'), en: given('en'), ...(code.code ? {} : { edition: given('edition'), code: given('code') }) };
    if (await run(() => keep(wanted, code.in_use ?? true)) === undefined) return;
    onDone();
    close();
  }
  return html`<${Drawer} title=${code.code ? t('codes.change', { code: code.code }) : t('codes.add')} close=${close}><form class="form-lines" onSubmit=${submit}>
    ${!code.code && html`<label>${t('codes.edition')}<input name="edition" required maxlength="40" list="editions" defaultValue=${code.edition ?? ''} /></label>
      <datalist id="editions">${editions.map((each) => html`<option key=${each} value=${each} />`)}</datalist>
      <label>${t('codes.code')}<input name="code" required maxlength="20" pattern=${CODE} autocomplete="off" spellcheck=${false} /></label>`}
    <label>${t('codes.zh')}<input name="zh" required maxlength="100" defaultValue=${code.zh ?? ''} /></label>
    <label>${t('codes.en')}<input name="en" required maxlength="100" defaultValue=${code.en ?? ''} /></label>
    <p class="note">${t('codes.hint')}</p><${Problem} of=${problem} />
    <div class="row-end"><button type="submit" class="primary" disabled=${busy}>${t('action.save')}</button></div></form><//>`;
}

function Row({ code, admin, open, onDone }) {
  const { run, busy, problem } = useDeed();
  const turn = async () => { if (await run(() => keep(code, !code.in_use)) !== undefined) onDone(); };
  return html`<tr data-code=${code.code} class=${code.in_use ? '' : 'is-left-out'}><th scope="row"><code>${code.code}</code></th><td>${code.zh}</td><td>${code.en}</td>
    <td>${!code.in_use && html`<span class="work-state">${t('codes.retired')}</span> `}${!code.shipped && html`<small>${t('codes.own')}</small>`}
      ${code.shipped && !code.sure && html`<small class="faint">${t('codes.unsure')}</small>`}</td>
    ${admin && html`<td class="row-deeds"><button type="button" class="small" data-deed="change" onClick=${() => open(code)}>${t('codes.word')}</button>
      <button type="button" class="small" data-deed=${code.in_use ? 'retire' : 'use'} disabled=${busy} onClick=${turn}>${t(code.in_use ? 'codes.retire' : 'codes.use')}</button><${Problem} of=${problem} /></td>`}</tr>`;
}

function Table({ table, name, rows, admin, onDone }) {
  const [opened, setOpened] = useState(null);
  const editions = [...new Set(rows.map((row) => row.edition))];
  return html`<section class="code-table"><header class="table-tools"><h2>${name}</h2>${admin && html`<button type="button" class="small push-end" data-deed="add"
      onClick=${() => setOpened({ edition: editions[0] })}>${t('codes.add')}</button>`}</header>
    <div class="table-box"><table class="list"><thead><tr><th scope="col">${t('codes.code')}</th><th scope="col">${t('codes.zh')}</th><th scope="col">${t('codes.en')}</th><th scope="col"></th>${admin && html`<th></th>`}</tr></thead>
    ${editions.map((edition) => html`<tbody key=${edition} data-edition=${edition}><tr class="edition"><th scope="rowgroup" colspan=${admin ? 5 : 4}>${t('codes.of_edition', { edition: edition === 'vms' ? t('codes.program') : edition })}</th></tr>
      ${rows.filter((row) => row.edition === edition).map((code) => html`<${Row} key=${code.code} code=${code} admin=${admin} open=${setOpened} onDone=${onDone} />`)}</tbody>`)}</table></div>
    ${opened && html`<${CodeForm} table=${table} code=${opened} editions=${editions} close=${() => setOpened(null)} onDone=${onDone} />`}</section>`;
}

export function Codes({ query, user }) {
  const tables = useResource('code-tables', {}, { everyS: 60 });
  const fields = useResource('archive/fields');
  const nameOf = (table) => tOr(`codes.table.${table}`, '') || inWords(fields.data?.items.find((about) => about.table === table) ?? { label_zh: table, label_en: table });
  return html`<${Shown} resource=${tables}>${({ items }) => {
    const names = [...new Set(items.map((row) => row.table))].sort((a, b) => nameOf(a).localeCompare(nameOf(b), language()));
    const current = names.includes(query.table) ? query.table : names[0];
    return html`<div class="code-tables"><nav class="review-list" aria-label=${t('archive.codes')}>${names.map((table) => html`<button type="button" key=${table} data-table=${table} aria-current=${table === current ? 'true' : undefined}
        onClick=${() => setQuery({ table })}><b>${nameOf(table)}</b><small>${t('codes.n', { n: items.filter((row) => row.table === table && row.in_use).length })}</small></button>`)}</nav>
      <${Table} key=${current} table=${current} name=${nameOf(current)} rows=${items.filter((row) => row.table === current)} admin=${user.role === 'admin'} onDone=${tables.reload} /></div>`;
  }}<//>`;
}
