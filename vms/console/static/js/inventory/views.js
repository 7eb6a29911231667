// Saved views: the question, the columns, the order and the grouping under a name, one's own or shared.
import { post, put, remove } from '../api.js';
import { Problem, useDeed } from '../deed.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { useResource } from '../resource.js';
import { go, setQuery } from '../router.js';
import { pairsOf } from './columns.js';
import { Menu } from './menu.js';

const PX_PER_REM = 16;

function contentOf({ filter, q }, sort, group, columns) {
  const pairs = pairsOf(columns);
  return { filter, q, sort, group: group || null, columns: pairs.map(([name]) => name),
    widths: Object.fromEntries(pairs.map(([name, rem]) => [name, Math.round(rem * PX_PER_REM)])) };
}

export const columnsOf = (content) => content.columns.map((name) => [name, (content.widths[name] ?? 0) / PX_PER_REM]);

export function Views({ query, question, sort, columns, setPairs }) {
  const views = useResource('views');
  const { run, busy, problem } = useDeed();
  const items = views.data?.items ?? [];
  const now = items.find((view) => String(view.id) === query.view);
  const content = () => contentOf(question, sort, query.group, columns);
  function open(view, done) {
    if (view.content.columns.length) setPairs(columnsOf(view.content));
    go('inventory', { view: view.id, filter: view.content.filter, q: view.content.q, sort: view.content.sort, group: view.content.group });
    done();
  }
  async function save(event, done) {
    event.preventDefault();
    const form = new FormData(event.target);
    const saved = await run(() => post('views', { name: form.get('name').trim(), shared: form.has('shared'), content: content() }));
    views.reload();
    if (saved !== undefined) open(saved, done);
  }
  const overwrite = async (done) => {
    if (await run(() => put(`views/${now.id}`, { name: now.name, shared: now.shared, content: content() })) === undefined) return;
    views.reload();
    done();
  };
  async function drop(view) {
    if (await run(() => remove(`views/${view.id}`)) !== undefined && view === now) setQuery({ view: null });
    views.reload();
  }
  return html`<${Menu} label=${now ? now.name : t('view.title')} wide onOpen=${views.reload}>${(done) => html`<ul class="view-list">${items.map((view) => html`<li key=${view.id} data-view=${view.name}>
      <button type="button" class="quiet" aria-current=${view === now ? 'true' : undefined} onClick=${() => open(view, done)}>${view.name}
        ${view.shared && html`<small>${view.mine ? t('view.shared') : t('view.shared_by', { who: view.owner })}</small>`}</button>
      ${view.mine && html`<button type="button" class="small quiet" disabled=${busy} aria-label=${t('view.remove', { name: view.name })} onClick=${() => drop(view)}>✕</button>`}</li>`)}
      ${items.length === 0 && html`<li class="faint">${t('view.none')}</li>`}</ul>
    ${now?.mine && html`<button type="button" class="small" disabled=${busy} onClick=${() => overwrite(done)}>${t('view.overwrite', { name: now.name })}</button>`}
    <form class="form-lines" onSubmit=${(event) => save(event, done)}><label>${t('view.save_as')}<input name="name" required maxlength="80" /></label>
      <label class="check"><input type="checkbox" name="shared" />${t('view.share')}</label><button type="submit" class="small primary" disabled=${busy}>${t('action.save')}</button></form>
    <${Problem} of=${problem} />`}<//>`;
}
