// The time slider: the gaps as they were at a moment of the last thirty days.
import { html, useEffect, useState } from '../html.js';
import { t } from '../i18n.js';
import { setQuery } from '../router.js';
import { serverNow, shortDateTime } from '../time.js';

const HOURS = 720;
const HOUR_MS = 3600000;
const SETTLES_MS = 200;

export function Moment({ at }) {
  const back = at ? Math.round((serverNow() - Date.parse(at)) / HOUR_MS) : 0;
  const [hours, setHours] = useState(back);
  useEffect(() => { setHours(back); }, [at]);
  useEffect(() => {
    if (hours === back) return undefined;
    const timer = setTimeout(() => setQuery({ at: hours ? new Date(serverNow() - hours * HOUR_MS).toISOString() : null }), SETTLES_MS);
    return () => clearTimeout(timer);
  }, [hours]);
  const words = hours ? shortDateTime(serverNow() - hours * HOUR_MS) : t('coverage.now');
  return html`<div class="moment"><small class="faint">${t('coverage.moment.from')}</small><input type="range" min=${-HOURS} max="0" step="1" value=${-hours} aria-label=${t('coverage.moment')} aria-valuetext=${words} onInput=${(event) => setHours(-Number(event.target.value))} />
    <output>${words}</output>${hours > 0 && html`<button type="button" class="quiet" onClick=${() => setHours(0)}>${t('coverage.now')}</button>`}</div>`;
}
