// The inventory: every camera as a line of one long table; the address bar holds the question.
import { get } from '../api.js';
import { keepPosition, takePosition } from '../came_from.js';
import { useEvents } from '../events.js';
import { html, useEffect, useMemo, useReducer, useRef, useState } from '../html.js';
import { t } from '../i18n.js';
import { Empty, Failed, Refused } from '../parts.js';
import { useResource } from '../resource.js';
import { go, link, setQuery } from '../router.js';
import { useChoice } from './choice.js';
import { useColumns } from './columns.js';
import { Grid } from './grid.js';
import { GroupLines, PlainLines } from './lines.js';
import { inGroup, narrowed, questionOf } from './question.js';
import { groupLabel, Tools } from './tools.js';
import { Tree } from './tree.js';

const AGAIN_MS = 1200;
const TREE_KEPT = 'vms.inventory.tree';

/** The lines of a question, loaded anew (in place) when cameras change. */
function useLines(key, make) {
  const [, tell] = useReducer((n) => n + 1, 0);
  const lines = useMemo(() => make(tell), [key]);
  const timer = useRef(null);
  useEffect(() => () => {
    lines.stop();
    clearTimeout(timer.current);
    timer.current = null;
  }, [lines]);
  useEvents(['camera.'], () => {
    timer.current ??= setTimeout(() => { timer.current = null; lines.refresh(); }, AGAIN_MS);
  });
  return lines;
}

/** Where in the list a person is: `before` when they were here last with this question (until they are there again); `now` is kept when they leave. */
function usePosition(question) {
  const [before] = useState(() => ({ current: takePosition(question) }));
  const now = useRef(before.current ?? { from: 0, active: -1 });
  const opened = useRef([]);
  const asked = useRef(question);
  asked.current = question;
  useEffect(() => {
    const leave = () => keepPosition(asked.current, { ...now.current, open: [...opened.current] });
    window.addEventListener('pagehide', leave);
    return () => {
      window.removeEventListener('pagehide', leave);
      leave();
    };
  }, []);
  return { before, now, opened };
}

/** Groups that the server counted, and which of them are unfolded. */
function useGroups(by, question, openedBefore) {
  const groups = useResource(by ? 'cameras/groups' : null, { by, ...question }, { refreshOn: ['camera.added', 'camera.changed'] });
  const [open, setOpen] = useState(() => new Set(openedBefore));
  const grouped = useRef(by);
  useEffect(() => {
    if (grouped.current !== by) setOpen(new Set());
    grouped.current = by;
  }, [by]);
  const fold = (group) => setOpen((before) => {
    const next = new Set(before);
    if (!next.delete(group.key)) next.add(group.key);
    return next;
  });
  const items = by ? groups.data?.items.map((group) => ({ ...group, count: group.counts.total, label: groupLabel(by, group) })) ?? null : null;
  return { items, open, fold, error: by && groups.error };
}

export function Inventory({ query, user }) {
  const [columns, setColumns, setPairs] = useColumns(user);
  const [treeShown, showTree] = useState(() => localStorage.getItem(TREE_KEPT) !== 'no');
  const sort = query.sort ?? (query.q ? '' : 'name');
  const { filter, q, shift } = questionOf(query);
  const question = JSON.stringify([filter, q, sort, query.group]);
  const position = usePosition(question);
  const groups = useGroups(query.group, { filter, q }, position.before.current?.open);
  position.opened.current = groups.open;
  const load = (asked) => (offset, limit, signal, after) => get('cameras', { filter: asked, q, sort, limit, ...(after ? { after } : { offset }) }, { signal });
  const key = JSON.stringify([question, groups.items?.map((each) => [each.key, each.count]), [...groups.open]]);
  const lines = useLines(key, (tell) => (query.group ? new GroupLines(groups.items ?? [], groups.open, (group) => load(inGroup(filter, query.group, group.key)), tell)
    : new PlainLines(load(filter), tell)));
  const total = query.group && !groups.items ? null : lines.total;
  const choice = useChoice(question, total);
  const error = lines.error ?? groups.error;
  const wrong = error?.where === 'filter';
  const turnTree = () => {
    localStorage.setItem(TREE_KEPT, treeShown ? 'no' : 'yes');
    showTree(!treeShown);
  };
  return html`<div class="inventory">${treeShown && html`<${Tree} query=${query} />`}<section class="inventory-main">
    <${Tools} query=${query} user=${user} total=${total} columns=${columns} setColumns=${setColumns} setPairs=${setPairs} sort=${sort} choice=${choice} question=${{ filter, q }}
      error=${wrong ? error : null} shift=${shift} treeShown=${treeShown} turnTree=${turnTree} />
    ${error && !wrong && (error.refused ? html`<${Refused} error=${error} />` : html`<${Failed} error=${error} again=${() => lines.refresh()} />`)}
    ${wrong ? html`<${Empty} title=${t('inventory.filter_wrong')} next=${t('inventory.filter_wrong.next')}><a class="button" href=${link('inventory')}>${t('filter.clear')}</a><//>`
      : total === 0 && !error ? html`<${Empty} title=${t(narrowed(query) ? 'inventory.nothing_fits' : 'inventory.nothing')}
        next=${t(narrowed(query) ? 'inventory.nothing_fits.next' : 'inventory.nothing.next')}>
        ${narrowed(query) && html`<a class="button" href=${link('inventory')}>${t('filter.clear')}</a>`}<//>`
      : html`<${Grid} lines=${lines} columns=${columns} label=${t('nav.inventory')} choice=${choice} sort=${sort} top=${question} position=${position}
        onSort=${(next) => setQuery({ sort: next })} onColumns=${setColumns} onOpen=${(row) => go(`camera/${row.id}`)} onGroup=${groups.fold} />`}
  </section></div>`;
}
