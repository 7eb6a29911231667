// Sweeps: which ran and run, started here, each with its progress and its report.
import { html, useState } from '../html.js';
import { t } from '../i18n.js';
import { Pager } from '../pager.js';
import { Empty, Shown, whoName } from '../parts.js';
import { useResource } from '../resource.js';
import { setQuery } from '../router.js';
import { Age } from '../time.js';
import { SweepForm } from './sweep_form.js';
import { OneSweep } from './sweep_report.js';

const LIMIT = 20;
const KEEPERS = ['admin', 'maintainer'];

/** Those that answered as devices: what turned out to be none is a finding too. */
const devicesOf = (sweep) => sweep.findings - (sweep.outcomes.nobody ?? 0);

export const groundOf = (sweep) => (sweep.ground ? [...sweep.ground.cidrs, ...sweep.ground.hosts].slice(0, 4).join(', ')
  + (sweep.ground.cidrs.length + sweep.ground.hosts.length > 4 ? ' …' : '') : '');

export function Sweeps({ query, user }) {
  const [offset, setOffset] = useState(0);
  const [starting, setStarting] = useState(false);
  const sweeps = useResource('sweeps', { limit: LIMIT, offset }, { refreshOn: ['sweep.'], everyS: 5 });
  const keeper = KEEPERS.includes(user.role);
  const open = (id) => setQuery({ sweep: id });
  const none = (page) => page.total === 0 && html`<${Empty} title=${t('sweep.none')} next=${t('sweep.none.next')} />`;
  if (query.sweep) return html`<${OneSweep} id=${query.sweep} keeper=${keeper} back=${() => open(null)} />`;
  return html`<header class="table-tools"><p class="faint">${t('sweep.about')}</p>${keeper && html`<button type="button" class="primary push-end" data-deed="new-sweep"
      onClick=${() => setStarting(true)}>${t('sweep.new')}</button>`}</header>
    <${Shown} resource=${sweeps} empty=${none}>${(page) => html`<div class="table-box"><table class="list"><thead><tr><th scope="col">${t('looks.when')}</th>
      <th scope="col">${t('sweep.where')}</th><th scope="col">${t('sweep.state')}</th><th scope="col">${t('sweep.progress')}</th>
      <th scope="col" class="number-cell">${t('sweep.devices')}</th><th scope="col" class="number-cell">${t('sweep.new_cameras')}</th><th scope="col">${t('looks.who')}</th></tr></thead>
      <tbody>${page.items.map((sweep) => html`<tr key=${sweep.id} data-sweep=${sweep.id}><th scope="row"><a href="#" onClick=${(event) => { event.preventDefault(); open(sweep.id); }}>
        <${Age} at=${sweep.created_at} /></a></th><td><code>${groundOf(sweep)}</code></td><td><span class="work-state is-${sweep.state}">${t(`work.${sweep.state}`)}</span></td>
        <td><span class="mini-bar"><i style=${{ width: `${sweep.blocks_total ? (sweep.blocks_done / sweep.blocks_total) * 100 : 0}%` }}></i></span></td>
        <td class="number-cell" data-count="devices">${devicesOf(sweep)}</td><td class="number-cell">${sweep.new_cameras}</td><td>${sweep.scheduled ? t('sweep.schedule') : whoName(sweep.who)}</td></tr>`)}</tbody></table></div>
      <${Pager} total=${page.total} limit=${LIMIT} offset=${offset} onOffset=${setOffset} />`}<//>
    ${starting && html`<${SweepForm} close=${() => setStarting(false)} onStarted=${(sweep) => open(sweep.id)} />`}`;
}
