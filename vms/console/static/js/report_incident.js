// Reporting an incident: a point on the map, or an address text or pole number.
import { html, useState } from './html.js';
import { post } from './api.js';
import { t } from './i18n.js';
import { categoryName } from './parts.js';

export const CATEGORIES = ['dispute', 'fight', 'theft', 'robbery', 'traffic', 'fire', 'lost', 'disturbance', 'help'];
const SOURCES = ['110', '122', '119', '12345', 'alarm', 'resident'];

export function ReportIncident({ place, close, onReported }) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');

  async function submit(event) {
    event.preventDefault();
    const form = new FormData(event.target);
    const text = (name) => String(form.get(name) ?? '').trim();
    setBusy(true);
    setProblem('');
    try {
      const where = place ? { lon: place.lon, lat: place.lat } : {};
      const incident = await post('incidents', {
        ...where, address_text: text('address_text'), pole_code: text('pole_code'), category: text('category'), level: Number(text('level')),
        source: text('source'), summary: text('summary'),
      });
      onReported(incident);
    } catch (error) {
      setProblem(error.message);
      setBusy(false);
    }
  }

  return html`<form class="report" onSubmit=${submit} aria-label=${t('report.title')}>
    <header><h2>${t('report.title')}</h2><button type="button" class="quiet" onClick=${close} aria-label=${t('action.close')}>✕</button>
      </header>
    <p class=${place ? 'report-place' : 'report-place faint'}>${place ? `${place.name ? `${place.name} · ` : ''}
      ${place.lon.toFixed(5)}, ${place.lat.toFixed(5)}` : t('report.click_map')}</p>
    <div class="report-grid">
      <label>${t('report.address')}<input name="address_text" key=${place?.name} defaultValue=${place?.address || place?.name || ''} maxlength="200" /></label>
      <label>${t('report.pole')}<input name="pole_code" maxlength="40" /></label>
      <label>${t('report.category')}<select name="category">${CATEGORIES.map((each) => html`<option key=${each} value=${each}>
        ${categoryName(each)}</option>`)}</select></label>
      <label>${t('report.level')}<select name="level" defaultValue="2">
        ${[1, 2, 3, 4].map((each) => html`<option key=${each} value=${each} selected=${each === 2}>${t(`level.${each}`)}</option>`)}
        </select></label>
      <label>${t('report.source')}<select name="source">${SOURCES.map((each) => html`<option key=${each} value=${each}>
        ${t(`source.${each}`)}</option>`)}</select></label>
      <label>${t('report.summary')}<input name="summary" maxlength="2000" /></label>
    </div>
    ${problem && html`<p class="problem" role="alert">${problem}</p>`}
    <button type="submit" class="primary" disabled=${busy}>${busy ? t('state.sending') : t('report.send')}</button>
  </form>`;
}
