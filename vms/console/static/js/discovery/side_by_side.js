// Devices beside each other, with what is the same on several of them marked.
import { html, useState } from '../html.js';
import { DeviceCard, toldKeys } from './device_card.js';

/** What is equal on several of the devices, by field. */
function sameOf(devices) {
  const seen = {};
  const note = (name, value) => {
    if (!value) return;
    seen[name] ??= new Map();
    seen[name].set(value, (seen[name].get(value) ?? 0) + 1);
  };
  for (const one of devices) {
    for (const name of ['manufacturer', 'model', 'firmware', 'serial_no']) note(name, one[name]);
    note('address', one.address && `${one.address}:${one.port}`);
    for (const key of toldKeys(one)) note(`key:${key.kind}`, key.value);
  }
  return Object.fromEntries(Object.entries(seen).map(([name, values]) => [name, new Set([...values].filter(([, n]) => n > 1).map(([value]) => value))]));
}

/** `roles`: a word above the device, by its id. */
export function SideBySide({ ids, roles = {} }) {
  const [known, setKnown] = useState({});
  const loaded = (one) => { if (known[one.id]?.last_seen_at !== one.last_seen_at) setKnown((before) => ({ ...before, [one.id]: one })); };
  const mark = sameOf(ids.map((id) => known[id]).filter(Boolean));
  return html`<div class="side-by-side">${ids.map((id) => html`<${DeviceCard} key=${id} id=${id} mark=${mark} onLoaded=${loaded}
    role=${roles[id] ?? ''} />`)}</div>`;
}
