// The crew's page on a phone: its orders, one order, the door. What cannot be told now waits on the phone.
import { get, onNotSignedIn, post, remove } from '../api.js';
import { html, render, useEffect, useState } from '../html.js';
import { startLanguage, t, useLanguage } from '../i18n.js';
import { LanguageSwitch } from '../language_switch.js';
import { forgetSeen, keepSeen, lastSeen } from './kept.js';
import { keepAhead } from './keep_ahead.js';
import { OrderList } from './list.js';
import { OrderScreen } from './order.js';
import { useOutbox } from './outbox.js';

const LOOK_AGAIN_MS = 30000;
const WHO = 'vms.crew.user';
/** The cache of crew-worker.js. */
const KEPT = 'vms-crew-1';

function Door({ onIn }) {
  const [problem, setProblem] = useState('');
  async function submit(event) {
    event.preventDefault();
    const form = new FormData(event.target);
    try {
      const answer = await post('session', { username: form.get('username'), password: form.get('password') }, { quiet401: true });
      onIn(answer.user);
    } catch (error) {
      setProblem(error.message);
    }
  }
  return html`<main class="one"><${LanguageSwitch} /><h1>${t('crew.title')}</h1><form onSubmit=${submit}>
    <label>${t('session.user_name')}<input name="username" autocomplete="username" required maxlength="80" /></label>
    <label>${t('session.password')}<input name="password" type="password" autocomplete="current-password" required maxlength="200" /></label>
    ${problem && html`<p class="problem" role="alert">${problem}</p>`}
    <button type="submit" class="big primary">${t('session.sign_in')}</button></form></main>`;
}

/** What the server says of `path`, or what the phone saw last; `none` where it is not there (any more). */
function useKept(path, query, sent) {
  const [found, setFound] = useState(null);
  useEffect(() => {
    let over = false;
    const set = (value) => { if (!over) setFound({ path, ...value }); };
    async function look() {
      try {
        const value = await get(path, query);
        set({ value });
        await keepSeen(path, value);
      } catch (problem) {
        const value = problem.status === 404 ? null : await lastSeen(path);
        set({ value, away: !problem.status, none: problem.status === 404 });
      }
    }
    look();
    const timer = setInterval(look, LOOK_AGAIN_MS);
    return () => { over = true; clearInterval(timer); };
  }, [path, sent]);
  return found?.path === path ? found : null;
}

function Orders({ user, onOut }) {
  const items = useOutbox(user.name);
  const [chosen, setChosen] = useState(location.hash.slice(1));
  useEffect(() => {
    const moved = () => { setChosen(location.hash.slice(1)); scrollTo(0, 0); };
    addEventListener('hashchange', moved);
    return () => removeEventListener('hashchange', moved);
  }, []);
  const one = /^[0-9]{1,15}$/.test(chosen) ? chosen : '';
  const found = useKept(one ? `work-orders/${one}` : 'work-orders', one ? {} : { mine: user.role === 'maintainer' && user.maintainer_id ? true : undefined, sort: 'deadline', limit: 200 }, items.length);
  const listed = found?.away === undefined && !one ? found?.value?.items : undefined;
  useEffect(() => { if (listed) keepAhead(listed); }, [listed]);
  const body = () => {
    if (!found) return html`<p class="empty">${t('crew.looking')}</p>`;
    if (!found.value) return html`<p class="empty">${found.none ? t('crew.gone') : t('crew.never_seen')} <a href="#">${t('crew.back')}</a></p>`;
    return one ? html`<${OrderScreen} found=${found.value} user=${user.name} items=${items} />`
      : html`<main><${OrderList} orders=${found.value.items} items=${items} /></main>`;
  };
  return html`<header><strong>${t('crew.title')}</strong><span>${user.name}</span><${LanguageSwitch} />
      <button type="button" onClick=${onOut}>${t('session.sign_out')}</button></header>
    ${found?.away && html`<p class="away" role="status">${t('crew.away', { n: items.length })}</p>`}
    ${!found?.away && items.length > 0 && html`<p class="away" role="status">${t('crew.sending', { n: items.length })}</p>`}
    ${body()}`;
}

function Page() {
  useLanguage();
  const [user, setUser] = useState(undefined);
  const come = (who) => { localStorage.setItem(WHO, JSON.stringify(who)); setUser(who); };
  useEffect(() => {
    onNotSignedIn(() => setUser(null));
    get('session', {}, { quiet401: true }).then((answer) => come(answer.user), (problem) => {
      const known = localStorage.getItem(WHO);
      setUser(problem.status === 401 || !known ? null : JSON.parse(known));
    });
  }, []);
  async function out() {
    await remove('session', { quiet401: true }).catch(() => null);
    localStorage.removeItem(WHO);
    await forgetSeen();
    setUser(null);
  }
  if (user === undefined) return null;
  return user ? html`<${Orders} user=${user} onOut=${out} />` : html`<${Door} onIn=${come} />`;
}

await startLanguage();
render(html`<${Page} />`, document.getElementById('page'));

/** What this first visit loaded, before the worker was there to keep it. */
async function keepPage() {
  await navigator.serviceWorker.register('crew-worker.js', { scope: 'crew.html' });
  await navigator.serviceWorker.ready;
  const cache = await caches.open(KEPT);
  const loaded = performance.getEntriesByType('resource').map((entry) => entry.name.split('#')[0]);
  const ours = loaded.filter((name) => name.startsWith(`${location.origin}/`) && !name.startsWith(`${location.origin}/api/`));
  await cache.addAll([...new Set(ours)]);
  document.documentElement.dataset.kept = 'yes';
}

if ('serviceWorker' in navigator) keepPage().catch(() => null);
