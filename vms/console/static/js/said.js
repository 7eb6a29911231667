// Sentences that the server says in English, in the person's language: found by their pattern, by error code first.
// What no pattern knows (the words of a device, a name) stays as it was said.

const DEEPEST = 4;
const ANY_CODE = '*';
/** Between sentences; not inside brackets. */
const SENTENCES = /; (?![^(]*\))/;
let patterns = {};
let joined = {};

const literal = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

function patternOf([told, words]) {
  const names = [];
  const parts = told.split(/\{(\w+)\}/).map((part, n) => {
    if (n % 2 === 0) return literal(part);
    names.push(part);
    return '(.+?)';
  });
  return { shape: new RegExp(`^${parts.join('')}$`, 's'), names, words, weight: told.replace(/\{\w+\}/g, '').length, several: SENTENCES.test(told) };
}

/** `sentences`: {error code or '*': {English with {names}: words}}, what is longer is looked for first; `signs`: what stands for '; ', ': ' and ', '. */
export function learnSaid(sentences, signs) {
  joined = signs;
  patterns = Object.fromEntries(Object.entries(sentences).map(([code, list]) => [
    code, Object.entries(list).map(patternOf).sort((a, b) => b.weight - a.weight)]));
}

function pieces(text, code, sign, depth, between = sign) {
  const parts = text.split(between);
  const words = parts.map((part) => inWords(part, code, depth + 1));
  return words.some((each, n) => each !== parts[n]) ? words.join(joined[sign]) : text;
}

function inWords(text, code, depth) {
  if (depth > DEEPEST || !text) return text;
  const together = SENTENCES.test(text);
  for (const { shape, names, words, several } of [...(patterns[code] ?? []), ...(patterns[ANY_CODE] ?? [])]) {
    const found = several === together && shape.exec(text);
    if (found) return words.replace(/\{(\w+)\}/g, (_, name) => inWords(found[names.indexOf(name) + 1], code, depth + 1));
  }
  if (together) return pieces(text, code, '; ', depth, SENTENCES);
  return [': ', ', '].reduce((told, sign) => (told === text && text.includes(sign) ? pieces(text, code, sign, depth) : told), text);
}

/** `text` as the server said it; `code`: of the error that said it. */
export const said = (text, code = '') => inWords(text ?? '', code, 0);
