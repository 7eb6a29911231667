// One outage in a drawer: the evidence, its cameras, its orders, and the word whether its cause is the right one.
import { post } from '../api.js';
import { Problem, useDeed } from '../deed.js';
import { Drawer } from '../drawer.js';
import { html, useState } from '../html.js';
import { t } from '../i18n.js';
import { Pager } from '../pager.js';
import { outageName, Shown, Tier } from '../parts.js';
import { useResource } from '../resource.js';
import { link } from '../router.js';
import { said } from '../said.js';
import { Age, At } from '../time.js';
import { Cause, lasted, Verdict } from './outage_words.js';

const LIMIT = 50;

function Word({ outage, onDone }) {
  const { run, busy, problem } = useDeed();
  const [asked, setAsked] = useState('');
  if (outage.verdict === 'wrong') return null;
  async function tell(verdict, note) {
    if (await run(() => post(`outages/${outage.id}/verdict`, { verdict, note })) === undefined) return;
    setAsked('');
    onDone();
  }
  const submit = (event) => { event.preventDefault(); tell('wrong', new FormData(event.target).get('note').trim()); };
  return html`<section class="order-steps"><h3>${t('outage.ask')}</h3><div class="chips"><button type="button" class="small primary" data-verdict="right" disabled=${busy || outage.verdict === 'right'} onClick=${() => tell('right', '')}>✓ ${t('outage.verdict.right')}</button>
      <button type="button" class="small danger-quiet" data-verdict="wrong" disabled=${busy} aria-pressed=${asked === 'wrong'} onClick=${() => setAsked(asked ? '' : 'wrong')}>✕ ${t('outage.verdict.wrong')}</button></div>
    ${asked === 'wrong' && html`<form class="form-lines" onSubmit=${submit}><p class="note">${t('outage.wrong_hint')}</p><label>${t('outage.why_wrong')}<textarea name="note" rows="2" maxlength="2000" required></textarea></label>
      <div class="row-end"><button type="submit" class="danger" disabled=${busy}>${t('outage.dissolve')}</button></div></form>`}<${Problem} of=${problem} /></section>`;
}

function Members({ outage, offset, setOffset, regions }) {
  return html`<section><h3>${t('outage.cameras')} <small>${outage.members_total.toLocaleString()}</small></h3><div class="table-box"><table class="list"><tbody>${outage.members.map((camera) => html`<tr key=${camera.camera_id} data-camera=${camera.camera_id}>
      <th scope="row"><a href=${link(`camera/${camera.camera_id}`)}>${camera.name}</a></th><td><${Tier} tier=${camera.tier} /></td><td>${regions.nameOf(camera.region_code)}</td>
      <td>${camera.until_at ? html`<span class="faint">${t('outage.back')} <${Age} at=${camera.until_at} /></span>` : html`<span class="is-wrong">✕ ${t('outage.away')}</span>`}</td></tr>`)}</tbody></table></div>
    <${Pager} total=${outage.members_total} limit=${LIMIT} offset=${offset} onOffset=${setOffset} /></section>`;
}

export function OutageDrawer({ id, office, regions, onChanged, close }) {
  const [offset, setOffset] = useState(0);
  const found = useResource(`outages/${encodeURIComponent(id)}`, { limit: LIMIT, offset }, { refreshOn: ['outage.'], everyS: 60 });
  const done = () => { found.reload(); onChanged(); };
  return html`<${Drawer} title=${outageName(found.data) ?? t('nav.outages')} close=${close}><${Shown} resource=${found}>${(outage) => html`<div class="order-head"><p><${Cause} kind=${outage.kind} /> ${said(outage.because)} · ${t(`outage.source.${outage.source}`)} <${Verdict} outage=${outage} /></p>
      ${!outage.whole && html`<p class="note">${t('outage.part.hint')}</p>`}${outage.note && html`<p>${outage.verdict_by}${t('word.colon')}${outage.note}</p>`}
      <p class="faint">${t('fault.since')} <${At} at=${outage.opened_at} /> · ${t('outage.found')} <${At} at=${outage.found_at} />${outage.closed_at && ` · ${t('outage.lasted', { time: lasted(outage) })}`}</p>
      ${outage.part_of !== null && html`<p><a href=${link('outages', { outage: outage.part_of, state: 'all' })}>${t('outage.part_of')}</a></p>`}
      ${outage.orders.map((order) => html`<p key=${order}><a class="button small" href=${link(`orders/${order}`)}>${t('outage.order')}</a></p>`)}</div>
    ${office && html`<${Word} outage=${outage} onDone=${done} />`}<${Members} outage=${outage} offset=${offset} setOffset=${setOffset} regions=${regions} />`}<//><//>`;
}
