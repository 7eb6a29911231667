// What can be done with the chosen cameras: a line that appears as soon as there are some.
import { html, useState } from '../html.js';
import { t } from '../i18n.js';
import { BulkEdit } from './bulk_edit.js';
import { BulkTask } from './bulk_task.js';

const KEEPERS = ['admin', 'maintainer'];
const EVERYBODY = 'id > 0';

export function Chosen({ choice, question, total, user }) {
  const [doing, setDoing] = useState(null);
  if (!choice.size || !KEEPERS.includes(user.role)) return null;
  const ids = [...choice.ids];
  const filter = question.filter || EVERYBODY;
  const whichEdit = choice.all ? { filter, q: question.q } : { ids };
  const whichTask = choice.all ? { filter } : { camera_ids: ids };
  const close = () => setDoing(null);
  return html`<div class="chosen" role="status"><b>${t('chosen.some', { n: choice.size.toLocaleString() })}</b>
    ${!choice.all && choice.size < total && html`<button type="button" class="link" onClick=${choice.everything}>${t('chosen.all', { n: total.toLocaleString() })}</button>`}
    <button type="button" class="small" data-deed="edit" onClick=${() => setDoing('edit')}>${t('chosen.edit')}</button>
    <button type="button" class="small" data-deed="task" disabled=${choice.all && Boolean(question.q)} title=${choice.all && question.q ? t('chosen.no_search') : ''}
      onClick=${() => setDoing('task')}>${t('chosen.task')}</button>
    <button type="button" class="small quiet" onClick=${choice.clear}>${t('chosen.clear')}</button>
    ${doing === 'edit' && html`<${BulkEdit} which=${whichEdit} count=${choice.size} close=${close} />`}
    ${doing === 'task' && html`<${BulkTask} which=${whichTask} count=${choice.size} user=${user} close=${close} />`}</div>`;
}
