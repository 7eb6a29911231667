// Gives out what is listed now, as a file: the format, and what that format lets one choose.
import { address } from '../api.js';
import { Drawer } from '../drawer.js';
import { html, useState } from '../html.js';
import { language, t } from '../i18n.js';
import { ExportSummary } from './export_summary.js';

const FORMATS = ['xlsx', 'csv', 'toml', 'geojson', 'kml', 'gb28181'];
const SHEETS = ['all', 'archive27'];
const HEADINGS = ['zh', 'en', 'names'];
const ENCODINGS = ['gb18030', 'utf-8'];
const TABLES = new Set(['xlsx', 'csv']);
const PLATFORM_ID = /^([0-9]{20})?$/;

/** The catalogue is of cameras in service; the collection sheet has no column that says it. */
const mayBeRetired = ({ format, sheet }) => format !== 'gb28181' && !(TABLES.has(format) && sheet === 'archive27');

/** What of the choices the format takes. */
function queryOf(chosen) {
  const { format, sheet, headings, contacts, retired, encoding, platformId, withoutValidId } = chosen;
  return { format, contacts: contacts && format !== 'kml' ? true : null, retired: retired && mayBeRetired(chosen) ? true : null, ...(TABLES.has(format) ? { sheet, headings: sheet === 'all' ? headings : null } : {}),
    ...(format === 'gb28181' ? { encoding, platform_id: platformId, without_valid_id: withoutValidId || null } : {}) };
}

/** What decides which cameras are in the file. */
const chosenBy = ({ format, sheet, retired, without_valid_id }) => ({ format, sheet, retired, without_valid_id });

function Choice({ name, values, value, onValue }) {
  return html`<label>${t(`export.${name}`)}<select name=${name} value=${value} onChange=${(event) => onValue(event.target.value)}>
    ${values.map((each) => html`<option key=${each} value=${each}>${t(`export.${name}.${each}`)}</option>`)}</select></label>`;
}

function ExportForm({ question, total, close }) {
  const [chosen, setChosen] = useState({ format: 'xlsx', sheet: 'all', headings: language(), contacts: false, retired: false, encoding: 'gb18030', platformId: '', withoutValidId: false });
  const set = (name) => (value) => setChosen((before) => ({ ...before, [name]: value }));
  const tick = (name, key) => html`<label class="check"><input type="checkbox" name=${name} checked=${chosen[key]} onChange=${(event) => set(key)(event.target.checked)} />${t(`export.${name}`)}</label>`;
  const { format, sheet } = chosen;
  const ready = format !== 'gb28181' || PLATFORM_ID.test(chosen.platformId);
  return html`<${Drawer} title=${t('export.title')} close=${close}><p class="faint">${t('export.about', { n: total.toLocaleString() })}</p>
    <fieldset class="choice export-formats"><legend class="sr">${t('export.format')}</legend>${FORMATS.map((each) => html`<label key=${each} class=${format === each ? 'is-chosen' : ''}>
      <input type="radio" name="format" value=${each} checked=${format === each} onChange=${() => set('format')(each)} /><b>${t(`export.${each}`)}</b><small>${t(`export.${each}.hint`)}</small></label>`)}</fieldset>
    <div class="form-lines">${TABLES.has(format) && html`<${Choice} name="sheet" values=${SHEETS} value=${sheet} onValue=${set('sheet')} />`}
      ${TABLES.has(format) && sheet === 'all' && html`<${Choice} name="headings" values=${HEADINGS} value=${chosen.headings} onValue=${set('headings')} />`}
      ${format === 'gb28181' && html`<${Choice} name="encoding" values=${ENCODINGS} value=${chosen.encoding} onValue=${set('encoding')} />
        <label>${t('export.platform_id')}<input name="platform_id" class="mono" inputmode="numeric" maxlength="20" value=${chosen.platformId} aria-invalid=${!ready}
          placeholder=${t('export.platform_id.made')} onInput=${(event) => set('platformId')(event.target.value.trim())} /></label>${tick('without_valid_id', 'withoutValidId')}`}
      ${format !== 'kml' && tick('contacts', 'contacts')}${mayBeRetired(chosen) && tick('retired', 'retired')}</div>
    ${ready ? html`<${ExportSummary} query=${{ ...chosenBy(queryOf(chosen)), ...question }} />` : html`<p class="problem">${t('export.platform_id.digits')}</p>`}<p class="note">${t('export.left_out')}</p>
    <div class="row-end">${ready && html`<a class="button primary" download data-deed="export" href=${address('exports', { ...queryOf(chosen), ...question })} onClick=${() => setTimeout(close)}>${t('export.take')}</a>`}</div><//>`;
}

export function Export({ question, total }) {
  const [open, setOpen] = useState(false);
  return html`<button type="button" class="small" data-deed="export-form" disabled=${!total} onClick=${() => setOpen(true)}>${t('export.title')}…</button>
    ${open && html`<${ExportForm} question=${question} total=${total ?? 0} close=${() => setOpen(false)} />`}`;
}
