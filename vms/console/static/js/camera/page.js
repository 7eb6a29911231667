// One camera: its state and why, and a tab for each side of it.
import { placeBefore } from '../came_from.js';
import { html } from '../html.js';
import { sentence, t } from '../i18n.js';
import { CameraOrder } from '../orders/camera_order.js';
import { becauseWords, Shown, Status, Tier } from '../parts.js';
import { useResource } from '../resource.js';
import { setQuery } from '../router.js';
import { Age } from '../time.js';
import { DifferencesTab } from './differences.js';
import { PicturesTab } from './pictures.js';
import { DeviceTab } from './device.js';
import { RecordTab } from './record.js';
import { RecordingTab } from './recording.js';
import { WhereTab } from './where.js';
import { NowTab } from './now.js';
import { HistoryTab } from './history.js';
import { AskOwner, LooksTab } from './looks.js';
import { Standing } from './standing.js';

const TABS = ['record', 'now', 'map', 'pictures', 'recording', 'device', 'differences', 'history', 'looks'];

const PARTS = { record: RecordTab, now: NowTab, map: WhereTab, device: DeviceTab, history: HistoryTab, pictures: PicturesTab, recording: RecordingTab, differences: DifferencesTab, looks: LooksTab };

export function CameraPage({ cameraId, query, user, system }) {
  const camera = useResource(`cameras/${cameraId}`, {}, { refreshOn: ['camera.', 'fault.', 'consent.'], everyS: 30 });
  const tabs = user.role === 'admin' ? TABS : TABS.filter((name) => name !== 'looks');
  const current = tabs.includes(query.tab) ? query.tab : 'record';
  const Part = PARTS[current];
  const { screen, address } = placeBefore();
  return html`<div class="paper camera"><p class="back"><a href=${address}>← ${t(`nav.${screen}`)}</a></p><${Shown} resource=${camera}>${(detail) => html`
    <header class="camera-head">
      <div><h2>${detail.row.name}</h2><p class="faint">
        <${Tier} tier=${detail.row.tier} /> · ${detail.row.install_address || detail.row.pole_code || '—'} · ${t(`life_cycle.${detail.row.life_cycle}`)}</p></div>
      <div class="camera-state"><${Status} status=${detail.watch.status} />
        <p>${becauseWords(detail.watch.because)}${detail.watch.because && detail.watch.since && ' · '}${detail.watch.since && html`<${Age} at=${detail.watch.since} />`}</p><${Standing} camera=${detail} user=${user} /><${CameraOrder} camera=${detail.row} user=${user} /></div>
      <div class="camera-access"><span class="access access-${detail.row.access.decision}">${t(`access.${detail.row.access.decision}`)}
        </span><p>${sentence(detail.row.access, 'because')}</p>
        ${detail.row.access.decision === 'ask' && html`<${AskOwner} cameraId=${detail.row.id} />`}</div>
    </header>
    <div class="tabs" role="tablist">${tabs.map((name) => html`<button type="button" role="tab" key=${name} data-tab=${name}
      aria-selected=${name === current} onClick=${() => setQuery({ tab: name })}>
      ${t(`camera.tab.${name}`)}${name === 'differences' && detail.differences.length > 0 && html`<small>${detail.differences.length}
        </small>`}</button>`)}</div>
    <div class="tab" role="tabpanel"><${Part} camera=${detail} user=${user} system=${system} query=${query} reload=${camera.reload} /></div>`}<//></div>`;
}
