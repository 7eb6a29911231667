// Rows of a long list, fetched a page at a time as they come into sight; what went out of sight is not waited for.
const PAGE = 100;
const KEPT = 80;
const SETTLE_MS = 30;
const AGAIN_AFTER_MS = 5000;

export class RowPages {
  /** `load(offset, limit, signal, after)` gives {items, total, next}; `tell()` is called after every change. */
  constructor(load, tell) {
    Object.assign(this, { load, tell, total: null, error: null, pages: new Map(), running: new Map(), wanted: [], stale: new Set(), ends: new Map() });
  }

  at(index) {
    return this.pages.get(Math.floor(index / PAGE))?.[index % PAGE];
  }

  /** Rows `from` to `to` (exclusive) are in sight now. */
  want(from, to) {
    const last = Math.floor(Math.max(from, to - 1) / PAGE);
    this.wanted = [];
    for (let page = Math.floor(from / PAGE); page <= last; page += 1) this.wanted.push(page);
    for (const [page, stop] of this.running) if (!this.wanted.includes(page)) stop.abort();
    clearTimeout(this.timer);
    const missing = this.wanted.filter((page) => this.#missing(page));
    if (missing.length === 0) return;
    // While the bar is being dragged, only where it rests is fetched.
    const quick = performance.now() - (this.askedAt ?? 0) > SETTLE_MS * 4;
    this.askedAt = performance.now();
    this.timer = setTimeout(() => missing.forEach((page) => this.#fetch(page)), quick ? 0 : SETTLE_MS);
  }

  #missing(page) {
    if (this.running.has(page) || performance.now() < (this.notBefore ?? 0)) return false;
    if (this.total !== null && page * PAGE >= this.total && page > 0) return false;
    return !this.pages.has(page) || this.stale.has(page);
  }

  async #fetch(page) {
    if (this.running.has(page)) return;
    const stop = new AbortController();
    this.running.set(page, stop);
    try {
      const answer = await this.load(page * PAGE, PAGE, stop.signal, this.ends.get(page - 1));
      this.ends.set(page, answer.next);
      this.pages.delete(page);
      this.pages.set(page, answer.items);
      this.stale.delete(page);
      this.total = answer.total;
      this.error = null;
      this.#forget();
    } catch (error) {
      if (error.name === 'AbortError') return;
      this.error = error;
      this.notBefore = performance.now() + AGAIN_AFTER_MS;
    } finally {
      if (this.running.get(page) === stop) this.running.delete(page);
    }
    if (!this.gone) this.tell();
  }

  /** The longest unseen pages go; those in sight stay. */
  #forget() {
    for (const page of this.pages.keys()) {
      if (this.pages.size <= KEPT) return;
      if (!this.wanted.includes(page)) this.pages.delete(page);
    }
  }

  /** Something changed on the server: what is in sight is fetched anew, and stays until then. */
  refresh() {
    this.stale = new Set(this.pages.keys());
    this.ends.clear();
    this.notBefore = 0;
    for (const page of this.wanted.length ? this.wanted : [0]) this.#fetch(page);
  }

  /** Rows that may be out of sight, for a choice of many; nothing is kept. */
  async between(from, to) {
    const rows = [];
    for (let offset = from; offset < to; offset += 500) {
      const answer = await this.load(offset, Math.min(500, to - offset), undefined);
      rows.push(...answer.items);
    }
    return rows;
  }

  stop() {
    this.gone = true;
    clearTimeout(this.timer);
    this.running.forEach((stop) => stop.abort());
  }
}
