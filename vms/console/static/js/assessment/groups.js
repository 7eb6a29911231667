// The ranking: groups of cameras with score and figures against their targets; one opens whole, a region also from within.
import { Drawer } from '../drawer.js';
import { html } from '../html.js';
import { language, t, tOr } from '../i18n.js';
import { Figures, nameOf, Value } from './figure.js';
import { camerasOf, opens } from './opens.js';
import { TimeParts } from './time_parts.js';

/** What fits beside name, score and rank; a group that is opened shows all. */
const COLUMNS = ['online_rate', 'intact_rate', 'image_quality_rate', 'recording_integrity', 'clock_accuracy_rate', 'archive_completeness', 'fault_response_ok', 'fault_fix_ok', 'mttr'];
/** Of deadlines that were kept: how many only by a word that came when the time was up. */
const AFTERWARDS = { fault_response_ok: 'response_told_afterwards', fault_fix_ok: 'fix_told_afterwards' };

const score = (group) => (group.score === null ? '—' : group.score.toFixed(1));
const figureOf = (group, kind) => group.figures.find((figure) => figure.kind === kind);

const whyNotRanked = (group) => (language() === 'zh' ? group.not_ranked_zh : group.not_ranked);

function Afterwards({ group, kind, methods }) {
  const told = AFTERWARDS[kind] && figureOf(group, AFTERWARDS[kind]);
  return told?.part > 0 && html`<small class="why" title=${nameOf(methods[told.kind])}>${t('assessment.told_afterwards', { n: told.part.toLocaleString() })}</small>`;
}

export function groupName(by, group) {
  if (group.key === '') return (language() === 'zh' ? group.name_zh : group.name) || t('inventory.group_none');
  return by === 'tier' ? tOr(`tier.${group.key}`, group.key) : group.name || group.key;
}

function Row({ group, made, methods, open, total = false }) {
  const { by } = made;
  const cameras = camerasOf(made, group);
  const name = total ? t('assessment.total') : groupName(by, group);
  return html`<tr class=${total ? 'is-total' : ''} data-group=${total ? 'total' : group.key}><td class="number-cell">${total ? '' : group.rank ?? '—'}</td>
    <th scope="row"><button type="button" class="link" onClick=${() => open()}>${name}</button>${whyNotRanked(group) && html`<small class="why">${whyNotRanked(group)}</small>`}</th><td class="number-cell">${cameras ? html`<a href=${cameras}>${group.cameras.toLocaleString()}</a>` : group.cameras.toLocaleString()}</td>
    <td class="number-cell"><b>${score(group)}</b>${group.left_out.length > 0 && html`<small class="why" title=${group.left_out.map((kind) => nameOf(methods[kind])).join(t('word.comma'))}>${t('assessment.left_out', { n: group.left_out.length })}</small>`}</td>
    ${COLUMNS.map((kind) => html`<td key=${kind} class="number-cell" data-figure=${kind}><button type="button" class="figure-open" onClick=${() => open(kind)}><${Value} figure=${figureOf(group, kind)} method=${methods[kind]} /></button><${Afterwards} group=${group} kind=${kind} methods=${methods} /></td>`)}</tr>`;
}

export function Groups({ made, by, methods, onOpen }) {
  return html`<div class="table-box"><table class="list assessment-groups"><thead><tr><th scope="col" class="number-cell">${t('assessment.rank')}</th><th scope="col">${t(`assessment.by.${by}`)}</th>
      <th scope="col" class="number-cell">${t('figures.cameras')}</th><th scope="col" class="number-cell">${t('assessment.score')}</th>
      ${COLUMNS.map((kind) => html`<th key=${kind} scope="col" class="number-cell">${nameOf(methods[kind])}</th>`)}</tr></thead>
    <tbody>${made.groups.map((group) => html`<${Row} key=${group.key} group=${group} made=${made} methods=${methods} open=${(kind) => onOpen(group.key, kind)} />`)}
      <${Row} group=${made.total} made=${made} methods=${methods} total=${true} open=${(kind) => onOpen(null, kind)} /></tbody></table></div>`;
}

/** `at`: the figure that was asked for. */
export function OneGroup({ group, title, made, methods, at, onInto, close }) {
  return html`<${Drawer} title=${title} close=${close} foot=${onInto && html`<button type="button" class="primary" data-deed="into" onClick=${onInto}>${t('assessment.into')}</button>`}>
    <p><b class="score">${score(group)}</b> ${t('assessment.score')} · ${t('crew.cameras', { n: group.cameras.toLocaleString() })}</p>
    ${group.left_out.length > 0 && html`<p class="note">${t('assessment.left_out_why', { names: group.left_out.map((kind) => nameOf(methods[kind])).join(t('word.comma')) })}</p>`}
    <section><h3>${t('assessment.time')}</h3><${TimeParts} group=${group} parts=${made.parts} /></section><${Figures} figures=${group.figures} methods=${methods} aims=${made.profile.aims} at=${at} opensOf=${(kind) => opens(kind, made, group)} /><//>`;
}
