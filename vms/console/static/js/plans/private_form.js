// Windows and yards that nobody may look into: drawn on the map, with a name and a reason; and the list of those that are marked.
import { post, remove } from '../api.js';
import { Problem, useDeed } from '../deed.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Shown } from '../parts.js';
import { Sure } from '../sure.js';
import { Drawing } from './new_plan.js';

const LEAST_CORNERS = 3;

export function PrivateForm({ areas, corners, setCorners, back }) {
  const { run, busy, problem } = useDeed();
  async function submit(event) {
    event.preventDefault();
    const form = event.target;
    const told = new FormData(form);
    const feature = { type: 'Feature', geometry: { type: 'Polygon', coordinates: [[...corners, corners[0]]] }, properties: { name: told.get('name').trim(), reason: told.get('reason').trim() } };
    if (await run(() => post('coverage/private-areas', { areas: feature })) === undefined) return;
    form.reset();
    setCorners([]);
    areas.reload();
  }
  const unmark = (area) => run(() => remove(`coverage/private-areas/${area.id}`)).then(areas.reload);
  return html`<header class="plans-head"><button type="button" class="quiet" onClick=${back}>← ${t('nav.plans')}</button><h2>${t('plan.mark_private')}</h2></header><p class="faint">${t('plan.mark_private.about')}</p>
    <form class="form-lines" onSubmit=${submit}><${Drawing} corners=${corners} setCorners=${setCorners} />
      <label>${t('plan.private.name')}<input name="name" required maxlength="120" /></label><label>${t('plan.private.reason')}<textarea name="reason" rows="2" required maxlength="2000"></textarea></label><${Problem} of=${problem} />
      <div class="row-end"><button type="submit" class="primary" data-deed="mark-private" disabled=${busy || corners.length < LEAST_CORNERS}>${t('plan.private.mark')}</button></div></form>
    <${Shown} resource=${areas}>${(page) => html`<ul class="plan-lines">${page.items.map((area) => html`<li key=${area.id} data-private=${area.id}><b class="plan-private-name">${area.name}</b><span>${area.reason}</span><${Sure} words=${t('action.remove')} deed="unmark" busy=${busy} onSure=${() => unmark(area)} /></li>`)}</ul>`}<//>`;
}
