// Service levels in their order: how soon somebody is there, how soon it is repaired; the first that fits holds.
import { put } from '../api.js';
import { useDeed } from '../deed.js';
import { html, useState } from '../html.js';
import { t } from '../i18n.js';
import { Empty, levelName, Shown } from '../parts.js';
import { useResource } from '../resource.js';
import { useDraft } from './draft.js';
import { OrderCell, OrderDeeds, useOrder } from './in_order.js';
import { LevelForm } from './level_form.js';
import { SaveBar } from './save_bar.js';
import { TryOut } from './try_out.js';
import { WrongField } from './wrong_field.js';
import { className, hoursInWords, Several, severityName, tierName } from './words.js';

const plain = ({ id: _, ...level }) => level;
const isUsual = ({ fits }) => Object.values(fits).every((list) => list.length === 0);

function HoldsFor({ fits, regions, firms }) {
  const words = [...fits.severities.map(severityName), ...fits.point_classes.map(className), ...fits.tiers.map(tierName), ...fits.regions.map(regions.nameOf),
    ...fits.maintainers.map((id) => firms.find((firm) => firm.id === id)?.name ?? id)];
  return html`<${Several} words=${words} />`;
}

function Row({ level, n, count, order, regions, firms, editable, decides, idle, problem, onEdit }) {
  return html`<tr ...${editable ? order.row(n) : {}} data-level=${level.name} aria-current=${decides ? 'true' : undefined} class=${idle ? 'is-idle' : ''}><${OrderCell} n=${n} order=${order} editable=${editable} />
    <th scope="row">${levelName(level.name)}${idle && html`<small class="is-wrong why">${t('levels.never')}</small>`}<${WrongField} problem=${problem} at=${`levels.${n}`} /></th><td><${HoldsFor} fits=${level.fits} regions=${regions} firms=${firms} /></td><td class="number-cell">${hoursInWords(level.respond_s)}</td><td class="number-cell"><b>${hoursInWords(level.repair_s)}</b>
      ${level.many_from !== null && html`<small class="why">${t('levels.many', { n: level.many_from, time: hoursInWords(level.many_repair_s) })}</small>`}</td>
    <td>${level.calendar ?? html`<span class="faint">${t('levels.firms_hours')}</span>`}</td>${editable && html`<${OrderDeeds} n=${n} count=${count} order=${order} onEdit=${onEdit} />`}</tr>`;
}

/** Two of one name are one for the server. */
const wrongOf = (levels) => {
  const twice = levels.find((level, n) => levels.findIndex((each) => each.name === level.name) !== n);
  return twice ? t('levels.twice', { name: twice.name }) : '';
};

export function Levels({ user, regions, firms, mayTry }) {
  const stored = useResource('maintenance/levels', {}, { everyS: 60 });
  const calendars = useResource('maintenance/calendars');
  const draft = useDraft(stored.data?.levels.map(plain) ?? null);
  const { run, busy, problem } = useDeed();
  const [edited, edit] = useState(null);
  const [found, setFound] = useState(null);
  const order = useOrder(draft.draft ?? [], draft.set);
  const editable = user.role === 'admin';
  async function save() {
    const done = await run(() => put('maintenance/levels', { levels: draft.draft }));
    if (done) draft.saved(done.levels.map(plain));
  }
  const keep = (level) => draft.set(edited === draft.draft.length ? [...draft.draft, level] : draft.draft.map((each, n) => (n === edited ? level : each)));
  return html`<${Shown} resource=${stored}>${() => {
    const levels = draft.draft;
    const usual = levels.findIndex(isUsual);
    return html`<div class=${mayTry ? 'repair-two' : ''}><section><div class="table-tools"><p class="faint">${t('levels.hint')}</p>${editable && html`<button type="button" class="small primary push-end" data-deed="add" onClick=${() => edit(levels.length)}>${t('levels.add')}</button>`}</div>
      ${levels.length === 0 ? html`<${Empty} title=${t('levels.none')} next=${t('levels.none.next')} />` : html`<div class="table-box"><table class="list in-order"><thead><tr><th></th><th scope="col">${t('levels.name')}</th><th scope="col">${t('levels.fits')}</th><th scope="col" class="number-cell">${t('levels.respond')}</th>
        <th scope="col" class="number-cell">${t('levels.repair')}</th><th scope="col">${t('levels.calendar')}</th>${editable && html`<th></th>`}</tr></thead>
        <tbody>${levels.map((level, n) => html`<${Row} key=${level.name} level=${level} n=${n} count=${levels.length} order=${order} regions=${regions} firms=${firms} editable=${editable} decides=${found?.level === n} idle=${usual >= 0 && n > usual} problem=${problem} onEdit=${() => edit(n)} />`)}</tbody></table></div>`}
      ${levels.length > 0 && usual < 0 && html`<p class="note">${t('levels.open_end')}</p>`}</section>
      ${mayTry && html`<${TryOut} body=${{ levels }} regions=${regions} onFound=${setFound} />`}</div>
      <${SaveBar} draft=${draft} busy=${busy} problem=${problem} wrong=${wrongOf(levels)} onSave=${save} />
      ${edited !== null && html`<${LevelForm} key=${edited} level=${levels[edited]} n=${edited} firms=${firms} regions=${regions} calendars=${calendars.data?.items ?? []} onKeep=${keep} close=${() => edit(null)} />`}`;
  }}<//>`;
}
