// Taking a list in: a file is dropped, its columns are read, all rows are checked, then it is stored.
import { upload } from '../api.js';
import { Problem, useDeed } from '../deed.js';
import { DropZone } from '../drop_zone.js';
import { html, useState } from '../html.js';
import { t } from '../i18n.js';
import { useResource } from '../resource.js';
import { said } from '../said.js';
import { MappingEditor } from './mapping_editor.js';
import { mappingOf, sameMapping, saveMapping } from './mapping.js';
import { PastImports } from './past_imports.js';
import { PreviewRows } from './preview_rows.js';
import { RunningImport } from './running_import.js';

const ACCEPTED = '.csv,.xlsx,.toml';
const stem = (name) => name.replace(/\.[^.]+$/, '').slice(0, 80);

function Look({ file, look, mappings, onMapping, onCheck, onLeave, busy, problem }) {
  const proposal = mappingOf(look.preview.proposal);
  const [mapping, setMapping] = useState(proposal);
  const [name, setName] = useState(look.name || stem(file.name));
  const changed = !sameMapping(mapping, proposal);
  const needed = changed || (!look.name && Object.keys(proposal.values).length + Object.keys(proposal.constants).length + proposal.date_format.length > 0);
  return html`<section class="card import-look"><header class="table-tools"><h2>${file.name} <small>${look.preview.format.toUpperCase()} ${look.preview.sheet}</small></h2>
      <label class="inline">${t('import.mapping')}<select value=${look.name} disabled=${busy} onChange=${(event) => onMapping(event.target.value)}>
        <option value="">${t('import.detected')}</option>${mappings.map((each) => html`<option key=${each.name} value=${each.name}>${each.name}</option>`)}</select></label>
      <button type="button" class="small quiet push-end" onClick=${onLeave}>${t('import.other_file')}</button></header>
    ${look.preview.problem && html`<p class="problem">${said(look.preview.problem)}</p>`}
    <${MappingEditor} preview=${look.preview} mapping=${mapping} onChange=${setMapping} />
    <${PreviewRows} rows=${look.preview.rows} />
    <footer class="table-tools">${needed && html`<label class="inline">${t('import.remember')}<input value=${name} required maxlength="80" onInput=${(event) => setName(event.target.value)} /></label>`}
      ${changed && html`<button type="button" disabled=${busy || !name.trim()} onClick=${() => onMapping(name.trim(), mapping)}>${t('import.try_mapping')}</button>`}
      <button type="button" class="primary push-end" data-deed="check" disabled=${busy || (needed && !name.trim())} onClick=${() => onCheck(needed ? name.trim() : look.name, needed ? mapping : null)}>
        ${t('import.check')}</button></footer><${Problem} of=${problem} /></section>`;
}

export function Import() {
  const [file, setFile] = useState(null);
  const [look, setLook] = useState(null);
  const [entered, setEntered] = useState(null);
  const mappings = useResource('mappings', {}, { refreshOn: ['list.mapping'] });
  const { run, busy, problem } = useDeed();

  const previewed = async (chosen, name) => ({ name, key: Math.random(), preview: await upload('imports/preview', chosen, { query: { name: chosen.name, mapping: name } }) });
  async function took(chosen) {
    setEntered(null);
    setLook(null);
    setFile(chosen);
    const found = await run(() => previewed(chosen, ''));
    if (found === undefined) setFile(null);
    else setLook(found);
  }
  const withMapping = (name, content) => run(async () => {
    if (content) await saveMapping(name, content);
    mappings.reload();
    setLook(await previewed(file, name));
  });
  const begin = (name, content, dryRun) => run(async () => {
    if (content) await saveMapping(name, content);
    setEntered({ ...await upload('imports', file, { query: { name: file.name, mapping: name, dry_run: dryRun } }), name });
  });
  const leave = () => { setFile(null); setLook(null); setEntered(null); };
  return html`<div class="paper import">${!look && html`<${DropZone} label=${t('import.drop')} hint=${t('import.drop.hint')} accept=${ACCEPTED} busy=${busy} onFile=${took} />
      <${Problem} of=${problem} />`}
    ${look && !entered && html`<${Look} key=${look.key} file=${file} look=${look} mappings=${mappings.data?.items ?? []} busy=${busy} problem=${problem}
      onMapping=${withMapping} onCheck=${(name, content) => begin(name, content, true)} onLeave=${leave} />`}
    ${entered && html`<${RunningImport} key=${entered.id} id=${entered.id} busy=${busy} problem=${problem} onTakeIn=${() => begin(entered.name, null, false)}
      onBack=${() => setEntered(null)} onLeave=${leave} />`}
    <${PastImports} /></div>`;
}
