// A list of what hangs on what is tried first, row by row, then taken in.
import { upload } from '../api.js';
import { Problem, useDeed } from '../deed.js';
import { Drawer } from '../drawer.js';
import { DropZone } from '../drop_zone.js';
import { html, useState } from '../html.js';
import { t, tOr } from '../i18n.js';
import { said } from '../said.js';

const COUNTS = ['rows', 'added', 'changed', 'unchanged', 'devices', 'rejected'];

function Found({ found }) {
  return html`<ul class="import-counts">${COUNTS.map((name) => html`<li key=${name} data-count=${name} class=${name === 'rejected' && found.rejected ? 'is-wrong' : ''}><b>${found[name].toLocaleString()}</b><span>${t(`supply.count.${name}`)}</span></li>`)}</ul>
    ${found.errors.length > 0 && html`<div class="table-box rejected"><table class="list"><tbody>${found.errors.map((error) => html`<tr key=${error.row + error.field}><th scope="row">${t('import.row')} ${error.row}</th><td>${tOr(`supply.column.${error.field}`, error.field)}</td><td><code>${error.value}</code></td><td>${said(error.reason)}</td></tr>`)}</tbody></table></div>
      ${found.rejected > found.errors.length && html`<p class="faint">${t('edit.and_more', { n: found.rejected - found.errors.length })}</p>`}`}`;
}

export function SupplyImport({ onDone, close }) {
  const [file, setFile] = useState(null);
  const [found, setFound] = useState(null);
  const { run, busy, problem } = useDeed();
  async function look(chosen) {
    setFound(null);
    setFile(chosen);
    setFound(await run(() => upload('supply/import', chosen, { query: { dry_run: true } })) ?? null);
  }
  async function take() {
    const done = await run(() => upload('supply/import', file));
    if (!done) return;
    setFound(done);
    onDone();
  }
  const will = found?.dry_run && found.added + found.changed > 0;
  const foot = found && (found.dry_run ? html`<p class="faint">${t(will ? 'supply.import.looked' : 'supply.import.nothing')}</p><button type="button" class="primary" data-deed="take" disabled=${busy || !will} onClick=${take}>${t('supply.import.take')}</button>` : html`<p role="status">✓ ${t('supply.import.done')}</p><button type="button" onClick=${close}>${t('action.close')}</button>`);
  return html`<${Drawer} title=${t('supply.import')} close=${close} foot=${foot}><p class="note">${t('supply.import.hint')}</p><${DropZone} label=${file ? file.name : t('supply.import.choose')} hint="CSV" accept=".csv,text/csv,text/plain" busy=${busy} onFile=${look} />
    <${Problem} of=${problem} />${found && html`<${Found} found=${found} />`}<//>`;
}
