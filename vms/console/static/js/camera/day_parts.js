// The parts of a camera's day, the same everywhere: colour, sign, word.
export const PARTS = ['down', 'ill', 'outage', 'notice', 'unwatched', 'not_in_service', 'good'];
export const SIGN = { down: '✕', ill: '!', outage: '◇', notice: '◆', unwatched: '', not_in_service: '', good: '' };
const WORTH_S = 60;

/** The part that a day is marked with: the worst that lasted a minute; a day that nobody watched is none. */
export function worstOf(day) {
  const found = ['down', 'ill', 'outage', 'notice'].find((part) => day.parts_s[part] >= WORTH_S);
  if (found) return found;
  return ['not_in_service', 'unwatched'].find((part) => day.parts_s[part] > day.length_s / 2) ?? 'good';
}

export const shareOf = (day, part) => (day.length_s ? day.parts_s[part] / day.length_s : 0);
