// The faults as rows under their outages, with a cursor for the keyboard, a choice of several, and verdicts.
import { html, useEffect, useState } from '../html.js';
import { post } from '../api.js';
import { Problem, useDeed } from '../deed.js';
import { t } from '../i18n.js';
import { useKeys } from '../keys.js';
import { SortHead } from '../pager.js';
import { faultName } from '../parts.js';
import { useResource } from '../resource.js';
import { go, setQuery } from '../router.js';
import { FaultRow } from './fault_row.js';
import { FoldedRow } from './folded_row.js';
import { mayAccept, VERDICTS, Verdicts } from './verdicts.js';

const MOST_UNDER = 200;

function Under({ outage, asked, render }) {
  const faults = useResource('faults', { ...asked, outage_id: outage.outage_id, limit: MOST_UNDER }, { refreshOn: ['fault.', 'outage.'] });
  if (!faults.data) return html`<tr><td colspan="9" class="faint">${faults.error ? faults.error.message : t('state.loading')}</td></tr>`;
  return faults.data.items.map((fault) => render(fault, true));
}

export function FaultList({ page, asked, sort, first, user, office, regions, onChanged }) {
  const [chosen, setChosen] = useState(new Set());
  const [opened, setOpened] = useState(new Set());
  const [at, setAt] = useState(-1);
  const deed = useDeed();
  const ids = page.items.map((fault) => fault.id);
  const judges = ['admin', 'maintainer'].includes(user.role);
  const crew = Boolean(user.maintainer_id);
  // What has left the list is not chosen any more.
  useEffect(() => setChosen((before) => new Set([...before].filter((id) => ids.includes(id)))), [ids.join()]);
  // The keyboard is where the cursor is, so that Enter and Tab go on from there.
  useEffect(() => {
    const row = at >= 0 && document.querySelector('.faults tr.is-cursor');
    if (!row) return;
    row.querySelector('th a').focus();
    row.scrollIntoView({ block: 'nearest' });
  }, [at]);
  const toggle = (set, change) => (id) => { const next = new Set(set); if (!next.delete(id)) next.add(id); change(next); };
  const pick = toggle(chosen, setChosen);
  const under = page.items[at];
  const meant = chosen.size ? [...chosen] : under ? [under.id] : [];
  const acceptable = (of) => page.items.every((fault) => !of.includes(fault.id) || mayAccept(fault));

  // What is to stay so needs a word why: it is asked for in the line of the chosen ones.
  const [asks, setAsks] = useState(0);
  useEffect(() => { if (asks) document.querySelector('.chosen-bar input')?.focus(); }, [asks]);
  const judge = (verdict, of = meant, note = '') => {
    if (!of.length || !judges || (crew && verdict !== 'true') || (verdict === 'accepted' && !acceptable(of))) return;
    if (verdict === 'accepted' && !note.trim()) {
      setChosen(new Set(of));
      setAsks((n) => n + 1);
      return;
    }
    deed.run(async () => {
      const problems = [];
      for (const id of of) await post(`faults/${id}/verdict`, { verdict, note }).catch((problem) => problems.push(problem));
      onChanged();
      if (problems.length) throw problems[0];
      setChosen(new Set());
    });
  };
  const order = (fault) => {
    if (fault.order) go(`orders/${fault.order.id}`);
    else if (office || user.role === 'operator') deed.run(async () => {
      const made = await post('work-orders', { camera_id: fault.camera_id, reason: faultName(fault.kind), severity: fault.severity, layer: fault.layer });
      go(`orders/${made.id}`);
    });
  };
  const move = (step) => setAt((now) => Math.max(0, Math.min(page.items.length - 1, now + step)));
  useKeys({
    j: () => move(1), k: () => move(-1), x: () => under && pick(under.id),
    ...Object.fromEntries(VERDICTS.map(({ verdict, key }) => [key, () => judge(verdict)])),
    o: () => under && order(under),
    Enter: (event) => { if (event.target.closest?.('a, button, summary')) event.target.click(); else if (under) go(`camera/${under.camera_id}`); },
  });
  const onSort = (next) => setQuery({ sort: next, offset: null });
  const head = (name, words, number = false) => html`<${SortHead} name=${name} label=${words} number=${number} sort=${sort} onSort=${onSort} />`;
  const row = (fault, child = false) => html`<${FaultRow} key=${fault.id} fault=${fault} regions=${regions} judges=${judges} crew=${crew} orders=${office || user.role === 'operator'} child=${child} chosen=${chosen.has(fault.id)}
    cursor=${!child && under?.id === fault.id} onPick=${pick} onJudge=${judge} onOrder=${order} />`;
  return html`${judges && chosen.size > 0 && html`<div class="chosen-bar" role="status">${t('fault.chosen', { n: chosen.size })} <${Verdicts} busy=${deed.busy} onJudge=${(verdict, note) => judge(verdict, [...chosen], note)} noted crew=${crew} picture=${acceptable([...chosen])} />
      <button type="button" class="quiet" onClick=${() => setChosen(new Set())}>${t('fault.choose_none')}</button></div>`}
    <${Problem} of=${deed.problem} /><div class="table-box"><table class="list fault-list"><thead><tr>${judges && html`<th scope="col"><input type="checkbox" aria-label=${t('fault.choose_all')} checked=${ids.length > 0 && chosen.size === ids.length}
        onChange=${() => setChosen(new Set(chosen.size === ids.length ? [] : ids))} /></th>`}
      <th scope="col">${t('fault.picture')}</th>${head('camera_name', t('fault.camera'))}${head('kind', t('fault.cause'))}${head('severity', t('fault.severity'))}${head('opened_at', t('fault.since'))}
      ${head('loss', t('orders.loss'), true)}<th scope="col">${t('fault.order')}</th><th scope="col">${t('orders.maintainer')}</th>${judges && html`<th scope="col">${t('fault.verdict')}</th>`}</tr></thead>
    ${first && page.folded.map((outage) => html`<tbody key=${`o${outage.outage_id}`}><${FoldedRow} outage=${outage} wide=${judges} open=${opened.has(outage.outage_id)} onOpen=${() => toggle(opened, setOpened)(outage.outage_id)} />
      ${opened.has(outage.outage_id) && html`<${Under} outage=${outage} asked=${asked} render=${row} />`}</tbody>`)}
    <tbody>${page.items.map((fault) => row(fault))}</tbody></table></div>
    <p class="keys-line faint">${t('fault.keys')}</p>`;
}
