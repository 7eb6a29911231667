// The days that are assessed: yesterday, last week, last month, this month until now, or any.
import { html } from '../html.js';
import { t } from '../i18n.js';
import { setQuery } from '../router.js';
import { serverNow } from '../time.js';

const two = (n) => String(n).padStart(2, '0');
const named = (day) => `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
const MONDAY = 1;

function today() {
  const now = new Date(serverNow());
  return [now.getFullYear(), now.getMonth(), now.getDate(), (now.getDay() + 7 - MONDAY) % 7];
}

/** Both days belong to the period. */
const PERIODS = {
  day: () => { const [y, m, d] = today(); return [new Date(y, m, d - 1), new Date(y, m, d - 1)]; },
  week: () => { const [y, m, d, since] = today(); return [new Date(y, m, d - since - 7), new Date(y, m, d - since - 1)]; },
  month: () => { const [y, m] = today(); return [new Date(y, m - 1, 1), new Date(y, m, 0)]; },
  now: () => { const [y, m, d] = today(); return [new Date(y, m, 1), new Date(y, m, d)]; },
};
const USUAL = 'now';
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** {name, from, to} as the address says; `name` is '' for days of one's own. */
export function periodOf(query) {
  if (DAY.test(query.from) && DAY.test(query.to)) return { name: '', from: query.from, to: query.to };
  const name = PERIODS[query.period] ? query.period : USUAL;
  const [from, to] = PERIODS[name]();
  return { name, from: named(from), to: named(to) };
}

/** The last so many days, today included. */
export function lastDays(days) {
  const [y, m, d] = today();
  return { from: named(new Date(y, m, d - days + 1)), to: named(new Date(y, m, d)) };
}

export function PeriodChoice({ period }) {
  const own = (side) => (event) => {
    if (!DAY.test(event.target.value)) return;
    const wanted = { from: period.from, to: period.to, [side]: event.target.value };
    if (wanted.from > wanted.to) wanted[side === 'from' ? 'to' : 'from'] = event.target.value;
    setQuery({ ...wanted, period: null });
  };
  return html`<div class="chips" role="group" aria-label=${t('assessment.period')}>${Object.keys(PERIODS).map((name) => html`<button type="button" key=${name} class="chip" data-period=${name}
      aria-pressed=${name === period.name} onClick=${() => setQuery({ period: name, from: null, to: null })}>${t(`assessment.period.${name}`)}</button>`)}</div>
    <div class="days-choice">${['from', 'to'].map((side) => html`<input key=${side} type="date" name=${side} aria-label=${t(`assessment.${side}`)} value=${period[side]} onChange=${own(side)} />`)}</div>`;
}
