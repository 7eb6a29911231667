// One sweep: how far it is, who was heard by which way, what was odd, what differs from the last time.
import { post } from '../api.js';
import { Problem, useDeed } from '../deed.js';
import { html, useState } from '../html.js';
import { t, tOr } from '../i18n.js';
import { Shown } from '../parts.js';
import { Progress } from '../progress.js';
import { useResource } from '../resource.js';
import { said } from '../said.js';
import { At, duration } from '../time.js';
import { Differences, Findings } from './sweep_lists.js';
import { wayName } from './ways.js';

const DEEDS = { waiting: ['pause', 'cancel'], running: ['pause', 'cancel'], paused: ['resume', 'cancel'], failed: ['resume'] };

function Counts({ title, counts, word, onPick, picked }) {
  const rows = Object.entries(counts).sort((a, b) => b[1] - a[1]);
  const most = rows[0]?.[1] ?? 1;
  return html`<section class="facts"><h3>${title}</h3>${rows.length === 0 ? html`<p class="faint">—</p>` : html`<ul class="count-bars">${rows.map(([name, n]) => html`<li key=${name}>
    <button type="button" class="link" aria-pressed=${picked === name} onClick=${() => onPick(picked === name ? '' : name)}>${word(name)}</button>
    <span class="mini-bar"><i style=${{ width: `${(n / most) * 100}%` }}></i></span><b>${n}</b></li>`)}</ul>`}</section>`;
}

function Head({ sweep, keeper, onDone }) {
  const { run, busy, problem } = useDeed();
  const steer = async (deed) => { if (await run(() => post(`sweeps/${sweep.id}/${deed}`)) !== undefined) onDone(); };
  return html`<section class="facts sweep-head" data-state=${sweep.state}><header><h2>${t('sweep.number', { id: sweep.id })}
      <span class="work-state is-${sweep.state}">${t(`work.${sweep.state}`)}</span></h2>
      ${keeper && (DEEDS[sweep.state] ?? []).map((deed) => html`<button type="button" key=${deed} class="small ${deed === 'cancel' ? 'danger-quiet' : ''}" data-deed=${deed}
        disabled=${busy} onClick=${() => steer(deed)}>${t(`work.deed.${deed}`)}</button>`)}</header>
    <${Progress} done=${sweep.addresses_done} total=${sweep.addresses_total} unit=${t('sweep.addresses')} perS=${sweep.rate_per_s} state=${sweep.state}
      leftS=${sweep.state === 'running' ? sweep.remaining_s : null} />
    <p class="faint">${sweep.ground && html`<code>${[...sweep.ground.cidrs, ...sweep.ground.hosts].join(', ')}</code> · `}${sweep.started_at && html`<${At} at=${sweep.started_at} /> · `}
      ${t('sweep.busy', { time: duration(sweep.busy_s) })}</p>
    ${sweep.problem && html`<p class="problem">${said(sweep.problem)}</p>`}<${Problem} of=${problem} /></section>`;
}

export function OneSweep({ id, keeper, back }) {
  const sweep = useResource(`sweeps/${id}`, {}, { refreshOn: ['sweep.'], everyS: 2 });
  const [part, setPart] = useState('findings');
  const [asked, setAsked] = useState({});
  const pick = (name) => (value) => {
    setAsked(value ? { [name]: value } : {});
    setPart('findings');
  };
  return html`<p><button type="button" class="small quiet" onClick=${back}>← ${t('sweep.all')}</button></p><${Shown} resource=${sweep}>${(one) => html`
    <${Head} sweep=${one} keeper=${keeper} onDone=${sweep.reload} />
    <div class="record sweep-counts"><${Counts} title=${t('sweep.outcomes')} counts=${one.outcomes} word=${(name) => tOr(`outcome.${name}`, name)} onPick=${pick('outcome')} picked=${asked.outcome} />
      <${Counts} title=${t('sweep.heard_by')} counts=${one.heard_by} word=${wayName} onPick=${pick('heard_by')} picked=${asked.heard_by} />
      <${Counts} title=${t('sweep.oddities')} counts=${one.problems} word=${(name) => tOr(`oddity.${name}`, name)} onPick=${pick('problem')} picked=${asked.problem} /></div>
    <div class="tabs" role="tablist">${['findings', 'differences'].map((name) => html`<button type="button" role="tab" key=${name} aria-selected=${name === part}
      onClick=${() => setPart(name)}>${t(`sweep.${name}_tab`)}</button>`)}</div>
    ${part === 'findings' ? html`<${Findings} id=${id} asked=${asked} live=${one.findings} />` : html`<${Differences} id=${id} state=${one.state} />`}`}<//>`;
}
