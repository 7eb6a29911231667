// Sentences that the server says in English, in the person's language: found by their pattern, by error code first.
// What no pattern knows (the words of a device, a name) stays as it was said.

const DEEPEST = 4;
const LONGER_THAN_ANY = 1000;
const ANY_CODE = '*';
const BETWEEN_SENTENCES = '; ';
/** Between parts of a sentence, tried in this order. */
const JOINTS = [': ', ', ', ' or '];
/** A remark at the end. */
const BRACKETED = /^(.+) \(([^()]+)\)$/s;
const QUOTED = /^'(.*)'…?$/s;
let patterns = {};
let named = {};
let joined = {};

/** What stands between "; ", but not inside brackets. */
function sentencesOf(text) {
  const found = [];
  let [open, from] = [0, 0];
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '(') open += 1;
    else if (text[at] === ')') open = Math.max(0, open - 1);
    else if (!open && text.startsWith(BETWEEN_SENTENCES, at)) {
      found.push(text.slice(from, at));
      from = at + BETWEEN_SENTENCES.length;
    }
  }
  return [...found, text.slice(from)];
}

const literal = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** What begins with its own words is looked for before what may begin with anything, the longer one first. */
const weightOf = (told) => told.replace(/\{\w+\}/g, '').length + (told.startsWith('{') ? 0 : LONGER_THAN_ANY);

function patternOf([told, words]) {
  const names = [];
  const parts = told.split(/\{(\w+)\}/).map((part, n) => {
    if (n % 2 === 0) return literal(part);
    names.push(part);
    return '(.+?)';
  });
  return { shape: new RegExp(`^${parts.join('')}$`, 's'), names, words, weight: weightOf(told), several: sentencesOf(told).length > 1 };
}

/** `sentences`: {error code or '*': {English with {names}: words}}; `signs`: what stands for '; ', ': ',
    ', ', ' or ', and with {text} `quoted` and `brackets`. */
export function learnSaid(sentences, signs) {
  joined = signs;
  patterns = Object.fromEntries(Object.entries(sentences).map(([code, list]) => [
    code, Object.entries(list).map(patternOf).sort((a, b) => b.weight - a.weight)]));
}

/** What names in sentences of this code are called: {as the server says them: in words}. */
export const learnNames = (code, words) => { named[code] = words; };

function pieces(text, parts, code, sign, depth) {
  const words = parts.map((part) => inWords(part, code, depth + 1));
  return words.some((each, n) => each !== parts[n]) ? words.join(joined[sign]) : text;
}

function inWords(text, code, depth) {
  if (depth > DEEPEST || !text) return text;
  const name = named[code]?.[text];
  if (name) return name;
  const quoted = joined.quoted && QUOTED.exec(text);
  if (quoted) return joined.quoted.replace('{text}', quoted[1]);
  const sentences = sentencesOf(text);
  const together = sentences.length > 1;
  for (const { shape, names, words, several } of [...(patterns[code] ?? []), ...(patterns[ANY_CODE] ?? [])]) {
    const found = several === together && shape.exec(text);
    if (found) return words.replace(/\{(\w+)\}/g, (_, name) => inWords(found[names.indexOf(name) + 1], code, depth + 1));
  }
  if (together) return pieces(text, sentences, code, BETWEEN_SENTENCES, depth);
  const bracketed = BRACKETED.exec(text);
  if (bracketed) {
    const [outside, inside] = [bracketed[1], bracketed[2]].map((part) => inWords(part, code, depth + 1));
    if (outside !== bracketed[1] || inside !== bracketed[2]) return `${outside}${joined.brackets.replace('{text}', inside)}`;
  }
  return JOINTS.reduce((told, sign) => (told === text && text.includes(sign) ? pieces(text, text.split(sign), code, sign, depth) : told), text);
}

/** `text` as the server said it; `code`: of the error that said it. */
export const said = (text, code = '') => inWords(text ?? '', code, 0);
