// What is asked of the inventory: the address bar's names as one filter expression and a text to search for.

export const quoted = (value) => (/^[\w.-]+$/.test(value) ? value : `"${String(value).replaceAll('"', '""')}"`);
const CHIPS = { tier: '=', status: '=', life_cycle: '=', region: 'in', owner: '=', maintainer: '=' };
const FIELD = { owner: 'owner_id', maintainer: 'maintainer_id' };
const GROUPED_BY = { owner: 'owner_id =', street: 'region in' };

/** Names of the address bar that narrow the list. */
const NARROWING = ['filter', 'q', ...Object.keys(CHIPS)];

/** {filter, q, shift}: what a person wrote comes first, `shift` characters from the beginning. */
export function questionOf(query) {
  const terms = Object.entries(CHIPS).filter(([name]) => query[name])
    .map(([name, sign]) => `${FIELD[name] ?? name} ${sign} ${quoted(query[name])}`);
  const written = query.filter?.trim() ?? '';
  const shift = written && terms.length ? 1 : 0;
  if (written) terms.unshift(shift ? `(${written})` : written);
  return { filter: terms.join(' and '), q: query.q?.trim() ?? '', shift };
}

export const narrowed = (query) => NARROWING.some((name) => query[name]);

/** The filter of one group's rows. */
export function inGroup(filter, by, key) {
  const empty = by === 'street' ? 'region = ""' : `${GROUPED_BY[by]?.replace(' =', '') ?? by} = ""`;
  const term = key === '' ? empty : `${GROUPED_BY[by] ?? `${by} =`} ${quoted(key)}`;
  return filter ? `(${filter}) and ${term}` : term;
}
