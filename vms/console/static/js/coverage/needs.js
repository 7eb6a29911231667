// What the network is asked to see: the rules in their order, edited in place, saved with who and why.
import { put } from '../api.js';
import { useDeed } from '../deed.js';
import { html, useState } from '../html.js';
import { t } from '../i18n.js';
import { Shown, whoName } from '../parts.js';
import { useDraft } from '../repair/draft.js';
import { SaveBar } from '../repair/save_bar.js';
import { useResource } from '../resource.js';
import { Age } from '../time.js';
import { NeedRule, placeOf } from './need_rule.js';

const COLUMNS = ['ground', 'kinds', 'area', 'density', 'views', 'when', 'weight', 'beside', 'target'];
const INCIDENTS = ['days', 'radius_m', 'step', 'most'];
const NEW = { ground: 'street', kinds: [], area: '', px_per_m: 25, views: 1, when: 'always', weight: 1, each_side: true, beside_m: 0, target_percent: null };
const numberOf = (text) => (text === '' ? null : Number(text));
const contentOf = (found) => ({ version: found.version, document: found.document });

function Incidents({ incidents, editable, wrong, onChange }) {
  return html`<div class="need-incidents"><b>${t('needs.incidents')}</b>${INCIDENTS.map((name) => html`<label key=${name}>${t(`needs.incidents.${name}`)}
    <input type="number" step="any" min="0" name=${name} disabled=${!editable} value=${incidents[name] ?? ''} onInput=${(event) => onChange({ ...incidents, [name]: numberOf(event.target.value) })} /></label>`)}
    ${wrong && html`<small class="is-wrong" role="alert">${wrong}</small>`}</div>`;
}

function Head({ found, editable, busy, edition, onEdition, onOwn }) {
  const [sure, ask] = useState(false);
  return html`<header class="need-head"><div><h2>${t('needs.title')}</h2><p class="faint">${t('needs.hint')}</p><p class="faint">${found.own && t('needs.own')} ${found.who && html`${t('needs.last')} ${whoName(found.who)} · <${Age} at=${found.at} />${found.why && ` · ${found.why}`}`}</p></div>
    <div class="row-end"><label>${t('needs.edition')} <select name="edition" disabled=${!editable} value=${edition} onChange=${(event) => onEdition(event.target.value)}>${Object.keys(found.editions).map((each) => html`<option key=${each} value=${each}>${each}</option>`)}</select></label>
      ${editable && !found.own && html`<button type="button" class="quiet" data-deed="own" disabled=${busy} onClick=${() => { if (sure) onOwn(); ask(!sure); }}>${sure ? t('action.sure') : t('needs.reset')}</button>`}</div></header>`;
}

function Editor({ found, editable, regions, reload }) {
  const draft = useDraft(contentOf(found));
  const { run, busy, problem, clear } = useDeed();
  const [why, setWhy] = useState('');
  const { version, document } = draft.draft;
  const rules = document.rule;
  const set = (change) => { clear(); draft.set({ version, document: { ...document, ...change } }); };
  const setRule = (at, rule) => set({ rule: rules.map((each, n) => (n === at ? rule : each)) });
  const move = (at, by) => {
    const next = [...rules];
    next.splice(at + by, 0, ...next.splice(at, 1));
    set({ rule: next });
  };
  async function send(body) {
    const done = await run(() => put('coverage/needs', { ...body, why: why.trim() }));
    if (!done) return;
    draft.saved(contentOf(done));
    setWhy('');
    reload();
  }
  const conflict = problem?.code === 'needs_changed';
  const place = placeOf(problem);
  const wrongOf = (at) => (place?.rule === at + 1 ? { field: place.field, words: problem.message } : null);
  const told = problem && { code: problem.code, message: problem.message, where: place ? t('needs.rule', { n: place.rule }) : problem.where };
  const moved = draft.moved && draft.changed;
  const takeNew = () => { clear(); draft.giveUp(); reload(); };
  return html`<div class="needs" data-needs=${version ?? 'own'}><${Head} found=${found} editable=${editable} busy=${busy} edition=${document.edition} onEdition=${(edition) => set({ edition })} onOwn=${() => send({ document: null, version: found.version })} />
    ${(moved || conflict) && html`<p class="problem" role="alert">${t('needs.moved')} <button type="button" class="small" data-deed="take" onClick=${takeNew}>${t('needs.take')}</button></p>`}
    <div class="table-box"><table class="list need-rules"><thead><tr><th scope="col">${t('needs.order')}</th>${COLUMNS.map((name) => html`<th key=${name} scope="col">${t(`needs.${name}`)}</th>`)}${editable && html`<th></th>`}</tr></thead>
      <tbody>${rules.map((rule, at) => html`<${NeedRule} key=${at} rule=${rule} at=${at} last=${rules.length - 1} classes=${found.editions[document.edition] ?? []} regions=${regions} editable=${editable} wrong=${wrongOf(at)}
        onChange=${(next) => setRule(at, next)} onMove=${(by) => move(at, by)} onRemove=${() => set({ rule: rules.filter((_, n) => n !== at) })} />`)}</tbody></table></div>
    ${editable && html`<div><button type="button" class="small" data-deed="add" onClick=${() => set({ rule: [...rules, NEW] })}>＋ ${t('needs.add')}</button></div>`}
    <${Incidents} incidents=${document.incidents} editable=${editable} wrong=${problem?.where === 'incidents' ? problem.message : ''} onChange=${(incidents) => set({ incidents })} />
    ${!editable && html`<p class="faint">${t('needs.read_only')}</p>`}
    <${SaveBar} draft=${{ ...draft, moved: false, giveUp: takeNew }} busy=${busy} problem=${conflict ? null : told} onSave=${() => send({ version, document })}>
      <label>${t('needs.why')}<input name="why" maxlength="2000" value=${why} onInput=${(event) => setWhy(event.target.value)} /></label><//>
    ${!draft.changed && problem && !conflict && html`<p class="problem" role="alert">${problem.message}</p>`}</div>`;
}

export function Needs({ editable, regions }) {
  const needs = useResource('coverage/needs', {}, { refreshOn: ['coverage.needs_changed'] });
  return html`<${Shown} resource=${needs}>${(found) => html`<${Editor} found=${found} editable=${editable} regions=${regions} reload=${needs.reload} />`}<//>`;
}
