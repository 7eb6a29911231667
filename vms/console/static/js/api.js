// Talks to /api/v1: JSON in, JSON out, errors as sentences.
import { t } from './i18n.js';
import { said } from './said.js';
import { learnServerTime } from './time.js';

const ROOT = '/api/v1/';
/** Of an answer that never came. */
const UNREACHABLE = 'unreachable';

/** What went wrong: status, code, where, what the server said, and the same as `message` in the person's language. */
export class ApiError extends Error {
  constructor(status, { code = '', message = '', where = '' } = {}) {
    super();
    const told = where && message.startsWith(`${where}: `) ? message.slice(where.length + 2) : message;
    Object.assign(this, { status, code, where, told });
  }
  get message() { return this.code === UNREACHABLE ? t('error.unreachable') : said(this.told, this.code) || this.code || t('error.status', { status: this.status }); }
  get refused() { return this.status === 403; }
  get notSignedIn() { return this.status === 401; }
}

const notSignedIn = new Set();
export const onNotSignedIn = (tell) => notSignedIn.add(tell);

export function address(path, query = {}) {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const each of [value].flat()) if (each !== undefined && each !== null && each !== '') search.append(name, each);
  }
  const text = search.toString();
  return ROOT + path + (text ? `?${text}` : '');
}

async function problemOf(answer) {
  let told = {};
  try {
    const body = await answer.json();
    told = body.error ?? { message: JSON.stringify(body.detail ?? body) };
  } catch { /* not JSON: the status says it */ }
  return new ApiError(answer.status, told);
}

/** `body` goes as JSON, `file` (a Blob) as it is. */
export async function request(method, path, { query, body, file, headers = {}, signal, quiet401 = false } = {}) {
  const type = file ? { 'Content-Type': file.type || 'application/octet-stream' } : body === undefined ? {} : { 'Content-Type': 'application/json' };
  let answer;
  try {
    answer = await fetch(address(path, query), {
      method,
      signal,
      credentials: 'same-origin',
      headers: { Accept: 'application/json', ...type, ...headers },
      body: file ?? (body === undefined ? undefined : JSON.stringify(body)),
    });
  } catch (problem) {
    if (problem.name === 'AbortError') throw problem;
    throw new ApiError(0, { code: UNREACHABLE });
  }
  learnServerTime(answer.headers.get('Date'));
  if (!answer.ok) {
    const problem = await problemOf(answer);
    if (problem.notSignedIn && !quiet401) notSignedIn.forEach((tell) => tell());
    throw problem;
  }
  return answer;
}

async function json(method, path, options) {
  const answer = await request(method, path, options);
  return answer.status === 204 ? null : answer.json();
}

export const get = (path, query, options = {}) => json('GET', path, { query, ...options });
export const post = (path, body, options = {}) => json('POST', path, { body, ...options });
export const patch = (path, body, options = {}) => json('PATCH', path, { body, ...options });
export const put = (path, body, options = {}) => json('PUT', path, { body, ...options });
export const upload = (path, file, options = {}) => json('POST', path, { file, ...options });
export const remove = (path, options = {}) => json('DELETE', path, options);

/** One still: {url, at}. The caller revokes the url. */
export async function still(cameraId, { incident, fresh, purpose, signal } = {}) {
  const answer = await request('GET', `cameras/${cameraId}/snapshot`, { query: { incident, fresh: fresh ? 1 : undefined, purpose }, signal });
  const picture = await answer.blob();
  const age = Number(answer.headers.get('Age') ?? 'NaN');
  const at = answer.headers.get('X-Picture-At') ?? (Number.isNaN(age) ? null : new Date(Date.now() - age * 1000).toISOString());
  return { url: URL.createObjectURL(picture), at };
}

export function liveAddress(path) {
  const url = new URL(path, location.href);
  url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
  return url.href;
}
