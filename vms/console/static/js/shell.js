// The frame of every screen: rail, top line, and who may be where.
import { dropPosition, notePlace } from './came_from.js';
import { html, useEffect, useMemo, useState } from './html.js';
import { t, useLanguage } from './i18n.js';
import { LanguageSwitch } from './language_switch.js';
import { link, go, useRoute } from './router.js';
import { askSession, belowOf, doorOf, may, railOf, screensOf, signOut, useSession } from './session.js';
import { useConnection } from './events.js';
import { useResource } from './resource.js';
import { ServerClock } from './time.js';
import { Search } from './search.js';
import { KeysHelp } from './keys_help.js';
import { useKeys } from './keys.js';
import { SignIn } from './sign_in.js';
import { Loading, Failed, Refused } from './parts.js';
import { Desk } from './desk.js';
import { MapScreen } from './map_screen.js';
import { Maintenance } from './maintenance/maintenance.js';
import { Wall } from './maintenance/wall.js';
import { Orders } from './orders/orders.js';
import { Assessment } from './assessment/assessment.js';
import { Outages } from './outages/outages.js';
import { Repair } from './repair/repair.js';
import { Diagnosis } from './diagnosis.js';
import { CameraPage } from './camera/page.js';
import { Inventory } from './inventory/inventory.js';
import { Family } from './family.js';
import { Recordings } from './recordings/recordings.js';
import { Coverage } from './coverage/screen.js';
import { Plans } from './plans/plans.js';
import { Registration } from './registration.js';
import { Discovery } from './discovery/discovery.js';
import { Import } from './intake/import.js';
import { Archive } from './work/archive.js';
import { Edits } from './work/edits.js';
import { Tasks } from './work/tasks.js';
import { Credentials } from './work/credentials.js';
import { Owner } from './owner.js';
import { Review } from './review.js';
import { Rings } from './rings/rings.js';
import { Maps } from './maps/maps.js';
import { Settings } from './settings.js';
import { DemoPanel } from './demo_panel.js';

const SCREENS = {
  desk: { screen: Desk, theme: 'dark' },
  map: { screen: MapScreen, theme: 'dark' },
  maintenance: { screen: Maintenance, theme: 'light' },
  wall: { screen: Wall, theme: 'dark' },
  orders: { screen: Orders, theme: 'light' },
  outages: { screen: Outages, theme: 'light' },
  assessment: { screen: Assessment, theme: 'light' },
  recordings: { screen: Recordings, theme: 'light' },
  repair: { screen: Repair, theme: 'light' },
  diagnosis: { screen: Diagnosis, theme: 'light' },
  inventory: { screen: Inventory, theme: 'light' },
  discovery: { screen: Discovery, theme: 'light' },
  import: { screen: Import, theme: 'light' },
  tasks: { screen: Tasks, theme: 'light' },
  edits: { screen: Edits, theme: 'light' },
  archive: { screen: Archive, theme: 'light' },
  credentials: { screen: Credentials, theme: 'light' },
  coverage: { screen: Coverage, theme: 'light' },
  plans: { screen: Plans, theme: 'light' },
  rings: { screen: Rings, theme: 'light' },
  maps: { screen: Maps, theme: 'light' },
  review: { screen: Review, theme: 'light' },
  settings: { screen: Settings, theme: 'light' },
};
const PUBLIC = { register: Registration, owner: Owner };
const ICONS = {
  desk: 'M3 4h18v11H3zM8 20h8M12 15v5',
  map: 'M3 6l6-2 6 2 6-2v14l-6 2-6-2-6 2zM9 4v14M15 6v14',
  maintenance: 'M14 4a5 5 0 0 0-4.6 7L4 16.500a2.1 2.1 0 0 0 3 3l5.5-5.400A5 5 0 0 0 19.6 8L16.5 11 13 7.6 16 4.400A5 5 0 0 0 14 4z',
  inventory: 'M4 5h16M4 10h16M4 15h16M4 20h10',
  coverage: 'M12 20L4 7a14 14 0 0 1 16 0zM12 20v-9',
  review: 'M5 3h10l4 4v14H5zM9 13l2.5 2.500L16 11',
  settings: 'M12 8.500a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7zM12 2v3M12 19v3M2 12h3M19 12h3M5 5l2 2M17 17l2 2M19 5l-2 2M7 17l-2 2',
};

