// One profile: target and weight of every figure, what is charged; and how the last month's ranking would change.
import { put, remove } from '../api.js';
import { useDeed } from '../deed.js';
import { html, useState } from '../html.js';
import { language, t } from '../i18n.js';
import { useDraft } from '../repair/draft.js';
import { SaveBar } from '../repair/save_bar.js';
import { forget } from '../repair/unsaved.js';
import { RankChange } from './rank_change.js';
import { nameOf } from './figure.js';
import { profileName } from './profile_name.js';

const HOUR_S = 3600;
const HUNDRED = 100;
const MOST_WEIGHT = 1000;
const inChinese = () => language() === 'zh';
/** Shares are written in per cent, times in hours. */
const factor = (method) => (method.unit === 'share' ? 1 / HUNDRED : HOUR_S);
const shown = (target, method) => (target === null ? '' : Math.round((target / factor(method)) * 1e6) / 1e6);

/** Why an aim cannot be; '' where it can. */
function wrongAim(aim, method) {
  if (aim.target === null) return aim.weight > 0 ? t('profiles.needs_target') : '';
  if (method.unit === 'share' && (aim.target < 0 || aim.target > 1)) return t('profiles.share_range');
  return aim.weight < 0 || aim.weight > MOST_WEIGHT || Number.isNaN(aim.weight) ? t('profiles.weight_range') : '';
}

function Row({ method, aim, sum, editable, onAim }) {
  const wrong = wrongAim(aim, method);
  const target = (text) => onAim({ ...aim, target: text === '' ? null : Number(text) * factor(method) });
  const unit = method.unit === 'share' ? '%' : t('profiles.hours');
  return html`<tr data-figure=${method.kind} class=${wrong ? 'is-broken' : ''}><th scope="row">${nameOf(method)}<small class="why">${inChinese() ? method.part_zh : method.part} ÷ ${inChinese() ? method.whole_zh : method.whole}</small>${wrong && html`<small class="is-wrong" role="alert">${wrong}</small>`}</th>
    <td class="aim-cell">${method.less_is_better ? '≤' : '≥'} ${editable ? html`<input type="number" step="any" min="0" name="target" aria-label=${`${nameOf(method)} ${t('assessment.target')}`} value=${shown(aim.target, method)} onInput=${(event) => target(event.target.value)} />` : html`<b>${aim.target === null ? '—' : shown(aim.target, method)}</b>`} ${unit}</td>
    <td class="aim-cell">${editable ? html`<input type="number" step="any" min="0" max=${MOST_WEIGHT} name="weight" aria-label=${`${nameOf(method)} ${t('assessment.weight')}`} value=${aim.weight} onInput=${(event) => onAim({ ...aim, weight: Number(event.target.value) })} />` : html`<b>${aim.weight || '—'}</b>`}</td>
    <td class="weight-cell"><span class="mini-bar"><i style=${{ width: `${sum ? (aim.weight / sum) * HUNDRED : 0}%` }}></i></span> ${sum && aim.weight ? `${((aim.weight / sum) * HUNDRED).toFixed(1)} %` : ''}</td></tr>`;
}

const NO_AIM = { target: null, weight: 0 };
const contentOf = ({ aims, outages_are_charged, is_default }) => ({ aims, outages_are_charged, is_default });

export function ProfileEditor({ profile, others, methods, editable, onSaved, onGone }) {
  const draft = useDraft(contentOf(profile));
  const { run, busy, problem } = useDeed();
  const [sure, ask] = useState(false);
  const path = `assessment/profiles/${encodeURIComponent(profile.name)}`;
  const { aims, outages_are_charged: charged, is_default: usual } = draft.draft;
  const aimOf = (kind) => aims[kind] ?? NO_AIM;
  const sum = methods.reduce((all, method) => all + (aimOf(method.kind).weight || 0), 0);
  const wrong = methods.some((method) => wrongAim(aimOf(method.kind), method)) ? t('profiles.wrong') : sum === 0 ? t('profiles.no_weight') : '';
  async function save() {
    const done = await run(() => put(path, draft.draft));
    if (!done) return;
    draft.saved(contentOf(done));
    onSaved();
  }
  const drop = async () => { if (profile.is_new || await run(() => remove(path)) !== undefined) { forget(); onGone(); } };
  const set = (name) => (event) => draft.set({ ...draft.draft, [name]: event.target.checked });
  return html`<div class="calendar-editor" data-profile-open=${profile.name}><header class="table-tools"><h2>${profileName(profile)}</h2>${!editable && html`<span class="faint">${t(profile.ships ? 'profiles.ships.next' : 'profiles.read_only')}</span>`}
      ${editable && html`<button type="button" class="small danger-quiet push-end" data-deed="remove" disabled=${busy} onClick=${() => (sure ? drop() : ask(true))}>${sure ? t('action.sure') : t('action.remove')}</button>`}</header>
    <div class="profile-flags"><label class="inline"><input type="checkbox" name="outages_are_charged" disabled=${!editable} checked=${charged} onChange=${set('outages_are_charged')} />${t('profiles.charged')}</label>
      <label class="inline"><input type="checkbox" name="is_default" disabled=${!editable} checked=${usual} onChange=${set('is_default')} />${t('profiles.make_default')}</label><span class="faint">${t('profiles.excluded')}</span></div>
    <div class="table-box"><table class="list profile-aims"><thead><tr><th scope="col">${t('assessment.figure')}</th><th scope="col">${t('assessment.target')}</th><th scope="col">${t('assessment.weight')}</th><th scope="col">${t('profiles.share')}</th></tr></thead>
      <tbody>${methods.map((method) => html`<${Row} key=${method.kind} method=${method} aim=${aimOf(method.kind)} sum=${sum} editable=${editable} onAim=${(aim) => draft.set({ ...draft.draft, aims: { ...aims, [method.kind]: aim } })} />`)}</tbody>
      <tfoot><tr class="is-total"><th scope="row">${t('assessment.total')}</th><td></td><td class="aim-cell"><b data-weight-sum>${Math.round(sum * 1e6) / 1e6}</b></td><td class="faint">${sum === HUNDRED ? '✓' : t('profiles.sum_hint')}</td></tr></tfoot></table></div>
    <${RankChange} profile=${profile} draft=${draft} wrong=${wrong} others=${others} methods=${methods} />
    ${!draft.changed && profile.is_new && html`<div class="row-end"><button type="button" class="primary" data-deed="save" disabled=${busy} onClick=${save}>${t('action.save')}</button></div>`}
    <${SaveBar} draft=${draft} busy=${busy} problem=${draft.changed ? problem : null} wrong=${wrong} onSave=${save} />${!draft.changed && problem && html`<p class="problem" role="alert">${problem.message}</p>`}</div>`;
}
