// How sure it is where a camera looks: by its head where that turns, else by the record, who checked it, why a check is lost.
import { html } from '../html.js';
import { t } from '../i18n.js';
import { whoName } from '../parts.js';
import { Age } from '../time.js';

const SIGNS = { verified: '✓', measured: '✓', declared: '·', eight_way: '8', unknown: '?' };

const words = ({ confidence, looks_deg, looks_source }) => (looks_deg === null ? t(`pose.confidence.${confidence}`)
  : `${t('preset.looks', { bearing: `${Math.round(looks_deg * 10) / 10}°` })} · ${t(`preset.source.${looks_source}`)}`);

export function Standing({ known }) {
  const { confidence } = known;
  // A check is of the record's direction: it says nothing while the head tells another one.
  const [checked, lost] = known.looks_deg === null ? [known.checked, known.lost] : [null, null];
  return html`<p class="pose-standing"><span class=${`pose-confidence is-${confidence}`}><i aria-hidden="true">${SIGNS[confidence]}</i> ${words(known)}</span>
    ${checked && html` <small>${t('pose.checked', { who: whoName(checked.who), how: t(`pose.how.${checked.how}`) })} <${Age} at=${checked.at} /></small>`}
    ${lost && html` <small class="told">${t(`pose.lost.${lost.why}`, { who: whoName(lost.who), fields: lost.fields.map((name) => t(`field.${name}`)).join(t('word.comma')) })} <${Age} at=${lost.at} /></small>`}</p>`;
}
