// One figure of the assessment: its value against its target, by colour and sign; one that cannot be told says why.
import { html, useEffect, useRef } from '../html.js';
import { language, t } from '../i18n.js';
import { duration } from '../time.js';

const percent = (share) => `${(share * 100).toFixed(share > 0.99995 ? 0 : 2)} %`;
const inChinese = () => language() === 'zh';

export const inUnit = (value, method) => (method?.unit === 'seconds' ? duration(value) : percent(value));
export const whyNot = (figure) => (inChinese() ? figure.because_zh : figure.because);
export const nameOf = (thing) => (inChinese() ? thing.name_zh : thing.name);

const MARKS = { true: ['met', '✓'], false: ['missed', '✕'] };

export function Value({ figure, method }) {
  if (!figure || figure.value === null) return html`<span class="figure is-untold" title=${figure && whyNot(figure)}>—<span class="sr">${figure && whyNot(figure)}</span></span>`;
  const [tone, sign] = MARKS[figure.met] ?? ['plain', ''];
  return html`<span class="figure is-${tone}" title=${sign && t(`assessment.${tone}`)}>${sign && html`<i aria-hidden="true">${sign}</i>`}${inUnit(figure.value, method)}
    ${sign && html`<span class="sr">${t(`assessment.${tone}`)}</span>`}</span>`;
}

const A_SECOND_US = 1e6;
/** A sum as it was counted: of time where the method counts seconds. */
const counted = (sum, words) => (/\bseconds\b/.test(words) ? duration(sum / A_SECOND_US) : sum.toLocaleString());

function How({ figure, method }) {
  const words = `${inChinese() ? method.part_zh : method.part} ÷ ${inChinese() ? method.whole_zh : method.whole}`;
  return html`<small class="faint">${words}</small>${figure.whole > 0 && html`<small class="sums">${counted(figure.part, method.part)} ÷ ${counted(figure.whole, method.whole)}</small>`}`;
}

/** All figures of a group with target and weight, the method with its sums or why one cannot be told, and where the number leads. */
export function Figures({ figures, methods, aims = {}, at, opensOf }) {
  const row = useRef(null);
  useEffect(() => { row.current?.scrollIntoView({ block: 'center' }); }, [at]);
  return html`<table class="list figures-list"><thead><tr><th scope="col">${t('assessment.figure')}</th><th scope="col" class="number-cell">${t('assessment.value')}</th>
      <th scope="col" class="number-cell">${t('assessment.target')}</th><th scope="col" class="number-cell">${t('assessment.weight')}</th><th scope="col">${t('assessment.how')}</th><th></th></tr></thead>
    <tbody>${figures.map((figure) => {
    const method = methods[figure.kind];
    const leads = opensOf(figure.kind);
    return html`<tr key=${figure.kind} data-figure=${figure.kind} ref=${at === figure.kind ? row : undefined} aria-current=${at === figure.kind ? 'true' : undefined}><th scope="row">${nameOf(method)}</th><td class="number-cell"><${Value} figure=${figure} method=${method} /></td>
      <td class="number-cell">${figure.target === null ? '—' : html`${method.less_is_better ? '≤' : '≥'} ${inUnit(figure.target, method)}`}</td><td class="number-cell">${aims[figure.kind]?.weight || '—'}</td>
      <td>${figure.value === null ? html`<span class="untold-why">${whyNot(figure)}</span>` : html`<${How} figure=${figure} method=${method} />`}</td><td class="row-deeds">${leads && html`<a href=${leads.href}>${leads.words}</a>`}</td></tr>`;
  })}</tbody></table>`;
}
