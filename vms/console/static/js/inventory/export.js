// Gives out what is listed now, as a file.
import { address } from '../api.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Menu } from './menu.js';

const FORMATS = ['xlsx', 'csv', 'geojson', 'kml', 'gb28181'];

export function Export({ question, total }) {
  return html`<${Menu} label=${t('export.title')} disabled=${!total}>${(done) => html`<p class="faint">${t('export.about', { n: (total ?? 0).toLocaleString() })}</p>
    <ul class="view-list">${FORMATS.map((format) => html`<li key=${format}><a class="button quiet" download href=${address('exports', { format, ...question })} onClick=${done}>
      ${t(`export.${format}`)}</a></li>`)}</ul>`}<//>`;
}