function Icon({ name }) {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d=${ICONS[name]} /></svg>`;
}

function Connection() {
  const state = useConnection();
  return html`<span class="connection is-${state}" role="status" title=${t(`connection.${state}.hint`)}>
    <i aria-hidden="true"></i>${t(`connection.${state}`)}</span>`;
}

function Rail({ user, current }) {
  return html`<nav class="rail" aria-label=${t('nav.screens')}>
    <a class="brand" href=${link('')} title=${t('app.title')}><img src="icon.svg" alt="" width="30" height="30" /></a>
    ${screensOf(user).map((name) => html`<a key=${name} href=${link(doorOf(user, name))} aria-current=${name === railOf(current) ? 'page' : undefined}>
      <${Icon} name=${name} /><span>${t(`nav.${name}`)}</span></a>`)}
  </nav>`;
}

function TopLine({ user, current, system }) {
  return html`<header class="top">
    <h1>${t(`nav.${current}`)}</h1>${system?.town && html`<span class="town">${system.town}</span>`}
    <${Search} />
    <div class="top-end">
      <${Connection} /><${ServerClock} /><${LanguageSwitch} />
      ${system?.demo && ['admin', 'operator'].includes(user.role) && html`<${DemoPanel} />`}
      <span class="who" title=${t(`role.${user.role}`)}>${user.name}</span>
      <button type="button" class="quiet" onClick=${signOut}>${t('session.sign_out')}</button>
    </div>
  </header>`;
}

function SignedIn({ user, route }) {
  const system = useResource('system', {}, { everyS: 30 });
  const [keysShown, showKeys] = useState(false);
  const first = useMemo(() => screensOf(user)[0], [user.role]);
  const asked = route.path[0] === 'camera' ? 'inventory' : route.path[0];
  const current = SCREENS[asked] ? asked : first;
  const { screen: Screen, theme } = SCREENS[current];
  useTheme(theme);
  useEffect(() => { if (!route.path.length) go(first); }, [route.path.length]);
  useKeys({
    '?': () => showKeys((shown) => !shown),
    '/': () => document.getElementById('place-search')?.focus(),
    ...(keysShown ? { Escape: () => showKeys(false) } : {}),
  });
  const cameraId = route.path[0] === 'camera' ? route.path[1] : null;
  useEffect(() => {
    if (cameraId || !route.path.length) return;
    notePlace(current);
    if (current !== 'inventory') dropPosition();
  }, [route]);
  let inside = html`<${Refused} error=${{ message: t('error.role', { role: t(`role.${user.role}`) }) }} />`;
  if (cameraId && user.role !== 'owner') inside = html`<${CameraPage} key=${cameraId} cameraId=${cameraId} user=${user} query=${route.query} system=${system.data} />`;
  else if (may(user, current)) inside = html`<${Screen} key=${current} user=${user} query=${route.query} part=${route.path[1]} system=${system.data} />`;
  const family = !cameraId && belowOf(user, current).length > 1;
  return html`<div class="shell">
    <${Rail} user=${user} current=${current} />
    <${TopLine} user=${user} current=${current} system=${system.data} />
    <main class="screen screen-${current} ${family ? 'has-family' : ''}" tabindex="-1">
      ${family && html`<${Family} user=${user} current=${current} />`}${inside}</main>
    ${keysShown && html`<${KeysHelp} close=${() => showKeys(false)} />`}
  </div>`;
}

function useTheme(theme) {
  useEffect(() => { document.documentElement.dataset.theme = theme; }, [theme]);
}

function PublicScreen({ screen: Screen, query }) {
  useTheme('light');
  return html`<${Screen} query=${query} />`;
}

export function Shell() {
  useLanguage();
  const route = useRoute();
  const session = useSession();
  const Public = PUBLIC[route.path[0]];
  if (Public) return html`<${PublicScreen} key=${route.path[0]} screen=${Public} query=${route.query} />`;
  if (session.state === 'loading') return html`<${Loading} />`;
  if (session.state === 'failed') return html`<${Failed} error=${session.error} again=${askSession} />`;
  if (!session.user) return html`<${SignIn} ended=${session.ended} />`;
  return html`<${SignedIn} user=${session.user} route=${route} />`;
}
