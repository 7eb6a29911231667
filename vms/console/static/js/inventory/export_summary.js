// What the file will hold and what not, before it is taken: each camera that a catalogue does not name, and why.
import { html } from '../html.js';
import { t } from '../i18n.js';
import { useResource } from '../resource.js';
import { link } from '../router.js';
import { said } from '../said.js';

const SHOWN = 50;
const LEFT_OUT = ['registered', 'retired', 'not_entered', 'not_in_catalogue'];
const number = (n) => n.toLocaleString();

export function ExportSummary({ query }) {
  const { data } = useResource('exports/summary', query);
  if (!data) return null;
  const some = data.named.slice(0, SHOWN);
  return html`<section class="export-summary" data-summary=${data.cameras}><p>${t('export.holds', { n: number(data.cameras) })}${LEFT_OUT.filter((why) => data[why])
    .map((why) => html`<br key=${why} />${t(`export.without.${why}`, { n: number(data[why]) })}`)}</p>
    ${some.length > 0 && html`<ul class="refused">${some.map((one) => html`<li key=${one.camera_id}><a href=${link(`camera/${one.camera_id}`)}>${one.name || t('camera.number', { id: one.camera_id })}</a>
      ${' '}<span class="mono">${one.gb_device_id}</span> <span class="faint">${said(one.reason)}</span></li>`)}${data.not_in_catalogue > some.length && html`<li class="faint">${t('export.more', { n: number(data.not_in_catalogue - some.length) })}</li>`}</ul>`}</section>`;
}
