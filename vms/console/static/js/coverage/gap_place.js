// Where on its street a gap lies: side of the road, metres from the nearest corner. Two gaps of one street are told apart by it.
import { t } from '../i18n.js';

const DEGREES = { north: 0, north_east: 45, east: 90, south_east: 135, south: 180, south_west: 225, west: 270, north_west: 315 };
const pointName = (point) => t(`compass.${DEGREES[point]}`);

/** `where` of a gap of a road; of a place there is nothing to say. */
export function gapPlace({ where, length_m: length }) {
  if (!length) return '';
  const told = { from: Math.round(where.from_m), to: Math.round(where.to_m), street: where.crossing };
  let words = t('gap.where.along', told);
  if (where.crossing) words = where.way ? t('gap.where.from', { ...told, way: pointName(where.way) }) : t('gap.where.over', told);
  return where.side ? `${words} · ${t('gap.where.side', { way: pointName(where.side) })}` : words;
}
