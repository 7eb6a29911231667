// Two profiles held against the same days: who rises, who falls, and because of which figures.
import { post } from '../api.js';
import { Problem, useDeed } from '../deed.js';
import { html, useState } from '../html.js';
import { t } from '../i18n.js';
import { Chips } from '../parts.js';
import { nameOf } from './figure.js';
import { groupName } from './groups.js';
import { periodOf } from './period.js';
import { profileName } from './profile_name.js';

const BY = ['region', 'tier', 'maintainer'];
const PERIODS = ['month', 'now'];
const AS_STORED = '(as stored)';

const scoreOf = ({ score }) => (score === null ? '—' : score.toFixed(1));

/** ▲ n places up, ▼ n places down, = the same. */
function Shift({ one, other }) {
  if (one.rank === null || other.rank === null) return html`<span class="faint">—</span>`;
  const up = one.rank - other.rank;
  return up === 0 ? html`<span class="faint">=</span>` : html`<b class=${up > 0 ? 'is-up' : 'is-wrong'}>${up > 0 ? '▲' : '▼'} ${Math.abs(up)}</b>`;
}

/** Figures that are missed by one alone. */
function Changed({ group, names }) {
  const only = (a, b) => a.missed.filter((kind) => !b.missed.includes(kind)).map((kind) => names[kind]);
  const [now, before] = [only(group.other, group.one), only(group.one, group.other)];
  return html`${now.length > 0 && html`<small class="is-wrong">${t('rank_change.missed_now', { names: now.join(t('word.comma')) })}</small>`} ${before.length > 0 && html`<small class="is-up">${t('rank_change.met_now', { names: before.join(t('word.comma')) })}</small>`}`;
}

export function RankChange({ profile, draft, wrong, others, methods }) {
  const { run, busy, problem } = useDeed();
  const [made, setMade] = useState(null);
  const [by, setBy] = useState('region');
  const [period, setPeriod] = useState('month');
  const [against, setAgainst] = useState(profile.is_new || profile.ships || others.length === 0 ? others[0]?.name ?? '' : AS_STORED);
  const names = Object.fromEntries(methods.map((method) => [method.kind, nameOf(method)]));
  const choices = [...(profile.is_new ? [] : [[AS_STORED, t('rank_change.as_stored')]]), ...others.map((each) => [each.name, profileName(each)])];
  const days = periodOf({ period });
  async function ask() {
    const { aims, outages_are_charged } = draft.draft;
    const one = { name: against === AS_STORED ? profile.name : against };
    const found = await run(() => post('assessment/comparison', { from: days.from, to: days.to, by, one, other: { name: profile.name, aims, outages_are_charged } }));
    if (found) setMade(found);
  }
  return html`<section class="facts rank-change"><header class="table-tools"><h3>${t('rank_change.title')}</h3><label class="inline">${t('rank_change.against')}<select name="against" value=${against} onChange=${(event) => setAgainst(event.target.value)}>${choices.map(([key, words]) => html`<option key=${key} value=${key}>${words}</option>`)}</select></label>
      <${Chips} label=${t('assessment.period')} value=${period} onChange=${(next) => next && setPeriod(next)} options=${PERIODS.map((each) => [each, t(`assessment.period.${each}`)])} />
      <${Chips} label=${t('assessment.by')} value=${by} onChange=${(next) => next && setBy(next)} options=${BY.map((each) => [each, t(`assessment.by.${each}`)])} />
      <button type="button" class="small push-end" data-deed="compare" disabled=${busy || Boolean(wrong)} onClick=${ask}>${t(busy ? 'assessment.making' : 'rank_change.ask')}</button></header><${Problem} of=${problem} />
    ${made ? html`<p class="faint">${made.from} – ${made.to}${made.one.outages_are_charged !== made.other.outages_are_charged && ` · ${t('rank_change.charged_differs')}`}</p>
      <div class="table-box"><table class="list"><thead><tr><th scope="col">${t(`assessment.by.${made.by}`)}</th><th scope="col" class="number-cell">${t('figures.cameras')}</th><th scope="col" class="number-cell">${t('rank_change.rank_before')}</th><th scope="col" class="number-cell">${t('rank_change.rank_after')}</th><th></th>
        <th scope="col" class="number-cell">${t('rank_change.score_before')}</th><th scope="col" class="number-cell">${t('rank_change.score_after')}</th><th scope="col">${t('rank_change.why')}</th></tr></thead>
        <tbody>${[...made.groups, made.total].map((group) => { const total = group === made.total; return html`<tr key=${group.key} data-compared=${total ? 'total' : group.key} class=${total ? 'is-total' : ''}><th scope="row">${total ? t('assessment.total') : groupName(made.by, group)}</th><td class="number-cell">${group.cameras.toLocaleString()}</td>
          <td class="number-cell">${group.one.rank ?? '—'}</td><td class="number-cell"><b>${group.other.rank ?? '—'}</b></td><td>${!total && html`<${Shift} one=${group.one} other=${group.other} />`}</td><td class="number-cell">${scoreOf(group.one)}</td><td class="number-cell"><b>${scoreOf(group.other)}</b></td><td><${Changed} group=${group} names=${names} /></td></tr>`; })}</tbody></table></div>`
      : html`<p class="faint">${t('rank_change.hint')}</p>`}</section>`;
}
