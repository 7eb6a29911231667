// The lines of the table: rows alone, or groups that unfold into rows. One index counts them all.
import { RowPages } from './row_pages.js';

/** Every row of one question. */
export class PlainLines {
  constructor(load, tell) {
    this.pages = new RowPages(load, tell);
  }

  get count() { return this.pages.total; }
  get total() { return this.pages.total; }
  get error() { return this.pages.error; }
  at(index) {
    const row = this.pages.at(index);
    return row && { kind: 'row', row };
  }
  want(from, to) { this.pages.want(from, to); }
  refresh() { this.pages.refresh(); }
  async rowsBetween(from, to) { return this.pages.between(from, to); }
  stop() { this.pages.stop(); }
}

/** Groups as the server counted them; those in `open` (keys) show their rows below their head. */
export class GroupLines {
  /** `groups`: [{key, count, …}]; `loadOf(group)` gives the loader of its rows. */
  constructor(groups, open, loadOf, tell) {
    this.parts = groups.map((group) => ({ group, pages: open.has(group.key) ? new RowPages(loadOf(group), tell) : null }));
    this.#place();
  }

  #place() {
    let start = 0;
    for (const part of this.parts) {
      part.start = start;
      start += 1 + (part.pages ? part.pages.total ?? part.group.count : 0);
    }
    this.count = start;
  }

  get total() { return this.parts.reduce((sum, part) => sum + part.group.count, 0); }
  get error() { return this.parts.find((part) => part.pages?.error)?.pages.error ?? null; }

  #partOf(index) {
    let [low, high] = [0, this.parts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.parts[middle].start <= index) low = middle;
      else high = middle - 1;
    }
    return this.parts[low];
  }

  at(index) {
    const part = this.#partOf(index);
    if (!part) return undefined;
    if (index === part.start) return { kind: 'group', group: part.group, open: Boolean(part.pages) };
    const row = part.pages?.at(index - part.start - 1);
    return row && { kind: 'row', row };
  }

  want(from, to) {
    this.#place();
    for (const part of this.parts) {
      if (!part.pages) continue;
      const first = part.start + 1;
      const end = first + (part.pages.total ?? part.group.count);
      if (end > from && first < to) part.pages.want(Math.max(from, first) - first, Math.min(to, end) - first);
    }
  }

  refresh() { this.parts.forEach((part) => part.pages?.refresh()); }

  async rowsBetween(from, to) {
    const rows = [];
    for (const { start, pages, group } of this.parts) {
      if (!pages) continue;
      const [a, b] = [Math.max(from, start + 1) - start - 1, Math.min(to, start + 1 + (pages.total ?? group.count)) - start - 1];
      if (b > a) rows.push(...await pages.between(a, b));
    }
    return rows;
  }

  stop() { this.parts.forEach((part) => part.pages?.stop()); }
}
