// The plans of recording, in their order: the first that fits a camera decides; each with the hours of its week.
import { put } from '../api.js';
import { useDeed } from '../deed.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Empty, Shown } from '../parts.js';
import { useRegions } from '../region_choice.js';
import { useDraft } from '../repair/draft.js';
import { moved } from '../repair/in_order.js';
import { SaveBar } from '../repair/save_bar.js';
import { hoursOf, wrongSpans } from '../repair/spans.js';
import { useResource } from '../resource.js';
import { setQuery } from '../router.js';
import { PlanEditor, weekday } from './plan_editor.js';

const DAY_AND_NIGHT = [[0, 1440]];
const ANY = { point_classes: [], tiers: [], regions: [], cameras: [] };
const EMPTY = { plans: [] };

const weekHours = (week) => Math.round(week.reduce((sum, spans) => sum + hoursOf(spans), 0) * 10) / 10;

/** Why they cannot be saved; '' where they can. */
function wrongOf(plans) {
  for (const [n, plan] of plans.entries()) {
    const name = plan.name || t('plans.number', { n: n + 1 });
    if (!plan.name.trim()) return t('plans.nameless', { n: n + 1 });
    if (plans.findIndex((each) => each.name === plan.name) < n) return t('plans.twice', { name });
    const day = plan.week.findIndex((spans) => wrongSpans(spans));
    if (day >= 0) return `${name}${t('word.colon')}${weekday(day)} ${wrongSpans(plan.week[day])}`;
    if (plan.days_most !== null && plan.days_least !== null && plan.days_most < plan.days_least) return t('plans.days_wrong', { name });
  }
  return '';
}

export function Plans({ query, user }) {
  const stored = useResource('recordings/plans');
  const regions = useRegions();
  const draft = useDraft(stored.data);
  const { run, busy, problem, clear } = useDeed();
  const editable = ['admin', 'maintainer'].includes(user.role);
  const { plans } = draft.draft ?? EMPTY;
  const at = Math.min(Math.max(0, Number(query.at) || 0), Math.max(0, plans.length - 1));
  const chosen = plans[at];
  const open = (n) => setQuery({ at: n || null });
  const change = (next, n = at) => { clear(); draft.set({ plans: next }); open(n); };
  const add = () => change([...plans, { name: '', fits: ANY, week: Array.from({ length: 7 }, () => DAY_AND_NIGHT), days_least: null, days_most: null, fits_now: null }], plans.length);
  const shift = (step) => change(moved(plans, at, at + step), at + step);
  async function save() {
    const done = await run(() => put('recordings/plans', { plans: plans.map(({ fits_now: _, ...plan }) => plan) }));
    if (done) { draft.saved(done); stored.reload(); }
  }
  return html`<div class="table-tools"><p class="faint">${t('plans.hint')}</p>${editable && html`<button type="button" class="small primary push-end" data-deed="add" onClick=${add}>${t('plans.add')}</button>`}</div>
    <${Shown} resource=${stored}>${() => (plans.length === 0 ? html`<${Empty} title=${t('plans.none')} next=${t('plans.none.next')} />` : html`<div class="calendar-two"><div class="review-list">${plans.map((plan, n) => html`<button type="button" key=${n} data-plan=${plan.name}
        aria-current=${n === at ? 'true' : undefined} onClick=${() => open(n)}><b>${n + 1}. ${plan.name || t('plans.new')}</b><span>${t('calendars.week_hours', { n: weekHours(plan.week) })}</span>${plan.fits_now === 0 && html`<span class="is-wrong">${t('plans.fits_nobody')}</span>`}</button>`)}</div>
      <${PlanEditor} key=${at} plan=${chosen} n=${at} count=${plans.length} editable=${editable} regions=${regions} onPlan=${(next) => change(plans.map((each, n) => (n === at ? next : each)))} onShift=${shift}
        onRemove=${() => change(plans.filter((_, n) => n !== at), Math.max(0, at - 1))} /></div>`)}<//>
    ${editable && html`<${SaveBar} draft=${draft} busy=${busy} problem=${problem} wrong=${wrongOf(plans)} onSave=${save} />`}`;
}
