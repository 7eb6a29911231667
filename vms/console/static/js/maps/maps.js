// The maps that the town is made of: their sources, taking one in, how the last ones went, cameras that maps know.
import { html, useEffect, useState } from '../html.js';
import { t } from '../i18n.js';
import { Shown, whoName } from '../parts.js';
import { useResource } from '../resource.js';
import { Age } from '../time.js';
import { Candidates } from './candidates.js';
import { Held, isUnderWay, Running, State, Wrong } from './running.js';
import { changeText, Sources } from './sources.js';
import { TakeIn } from './take_in.js';

const LIMIT = 10;

function cameOfIt(one) {
  if (one.kind === 'candidates') return 'drafts' in one.counts ? t('maps.came.drafts', { n: one.counts.drafts.toLocaleString() }) : '—';
  return 'added' in one.counts ? changeText(one.counts) : '—';
}

function Past({ past }) {
  return html`<${Shown} resource=${past} empty=${(page) => page.total === 0 && html`<span></span>`}>${(page) => html`<section class="card"><h2>${t('maps.past')}</h2><div class="table-box"><table class="list"><thead><tr>
    <th scope="col">${t('looks.when')}</th><th scope="col">${t('import.file')}</th><th scope="col">${t('sweep.state')}</th><th scope="col">${t('maps.came')}</th><th scope="col">${t('looks.who')}</th></tr></thead>
    <tbody>${page.items.map((one) => html`<tr key=${one.id} data-import=${one.id}><td><${Age} at=${one.asked_at} /></td>
      <th scope="row">${one.file_name || one.source}<small class="why">${one.kind === 'candidates' ? t('maps.candidates') : one.source}</small></th><td><${State} one=${one} /><${Held} one=${one} /></td>
      <td>${cameOfIt(one)}<${Wrong} one=${one} /></td><td>${whoName(one.by)}</td></tr>`)}</tbody></table></div></section>`}<//>`;
}

export function Maps() {
  const [entered, setEntered] = useState(null);
  const sources = useResource('map/sources', {}, { refreshOn: ['map.changed'] });
  const past = useResource('map/imports', { limit: LIMIT }, { refreshOn: ['map.changed'], everyS: 3 });
  const running = past.data?.items.find(isUnderWay)?.id ?? null;
  useEffect(() => { if (running !== null && entered === null) setEntered(running); }, [running]);
  const standing = past.data?.items.filter((one) => one.state === 'current').map((one) => one.id).join();
  useEffect(() => { if (sources.data) sources.reload(); }, [standing]);
  const drafted = past.data?.items.find((one) => one.kind === 'candidates' && !isUnderWay(one))?.id;
  return html`<div class="paper maps"><${Sources} sources=${sources} />
    <${TakeIn} known=${sources.data?.items.map((one) => one.source) ?? []} onEntered=${(one) => { setEntered(one.id); past.reload(); }} />
    ${entered !== null && html`<${Running} key=${entered} id=${entered} onOver=${past.reload} onLeave=${() => setEntered(null)} />`}
    <${Past} past=${past} /><${Candidates} taken=${drafted} /></div>`;
}
