// The five parts of a camera's day, the same everywhere: colour, sign, word.
export const PARTS = ['down', 'ill', 'notice', 'unwatched', 'good'];
export const SIGN = { down: '✕', ill: '!', notice: '◆', unwatched: '', good: '' };
const WORTH_S = 60;

/** The part that a day is marked with: the worst that lasted a minute; a day that nobody watched is none. */
export function worstOf(day) {
  const found = ['down', 'ill', 'notice'].find((part) => day.parts_s[part] >= WORTH_S);
  if (found) return found;
  return day.parts_s.unwatched > day.length_s / 2 ? 'unwatched' : 'good';
}

export const shareOf = (day, part) => (day.length_s ? day.parts_s[part] / day.length_s : 0);
