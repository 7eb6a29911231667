// How sure the record is of where a camera looks, who checked it, or why that check is lost.
import { html } from '../html.js';
import { t } from '../i18n.js';
import { whoName } from '../parts.js';
import { Age } from '../time.js';

const SIGNS = { verified: '✓', measured: '✓', declared: '·', eight_way: '8', unknown: '?' };

export function Standing({ known }) {
  const { confidence, checked, lost } = known;
  return html`<p class="pose-standing"><span class=${`pose-confidence is-${confidence}`}><i aria-hidden="true">${SIGNS[confidence]}</i> ${t(`pose.confidence.${confidence}`)}</span>
    ${checked && html` <small>${t('pose.checked', { who: whoName(checked.who), how: t(`pose.how.${checked.how}`) })} <${Age} at=${checked.at} /></small>`}
    ${lost && html` <small class="told">${t(`pose.lost.${lost.why}`, { who: whoName(lost.who), fields: lost.fields.map((name) => t(`field.${name}`)).join(t('word.comma')) })} <${Age} at=${lost.at} /></small>`}</p>`;
}
