// What an edit of many changes, camera by camera: the field, its value before and after.
import { html } from '../html.js';
import { t } from '../i18n.js';
import { link } from '../router.js';
import { nameOf, wordsOf } from './edit_words.js';

/** `rows`: [{camera_id, name, before, after}] by field. */
export function EditRows({ rows, fields, tables }) {
  const aboutOf = (name) => fields.find((each) => each.name === name);
  return html`<div class="table-box"><table class="list edit-rows"><thead><tr><th scope="col">${t('camera.name')}</th><th scope="col">${t('camera.field')}</th><th scope="col">${t('task.before')}</th>
      <th scope="col">${t('task.after')}</th></tr></thead><tbody>${rows.flatMap((row) => Object.keys(row.after).map((name, n) => html`<tr key=${`${row.camera_id} ${name}`}>
      <th scope="row">${n === 0 && html`<a href=${link(`camera/${row.camera_id}`, { tab: 'history' })}>${row.name || t('camera.number', { id: row.camera_id })}</a>`}</th><td>${nameOf(fields, name)}</td>
      <td><s>${wordsOf(aboutOf(name), row.before[name], tables)}</s></td><td><b>${wordsOf(aboutOf(name), row.after[name], tables)}</b></td></tr>`))}</tbody></table></div>`;
}
