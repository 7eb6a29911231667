// Where a file is dropped, chosen, or taken with the phone's camera.
import { html, useRef, useState } from './html.js';

export function DropZone({ label, hint, accept, camera = false, busy = false, onFile }) {
  const [over, setOver] = useState(false);
  const field = useRef(null);
  const took = (file) => { if (file && !busy) onFile(file); };
  function dropped(event) {
    event.preventDefault();
    setOver(false);
    took(event.dataTransfer.files[0]);
  }
  return html`<label class="drop-zone ${over ? 'is-over' : ''}" aria-busy=${busy} onDragOver=${(event) => { event.preventDefault(); setOver(true); }}
      onDragLeave=${() => setOver(false)} onDrop=${dropped}>
    <input ref=${field} class="sr" type="file" accept=${accept} capture=${camera ? 'environment' : undefined} disabled=${busy}
      onChange=${(event) => { took(event.target.files[0]); event.target.value = ''; }} />
    ${busy ? html`<span class="spinner" aria-hidden="true"></span>` : html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 16V4M7 9l5-5 5 5M4 17v3h16v-3" /></svg>`}
    <b>${label}</b>${hint && html`<small>${hint}</small>`}</label>`;
}
