// What may come next in a filter expression at the caret: a field, an operator, a value, or how parts are joined.
const WORDS = /"[^"]*"?|!=|<=|>=|!~|[()=<>~,]|[^\s()=<>~!,"]+/g;
const JOINTS = ['and', 'or'];
const IS_JOINT = new Set(['and', 'or', '\u4e14', '\u6216', '&&', '||']);
const IS_NOT = new Set(['not', '\u975e', '!']);
const MOST = 12;

const sameAs = (field, word) => [field.name, field.label_zh, ...(field.aliases ?? [])].some((each) => each.toLowerCase() === word.toLowerCase());

/** Walks over what stands before the caret; {state, field, word, from}. */
function whereAt(text, caret, fields) {
  const before = text.slice(0, caret);
  const found = [...before.matchAll(WORDS)];
  const last = found.at(-1);
  const writing = last && last.index + last[0].length === caret && /[^\s()=<>~!,]$/.test(last[0]) ? found.pop() : null;
  let state = 'field';
  let field = null;
  for (const [word] of found) {
    const lower = word.toLowerCase();
    if (word === '(') state = state === 'value' ? 'value' : 'field';
    else if (word === ')') state = 'joint';
    else if (IS_JOINT.has(lower)) state = 'field';
    else if (IS_NOT.has(lower) && state === 'field') state = 'field';
    else if (state === 'field' && lower.startsWith('has:')) state = 'joint';
    else if (state === 'field') {
      field = fields.find((each) => sameAs(each, word)) ?? null;
      state = 'operator';
    } else if (state === 'operator') state = lower === 'not' ? 'operator' : 'value';
    else if (word === ',') state = 'value';
    else state = 'joint';
  }
  return { state, field, word: writing?.[0] ?? '', from: writing?.index ?? caret };
}

function fieldItems(fields, word, label) {
  const has = word.toLowerCase().startsWith('has:');
  const part = (has ? word.slice(4) : word).toLowerCase();
  const fits = (each) => [each.name, label(each), ...(each.aliases ?? [])].some((name) => name.toLowerCase().includes(part));
  const starts = (each) => (each.name.startsWith(part) || label(each).toLowerCase().startsWith(part) ? 0 : 1);
  const wanted = fields.filter((each) => fits(each) && (has || each.kind !== 'mark')).sort((a, b) => starts(a) - starts(b));
  const items = wanted.map((each) => ({ text: has ? `has:${each.name}` : each.name, label: label(each) }));
  const named = !has && fields.find((each) => sameAs(each, word));
  return named ? [{ text: word, label: label(named) }, ...items.filter((each) => each.text !== named.name)] : items;
}

/** {from, items: [{text, label}], sure}: what may replace the text between `from` and the caret; `sure`: which of them
    finishes the word that is being written, -1 where that word may stand as it is. */
export function suggest(text, caret, fields, label, labelOfChoice) {
  const { state, field, word, from } = whereAt(text, caret, fields);
  const part = word.toLowerCase();
  let items = [];
  if (state === 'field') items = fieldItems(fields, word, label);
  else if (state === 'operator') items = (field?.operators ?? ['=', '!=', '~']).filter((each) => each.startsWith(part)).map((each) => ({ text: each, label: '' }));
  else if (state === 'value') {
    items = (field?.choices ?? []).map((choice) => ({ text: choice.value, label: labelOfChoice(choice) }))
      .filter((each) => each.text.startsWith(part) || each.label.toLowerCase().includes(part));
  } else items = JOINTS.filter((each) => each.startsWith(part)).map((each) => ({ text: each, label: '' }));
  const whole = items.some((each) => each.text === word || (state === 'value' && each.label === word));
  const ends = whole && (state !== 'field' || word.includes(':'));
  if (ends && items.length === 1) items = [];
  return { from, items: items.slice(0, MOST), sure: word && items.length && !ends ? 0 : -1 };
}

export function completed(text, caret, from, chosen) {
  const before = `${text.slice(0, from)}${chosen} `;
  return { text: before + text.slice(caret).replace(/^ /, ''), caret: before.length };
}
