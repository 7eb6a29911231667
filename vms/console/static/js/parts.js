// Small pieces that every screen uses: marks of state and tier, and the designed empty, loading, failed and refused states.
import { html } from './html.js';
import { t, tOr } from './i18n.js';
import { said } from './said.js';

const STATUS_SHAPE = { up: '✓', suspect: '!', down: '✕', unknown: '?' };

/** State: colour, sign and word. */
export function Status({ status, word = true }) {
  return html`<span class="status status-${status}" title=${t(`status.${status}`)}>
    <i aria-hidden="true">${STATUS_SHAPE[status] ?? '?'}</i>${word && html`<b>${t(`status.${status}`)}</b>`}
  </span>`;
}

const TIER_PATH = {
  government: 'M2 2h12v12H2z',
  unit: 'M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13z',
  community: 'M8 1l6 3.5v7L8 15l-6-3.5v-7z',
  household: 'M8 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8z',
};

/** Tier: shape (and word). */
export function Tier({ tier, status, word = true }) {
  return html`<span class="tier ${status ? `is-${status}` : ''}" title=${t(`tier.${tier}`)}>
    <svg viewBox="0 0 16 16" aria-hidden="true"><path d=${TIER_PATH[tier] ?? TIER_PATH.household} /></svg>
    ${word && html`<span>${t(`tier.${tier}`)}</span>`}
  </span>`;
}

export function Loading({ what }) {
  return html`<div class="state state-loading" role="status"><span class="spinner" aria-hidden="true"></span>
    <p>${what ?? t('state.loading')}</p></div>`;
}

export function Empty({ title, next, children }) {
  return html`<div class="state state-empty"><svg viewBox="0 0 48 32" aria-hidden="true"><path d="M4 28 24 4l20 24" /></svg>
    <p class="state-title">${title}</p>${next && html`<p class="faint">${next}</p>`}${children}</div>`;
}

/** What happened, where, and what to do. */
export function Failed({ error, again }) {
  const message = error?.message ?? '';
  return html`<div class="state state-failed" role="alert"><p class="state-title">${t('state.failed')}</p>
    <p>${message}</p>${error?.where && html`<p class="faint">${t('error.where', { where: error.where })}</p>`}
    ${again && html`<button type="button" onClick=${again}>${t('state.again')}</button>`}</div>`;
}

export function Refused({ error }) {
  return html`<div class="state state-refused" role="alert"><p class="state-title">${t('state.refused')}</p>
    <p>${error?.message}</p><p class="faint">${t('state.refused.next')}</p></div>`;
}

/** Chooses the state's face for a resource; `children` is a function of its data. */
export function Shown({ resource, empty, children, what }) {
  const { state, data, error, reload } = resource;
  if (state === 'refused') return html`<${Refused} error=${error} />`;
  if (state === 'failed' && data === null) return html`<${Failed} error=${error} again=${reload} />`;
  if (data === null) return html`<${Loading} what=${what} />`;
  const nothing = empty && empty(data);
  return html`<div class="shown ${state === 'loading' ? 'is-loading' : ''}" aria-busy=${state === 'loading'}>
    ${state === 'failed' && html`<p class="stale-note" role="alert">${t('state.stale')} ${error?.message}</p>`}
    ${nothing || children(data)}</div>`;
}

/** A person's name, or what this program's part is called that did it. */
export const whoName = (who) => tOr(`program.${who}`, who);

export const categoryName = (category) => tOr(`category.${category}`, category || t('category.none'));
export const faultName = (kind) => tOr(`fault.${kind}`, kind);
/* Sentences that end with when it began, which is shown beside them. */
const BEGINS = { 'our own side is cut off since ': 'because.cut_off', 'nobody looks since ': 'because.nobody_looks', 'the poller was stopped at ': 'because.stopped' };
const begins = (code) => Object.keys(BEGINS).find((words) => code.startsWith(words));

/** Why, as the server's codes say it ("unreachable: refused; no_answer"), in words. */
export function becauseWords(because) {
  const word = (code) => (begins(code) ? t(BEGINS[begins(code)]) : tOr(`because.${code}`, tOr(`fault.${code}`, code)));
  const codes = (part) => part.split(': ').map((code) => code.split(',').map(word).join(t('word.comma'))).join(t('word.colon'));
  return (because ?? '').split('; ').map((part) => {
    const measured = said(part, 'picture');
    return measured === part ? codes(part) : measured;
  }).join(t('word.semicolon'));
}

/** What the program noted of a step: a sentence, or codes, also after "it is back: ". */
const BACK = 'it is back: ';
function noteInWords(note) {
  if (note.startsWith(BACK)) return t('order.back', { why: becauseWords(note.slice(BACK.length)) });
  const sentence = said(note);
  return sentence === note ? becauseWords(note) : sentence;
}

/** What stands beside a step: a person's words as they are, but for those that a plan wrote in their name. */
const OF_A_PLAN = /^plan \d+: /;
export const stepNote = ({ who, note }) => (who === 'program' ? noteInWords(note) : OF_A_PLAN.test(note) ? said(note) : note);

/** The levels that ship are named in both languages at once; here, by the latter. */
const SHIPPED_LEVELS = { usual: 'level.usual', 'class 1 without a picture': 'level.class_one' };
export function levelName(name) {
  const shipped = SHIPPED_LEVELS[name.split(' · ')[1]];
  return shipped ? t(shipped) : name;
}

/** Weather and lighting have no names of their own: what it is, and where. A network has none for who sees no addresses. */
export const outageName = (outage) => outage && said(outage.name, ['weather', 'lighting'].includes(outage.kind) ? 'weather' : 'outage');

/** A thing of the map without a name of its own is called what it is. */
export const placeName = (name) => tOr(`kind.${name.replaceAll(' ', '_')}`, name);

export const causeName = (cause) => tOr(`cause.${cause}`, cause);
export const severityName = (severity) => tOr(`severity.${severity}`, severity);
export const incidentStatusName = (status) => tOr(`incident.status.${status}`, status);

export const metres = (m) => (m >= 1000 ? `${(m / 1000).toFixed(m >= 10000 ? 0 : 1)} km` : `${Math.round(m)} m`);
export const density = (value) => `${Math.round(value)} px/m`;
export const percent = (share) => (share === null || share === undefined ? '—' : `${(share * 100).toFixed(share > 0.9995 ? 0 : 1)} %`);

export function Chips({ label, options, value, onChange }) {
  return html`<div class="chips" role="group" aria-label=${label}>
    ${options.map(([key, word, count]) => html`<button type="button" key=${key} class="chip" aria-pressed=${value === key}
      onClick=${() => onChange(value === key ? '' : key)}>${word}${count !== undefined && html`<small>${count}</small>`}</button>`)}
  </div>`;
}
