// Evidence about identity in words: the server's codes and values, said in the person's language.
import { html } from '../html.js';
import { t, tOr } from '../i18n.js';

const shown = (value) => (Array.isArray(value) ? value.map((each) => tOr(`key.${each}`, String(each))).join(t('word.comma'))
  : tOr(`key.${value}`, String(value)));

export function evidenceWords(evidence) {
  const known = evidence.code && tOr(`evidence.${evidence.code}`, '');
  if (!known) return evidence.sentence;
  return known.replace(/\{(\w+)\}/g, (_, name) => (evidence.values[name] === undefined ? '' : shown(evidence.values[name])));
}

export function Evidence({ list }) {
  return html`<ul class="evidence">${list.map((each, n) => html`<li key=${n}>${evidenceWords(each)}</li>`)}</ul>`;
}
