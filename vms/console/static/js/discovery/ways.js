// How a device was heard, in words: the method, and the interface where it has one.
import { t, tOr } from '../i18n.js';

export function wayName(way) {
  const [kind, where] = way.split(':');
  return where ? `${tOr(`sweep.method.${kind}`, kind)} · ${where}` : tOr(`sweep.method.${kind}`, kind);
}

export const waysInWords = (ways) => ways.map(wayName).join(t('word.comma'));
