// Who is signed in, and what their role may open.
import { useEffect, useState } from './html.js';
import { get, onNotSignedIn, post, remove } from './api.js';
import { startEvents, stopEvents } from './events.js';

const listeners = new Set();
let session = { state: 'loading', user: null };

function set(next) {
  session = next;
  listeners.forEach((tell) => tell(next));
  if (next.user) startEvents();
  else stopEvents();
}

onNotSignedIn(() => {
  if (session.user) set({ state: 'out', user: null, ended: true });
});

export async function askSession() {
  try {
    const answer = await get('session', {}, { quiet401: true });
    set({ state: 'in', user: answer.user ?? answer });
  } catch (error) {
    set({ state: error.notSignedIn ? 'out' : 'failed', user: null, error });
  }
}

export async function signIn(username, password) {
  const answer = await post('session', { username, password }, { quiet401: true });
  set({ state: 'in', user: answer.user });
}

export async function signOut() {
  try {
    await remove('session', { quiet401: true });
  } finally {
    set({ state: 'out', user: null });
  }
}

export function useSession() {
  const [value, setValue] = useState(session);
  useEffect(() => {
    listeners.add(setValue);
    setValue(session);
    return () => listeners.delete(setValue);
  }, []);
  return value;
}

const SCREENS = {
  desk: ['admin', 'operator'],
  map: ['admin', 'operator', 'maintainer', 'reviewer', 'planner'],
  maintenance: ['admin', 'operator', 'maintainer'],
  inventory: ['admin', 'operator', 'maintainer', 'reviewer', 'planner'],
  coverage: ['admin', 'operator', 'maintainer', 'planner'],
  review: ['admin', 'reviewer'],
  settings: ['admin', 'operator', 'maintainer', 'reviewer', 'planner', 'owner'],
};

/** Screens that stand below another one of the rail. */
const BELOW = {
  inventory: {
    inventory: SCREENS.inventory,
    discovery: ['admin', 'operator', 'maintainer'],
    import: ['admin', 'maintainer'],
    tasks: ['admin', 'maintainer'],
    edits: ['admin', 'maintainer'],
    archive: SCREENS.inventory,
    credentials: ['admin', 'maintainer'],
  },
  coverage: {
    coverage: SCREENS.coverage,
    plans: SCREENS.inventory,
    rings: SCREENS.inventory,
    maps: ['admin', 'maintainer'],
  },
  maintenance: {
    maintenance: SCREENS.maintenance,
    wall: SCREENS.maintenance,
    orders: SCREENS.maintenance,
    outages: SCREENS.inventory,
    assessment: SCREENS.inventory,
    repair: SCREENS.maintenance,
    diagnosis: SCREENS.inventory,
    recordings: SCREENS.inventory,
  },
};
/** What the network does not see, what is to be built, who keeps the archive: no business of a firm's crew. */
const OFFICE = ['coverage', 'plans', 'rings', 'maps', 'discovery', 'import', 'tasks', 'edits', 'credentials'];
const ALL = Object.assign({}, SCREENS, ...Object.values(BELOW));

export const railOf = (screen) => Object.keys(BELOW).find((name) => screen in BELOW[name]) ?? screen;
export const belowOf = (user, screen) => Object.keys(BELOW[railOf(screen)] ?? {}).filter((name) => may(user, name));
export const screensOf = (user) => Object.keys(SCREENS).filter((name) => doorOf(user, name));
/** The screen that a place of the rail opens: itself, or the first below it that this person may open. */
export const doorOf = (user, name) => (may(user, name) ? name : belowOf(user, name)[0]);
export const may = (user, screen) => Boolean(user && ALL[screen]?.includes(user.role) && !(user.maintainer_id && OFFICE.includes(screen)));
