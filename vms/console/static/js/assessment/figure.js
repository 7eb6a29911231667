// One figure of the assessment: its value against its target, by colour and sign; one that cannot be told says why.
import { html } from '../html.js';
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

/** All figures of a group with target, and the method or why one cannot be told. */
export function Figures({ figures, methods }) {
  return html`<table class="list figures-list"><thead><tr><th scope="col">${t('assessment.figure')}</th><th scope="col" class="number-cell">${t('assessment.value')}</th>
      <th scope="col" class="number-cell">${t('assessment.target')}</th><th scope="col">${t('assessment.how')}</th></tr></thead>
    <tbody>${figures.map((figure) => {
    const method = methods[figure.kind];
    const how = `${inChinese() ? method.part_zh : method.part} ÷ ${inChinese() ? method.whole_zh : method.whole}`;
    return html`<tr key=${figure.kind} data-figure=${figure.kind}><th scope="row">${nameOf(method)}</th><td class="number-cell"><${Value} figure=${figure} method=${method} /></td>
      <td class="number-cell">${figure.target === null ? '—' : html`${method.less_is_better ? '≤' : '≥'} ${inUnit(figure.target, method)}`}</td>
      <td>${figure.value === null ? html`<span class="untold-why">${whyNot(figure)}</span>` : html`<small class="faint">${how}</small>`}</td></tr>`;
  })}</tbody></table>`;
}
