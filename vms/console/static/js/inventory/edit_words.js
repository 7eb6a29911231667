// Fields and values of an edit of many, in words.
import { choicesOf, inWords } from '../camera/field_input.js';
import { language, t, tOr } from '../i18n.js';

/** A field's name in words, also of one that is not in the archive's table. */
export const nameOf = (fields, name) => {
  const about = fields.find((each) => each.name === name);
  return about ? inWords(about) : tOr(`field.${name}`, name);
};

export function wordsOf(about, value, tables) {
  if (value === null || value === undefined || value === '') return '—';
  if (!about && typeof value === 'string') return tOr(`life_cycle.${value}`, value);
  if (value === true || value === false) return t(value ? 'word.yes' : 'word.no');
  const codes = about?.table ? choicesOf(tables, about.table) : [];
  const one = (code) => {
    const found = codes.find((each) => each.code === String(code));
    return found ? (language() === 'zh' ? found.zh : found.en) : String(code);
  };
  return Array.isArray(value) ? value.map(one).join(t('word.comma')) : one(value);
}

/** What an edit sets, as {field: value}. */
export const changesInWords = (changes, fields, tables) => Object.entries(changes).map(([name, value]) => (
  `${nameOf(fields, name)} = ${wordsOf(fields.find((each) => each.name === name), value, tables)}`)).join(t('word.semicolon'));
