// Notices: outages and maintenance windows that were announced; asked for here, decided on by somebody else, withdrawn.
import { post } from '../api.js';
import { Problem, useDeed } from '../deed.js';
import { html, useState } from '../html.js';
import { t } from '../i18n.js';
import { Pager } from '../pager.js';
import { Chips, Empty, Shown } from '../parts.js';
import { useRegions } from '../region_choice.js';
import { useResource } from '../resource.js';
import { setQuery } from '../router.js';
import { dateTime } from '../time.js';
import { NoticeForm } from './notice_form.js';

const LIMIT = 50;
const STATES = ['asked', 'approved', 'refused', 'withdrawn'];
const TONE = { asked: 'paused', approved: 'done', refused: 'failed', withdrawn: 'over' };
const VALUES = 3;
const ASKS = ['admin', 'operator', 'maintainer'];
const DECIDES = ['admin', 'reviewer'];
const when = (at) => dateTime(at).slice(0, -3);

function scopeWords({ kind, values }, regions) {
  const names = kind === 'region' ? values.map(regions.nameOf) : values;
  return `${t(`notice.scope.${kind}`)}${t('word.colon')}${names.slice(0, VALUES).join(t('word.comma'))}${names.length > VALUES ? ` … ${names.length}` : ''}`;
}

/** A refusal and a withdrawal ask for a word first. */
function Deeds({ notice, user, onDone }) {
  const { run, busy, problem } = useDeed();
  const [asked, setAsked] = useState('');
  const mine = notice.asked_by === user.name;
  const decides = DECIDES.includes(user.role);
  const over = Date.parse(notice.end_at) < Date.now();
  const deeds = [...(notice.state === 'asked' && decides && !mine ? ['approve', 'refuse'] : []), ...(['asked', 'approved'].includes(notice.state) && (mine || decides) && !over ? ['withdraw'] : [])];
  async function tell(deed, note) {
    const done = await run(() => (deed === 'withdraw' ? post(`notices/${notice.id}/withdraw`, { note }) : post(`notices/${notice.id}/decision`, { approve: deed === 'approve', note })));
    if (done === undefined) return;
    setAsked('');
    onDone();
  }
  const submit = (event) => { event.preventDefault(); tell(asked, new FormData(event.target).get('note').trim()); };
  return html`<div class="chips">${deeds.map((deed) => html`<button type="button" key=${deed} class="small ${deed === 'approve' ? 'primary' : ''}" data-deed=${deed} disabled=${busy} aria-pressed=${asked === deed}
      onClick=${() => (deed === 'approve' ? tell(deed, '') : setAsked(asked === deed ? '' : deed))}>${t(`notice.do.${deed}`)}</button>`)}</div>
    ${asked && html`<form class="inline-form" onSubmit=${submit}><label>${t('word.why')}<input name="note" maxlength="2000" required=${asked === 'refuse'} /></label><button type="submit" class="small primary" disabled=${busy}>${t(`notice.do.${asked}`)}</button></form>`}
    ${notice.state === 'asked' && mine && user.role === 'admin' && html`<small class="why">${t('notice.not_own')}</small>`}<${Problem} of=${problem} />`;
}

function Row({ notice, user, regions, onDone }) {
  return html`<tr data-notice=${notice.id}><td><span class="work-state is-${TONE[notice.state]}">${t(`notice.state.${notice.state}`)}</span>${notice.holds && html`<small class="why">● ${t('notice.holds')}</small>`}${notice.late && html`<small class="why">${t('notice.late')}</small>`}</td>
    <th scope="row" class="wide-cell">${t(`notice.kind.${notice.kind}`)}<small class="why">${notice.reason}</small></th><td>${when(notice.start_at)}<br />${when(notice.end_at)}</td>
    <td>${scopeWords(notice.scope, regions)}</td><td class="number-cell">${notice.cameras.toLocaleString()}</td><td>${notice.asked_by}</td>
    <td>${notice.decided_by ?? '—'}${notice.note && html`<small class="why">${notice.note}</small>`}</td><td><${Deeds} notice=${notice} user=${user} onDone=${onDone} /></td></tr>`;
}

export function Notices({ query, user }) {
  const offset = Number(query.offset) || 0;
  const [asking, setAsking] = useState(false);
  const list = useResource('notices', { state: query.state, limit: LIMIT, offset }, { refreshOn: ['notice.'], everyS: 60 });
  const regions = useRegions();
  const none = (page) => page.items.length === 0 && html`<${Empty} title=${t('notice.none')} next=${t('notice.none.next')} />`;
  return html`<div class="table-tools"><${Chips} label=${t('orders.state')} value=${query.state} onChange=${(next) => setQuery({ state: next || null, offset: null })} options=${STATES.map((each) => [each, t(`notice.state.${each}`)])} />
      ${ASKS.includes(user.role) && html`<button type="button" class="small primary push-end" data-deed="ask" onClick=${() => setAsking(true)}>${t('notice.ask')}</button>`}</div>
    <${Shown} resource=${list} empty=${none}>${(page) => html`<div class="table-box"><table class="list"><thead><tr><th scope="col">${t('orders.state')}</th><th scope="col">${t('notice.what')}</th><th scope="col">${t('notice.time')}</th>
        <th scope="col">${t('notice.scope')}</th><th scope="col" class="number-cell">${t('figures.cameras')}</th><th scope="col">${t('notice.asked_by')}</th><th scope="col">${t('notice.decided_by')}</th><th></th></tr></thead>
      <tbody>${page.items.map((notice) => html`<${Row} key=${notice.id} notice=${notice} user=${user} regions=${regions} onDone=${list.reload} />`)}</tbody></table></div>
      <${Pager} total=${page.total} limit=${LIMIT} offset=${offset} onOffset=${(next) => setQuery({ offset: next || null })} />`}<//>
    ${asking && html`<${NoticeForm} regions=${regions} user=${user} close=${() => setAsking(false)} onDone=${list.reload} />`}`;
}
