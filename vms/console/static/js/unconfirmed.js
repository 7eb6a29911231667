// Reference pictures that no person has confirmed, those against which most speaks first; each leads to its camera's pictures.
import { html } from './html.js';
import { t } from './i18n.js';
import { Empty, Shown, becauseWords, faultName } from './parts.js';
import { Pager } from './pager.js';
import { useResource } from './resource.js';
import { link, setQuery } from './router.js';
import { Age } from './time.js';

const LIMIT = 20;

function Row({ one, nameOf }) {
  const { normal } = one;
  const preset = normal.preset === 'home' ? '' : ` · ${t('compare.preset')} ${normal.preset.replace(/^preset-/, '')}`;
  return html`<tr data-camera=${one.camera_id}><th scope="row"><a href=${link(`camera/${one.camera_id}`, { tab: 'pictures' })}>${one.camera_name || t('camera.number', { id: one.camera_id })}</a>
      <small class="faint"> ${nameOf(one.region_code)}</small></th><td>${t(`compare.light.${normal.light}`)}${preset}</td>
    <td>${normal.doubts.length ? html`<ul class="plain">${normal.doubts.map((doubt) => html`<li key=${doubt.kind} data-doubt=${doubt.kind}><b>${faultName(doubt.kind)}</b> ${becauseWords(doubt.because)}</li>`)}</ul>` : html`<span class="faint">—</span>`}</td>
    <td>${t(`compare.sureness.${normal.sureness}`, { days: normal.days })}</td><td><${Age} at=${one.at} /></td></tr>`;
}

export function Unconfirmed({ query, nameOf }) {
  const offset = Number(query.offset) || 0;
  const list = useResource('diagnosis/unconfirmed-references', { region: query.region ?? '', limit: LIMIT, offset }, { refreshOn: ['still.reference'], everyS: 120 });
  const none = (page) => page.total === 0 && html`<${Empty} title=${t('unconfirmed.none')} next=${t('unconfirmed.none.next')} />`;
  return html`<section class="unconfirmed stack" aria-label=${t('unconfirmed.title')}><h2>${t('unconfirmed.title')}</h2><p class="faint">${t('unconfirmed.how')}</p>
    <${Shown} resource=${list} empty=${none}>${(page) => html`<div class="table-box"><table class="list"><thead><tr><th scope="col">${t('unconfirmed.camera')}</th><th scope="col">${t('unconfirmed.view')}</th>
      <th scope="col">${t('unconfirmed.doubts')}</th><th scope="col">${t('unconfirmed.sureness')}</th><th scope="col">${t('unconfirmed.taken')}</th></tr></thead>
      <tbody>${page.items.map((one) => html`<${Row} key=${`${one.camera_id} ${one.normal.preset} ${one.normal.light}`} one=${one} nameOf=${nameOf} />`)}</tbody></table></div>
      <${Pager} total=${page.total} limit=${LIMIT} offset=${offset} onOffset=${(next) => setQuery({ offset: next || null })} />`}<//></section>`;
}
