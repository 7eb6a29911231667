// One camera: its state and why, and a tab for each side of it.
import { html } from '../html.js';
import { sentence, t, tOr } from '../i18n.js';
import { becauseWords, Shown, Status, Tier } from '../parts.js';
import { useResource } from '../resource.js';
import { setQuery } from '../router.js';
import { Age } from '../time.js';
import { DeviceTab } from './device.js';
import { RecordTab } from './record.js';
import { WhereTab } from './where.js';
import { NowTab } from './now.js';
import { HistoryTab } from './history.js';
import { AskOwner, LooksTab } from './looks.js';
import { Still } from '../still.js';

const TABS = ['record', 'now', 'map', 'pictures', 'device', 'differences', 'history', 'looks'];

function Pictures({ camera }) {
  const { row } = camera;
  return html`<div class="pictures"><section><h3>${t('camera.latest_still')}</h3>
    <${Still} cameraId=${row.id} at=${row.still_at} name=${row.name} big /></section>
    <section><h3>${t('camera.picture_now')}</h3><${Still} cameraId=${row.id} name=${row.name} big fresh /></section></div>`;
}

function Differences({ camera }) {
  if (camera.differences.length === 0) return html`<p class="note">${t('camera.no_differences')}</p>`;
  return html`<div class="table-box"><table class="list"><thead><tr><th scope="col">${t('camera.field')}</th><th scope="col">
    ${t('camera.declared')}</th><th scope="col">${t('camera.observed')}</th><th scope="col">${t('camera.means')}</th></tr></thead>
    <tbody>${camera.differences.map((each) => html`<tr key=${each.field}><th scope="row">${tOr(`field.${each.field}`, each.field)}</th><td>
      ${each.declared}</td><td>${each.observed}</td><td>${sentence(each, 'sentence')}</td></tr>`)}</tbody></table></div>`;
}

const PARTS = { record: RecordTab, now: NowTab, map: WhereTab, device: DeviceTab, history: HistoryTab, pictures: Pictures, differences: Differences, looks: LooksTab };

export function CameraPage({ cameraId, tab, user, system }) {
  const camera = useResource(`cameras/${cameraId}`, {}, { refreshOn: ['camera.', 'fault.', 'consent.'], everyS: 30 });
  const tabs = user.role === 'admin' ? TABS : TABS.filter((name) => name !== 'looks');
  const current = tabs.includes(tab) ? tab : 'record';
  const Part = PARTS[current];
  return html`<div class="paper camera"><${Shown} resource=${camera}>${(detail) => html`
    <header class="camera-head">
      <div><h2>${detail.row.name}</h2><p class="faint">
        <${Tier} tier=${detail.row.tier} /> · ${detail.row.install_address || detail.row.pole_code || '—'} · ${t(`life_cycle.${detail.row.life_cycle}`)}</p></div>
      <div class="camera-state"><${Status} status=${detail.watch.status} />
        <p>${becauseWords(detail.watch.because)}${detail.watch.since && html` · <${Age} at=${detail.watch.since} />`}</p></div>
      <div class="camera-access"><span class="access access-${detail.row.access.decision}">${t(`access.${detail.row.access.decision}`)}
        </span><p>${sentence(detail.row.access, 'because')}</p>
        ${detail.row.access.decision === 'ask' && html`<${AskOwner} cameraId=${detail.row.id} />`}</div>
    </header>
    <div class="tabs" role="tablist">${tabs.map((name) => html`<button type="button" role="tab" key=${name}
      aria-selected=${name === current} onClick=${() => setQuery({ tab: name })}>
      ${t(`camera.tab.${name}`)}${name === 'differences' && detail.differences.length > 0 && html`<small>${detail.differences.length}
        </small>`}</button>`)}</div>
    <div class="tab" role="tabpanel"><${Part} camera=${detail} user=${user} system=${system} /></div>`}<//></div>`;
}
