// The demo's panel: break a switch, blind a camera, turn one aside, report an incident. Only where the server is a demo.
import { html, useState } from './html.js';
import { post } from './api.js';
import { t, tOr } from './i18n.js';
import { Shown } from './parts.js';
import { useResource } from './resource.js';
import { go } from './router.js';

const SHOWN = ['off', 'black', 'occluded', 'turned_aside', 'shaking', 'frozen', 'blurred', 'stream_dead', 'clock_skewed'];

function Switches({ switches, set }) {
  return html`<h3>${t('demo.switches')}</h3><ul class="demo-switches">${switches.map((each) => html`<li key=${each.name}><label>
    <input type="checkbox" role="switch" checked=${!each.broken} onChange=${() => set({ switch: each.name, fault: 'off', on: !each.broken })} />
    <b>${each.name}</b><small>${t('demo.devices', { n: each.devices })}</small></label></li>`)}</ul>`;
}

function Devices({ now, set }) {
  const [address, setAddress] = useState('');
  const chosen = now.devices.find((device) => device.address === address) ?? now.devices[0];
  if (!chosen) return null;
  const kinds = SHOWN.filter((kind) => now.faults.includes(kind));
  return html`<h3>${t('demo.camera')}</h3><select value=${chosen.address} onChange=${(event) => setAddress(event.target.value)} aria-label=${t('demo.camera')}>
      ${now.devices.map((device) => html`<option key=${device.address} value=${device.address} selected=${device === chosen}>
        ${device.faults.length ? '✕ ' : ''}${device.names[0]} · ${t(`tier.${device.tier}`)}</option>`)}</select>
    <div class="chips">${kinds.map((kind) => html`<button type="button" key=${kind} class="chip"
      aria-pressed=${chosen.faults.includes(kind)} onClick=${() => set({ address: chosen.address, fault: kind, on: !chosen.faults.includes(kind) })}>
      ${tOr(`demo.fault.${kind}`, kind)}</button>`)}</div>`;
}

function Panel({ close }) {
  const now = useResource('demo/devices', {}, { everyS: 3 });
  const [problem, setProblem] = useState('');
  async function attempt(deed) {
    try {
      await deed();
      setProblem('');
    } catch (error) {
      setProblem(error.message);
    }
  }
  const set = (fault) => attempt(async () => {
    await post('demo/faults', fault);
    now.reload();
  });
  const incident = () => attempt(async () => {
    const opened = await post('demo/incident');
    go('desk', { incident: opened.id });
  });
  return html`<div class="demo-panel" role="region" aria-label=${t('demo.title')}><header><h2>${t('demo.title')}</h2>
    <button type="button" class="quiet" onClick=${close} aria-label=${t('action.close')}>✕</button></header>
    <p class="faint">${t('demo.hint')}</p><button type="button" class="primary" onClick=${incident}>${t('demo.incident')}</button>
    ${problem && html`<p class="problem" role="alert">${problem}</p>`}
    <${Shown} resource=${now}>${(data) => html`<${Devices} now=${data} set=${set} /><${Switches} switches=${data.switches} set=${set} />`}
      <//></div>`;
}

export function DemoPanel() {
  const [open, setOpen] = useState(false);
  return html`<div class="demo"><button type="button" class="demo-open" aria-expanded=${open} onClick=${() => setOpen(!open)}>
    ${t('demo.open')}</button>
    ${open && html`<${Panel} close=${() => setOpen(false)} />`}</div>`;
}
