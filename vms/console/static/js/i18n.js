// Words: every text of the screens comes from one catalogue per language.
import { useEffect, useState } from './html.js';
import { learnNames, learnSaid } from './said.js';

const LANGUAGES = ['zh', 'en'];
const REMEMBERED = 'vms.language';
/** What the server says. */
const SAID_IN = 'en';
/** Codes of errors (none: of rows of lists) whose sentences name things as the program does, and where those have words. */
const NAMED_IN = [['', 'tier.'], ['no_difference', 'field.'], ['changed', 'field.'], ['changed_meanwhile', 'field.'], ['follows_registration', 'field.'], ['no_such_step', 'life_cycle.'],
  ['not_now', 'order.state.'], ['conflict', 'work.'], ['picture', 'fault.']];
const listeners = new Set();
let words = {};
let current = 'zh';
let asked = 0;

function preferred() {
  const remembered = localStorage.getItem(REMEMBERED);
  if (LANGUAGES.includes(remembered)) return remembered;
  return (navigator.language || 'zh').toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

async function read(name) {
  const answer = await fetch(`i18n/${name}.json`);
  if (!answer.ok) throw new Error(`i18n/${name}.json: ${answer.status}`);
  return answer.json();
}

/** False: another language was asked for while this one was on its way; the last choice counts. */
async function load(language) {
  asked += 1;
  const turn = asked;
  const [catalogue, sentences] = await Promise.all([read(language), language === SAID_IN ? {} : read(`said.${language}`)]);
  if (turn !== asked) return false;
  words = catalogue;
  learnSaid(sentences, { '; ': words['word.semicolon'], ': ': words['word.colon'], ', ': words['word.comma'], ' or ': words['word.or'], brackets: words['word.brackets'],
    quoted: language === SAID_IN ? '' : words['word.quoted'] });
  for (const [code, prefix] of NAMED_IN) learnNames(code, language === SAID_IN ? {} : Object.fromEntries(wordsUnder(prefix)));
  current = language;
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  document.title = t('app.title');
  return true;
}

export const startLanguage = () => load(preferred());

export async function setLanguage(language) {
  if (!await load(language)) return;
  localStorage.setItem(REMEMBERED, language);
  listeners.forEach((tell) => tell(language));
}

export const language = () => current;

/** The text of `key` with {names} filled in. A missing key shows itself. */
/** All words whose keys begin so: [[rest of the key, word]]. */
export const wordsUnder = (prefix) => Object.entries(words).filter(([key]) => key.startsWith(prefix)).map(([key, word]) => [key.slice(prefix.length), word]);

export function t(key, values = {}) {
  const text = words[key];
  if (text === undefined) return key;
  return text.replace(/\{(\w+)\}/g, (_, name) => (values[name] ?? ''));
}

/** The text of `key`, or `otherwise` where the catalogue does not know it (open lists: fault kinds, categories). */
export const tOr = (key, otherwise) => words[key] ?? otherwise;

/** A sentence that the server sends in both languages as `<field>_zh` and `<field>_en`. */
export function sentence(thing, field) {
  if (!thing) return '';
  return thing[`${field}_${current}`] ?? thing[field] ?? thing[`${field}_en`] ?? '';
}

export function useLanguage() {
  const [value, setValue] = useState(current);
  useEffect(() => {
    listeners.add(setValue);
    setValue(current);
    return () => listeners.delete(setValue);
  }, []);
  return value;
}
