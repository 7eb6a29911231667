// How a file's columns are read, as the server keeps it by name.
import { put } from '../api.js';

const NAMES = ['headings', 'values', 'constants', 'coordinate_system', 'date_format', 'encoding', 'sheet'];

export const mappingOf = (row) => Object.fromEntries(NAMES.map((name) => [name, row[name]]));
export const sameMapping = (one, other) => JSON.stringify(mappingOf(one)) === JSON.stringify(mappingOf(other));

/** Words without a meaning are left out: the rows that have them are refused by name. */
export function saveMapping(name, mapping) {
  const values = Object.fromEntries(Object.entries(mapping.values).map(([column, words]) => (
    [column, Object.fromEntries(Object.entries(words).filter(([, ours]) => ours !== ''))])).filter(([, words]) => Object.keys(words).length));
  return put(`mappings/${encodeURIComponent(name)}`, { ...mappingOf(mapping), values });
}
