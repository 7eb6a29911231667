// History: the record's changes, the hardware of the point, and how it was over the last days.
import { html } from '../html.js';
import { t } from '../i18n.js';
import { becauseWords, faultName, Shown, Status } from '../parts.js';
import { useResource } from '../resource.js';
import { setQuery } from '../router.js';
import { At } from '../time.js';
import { CalendarPart } from './calendar.js';
import { Changes } from './changes.js';
import { Hardware } from './hardware.js';

function Bar({ history }) {
  const [from, to] = [Date.parse(history.from_at), Date.parse(history.to_at)];
  return html`<div class="dayline-bar" role="img" aria-label=${t('camera.tab.history')}>${history.spans.map((span) => html`<i key=${span.from_at} class="swatch-${span.status}" title=${t(`status.${span.status}`)}
      style=${`left:${((Date.parse(span.from_at) - from) / (to - from)) * 100}%;width:${((Date.parse(span.to_at) - Date.parse(span.from_at)) / (to - from)) * 100}%`}></i>`)}</div>
    <div class="history-axis"><${At} at=${history.from_at} /><${At} at=${history.to_at} /></div>`;
}

function Health({ camera }) {
  const history = useResource(`cameras/${camera.row.id}/history`, {}, { refreshOn: ['camera.flip', 'fault.'] });
  return html`<${Shown} resource=${history}>${(data) => html`<${Bar} history=${data} />
    <div class="two"><section><h3>${t('camera.flips')}</h3>${data.flips.length === 0 ? html`<p class="faint">${t('camera.no_flips')}
      </p>` : html`<div class="table-box"><table class="list"><tbody>
      ${data.flips.map((flip) => html`<tr key=${flip.at + flip.to_status}><td><${At} at=${flip.at} /></td><td>
        <${Status} status=${flip.from_status} /> → <${Status} status=${flip.to_status} /></td><td>${becauseWords(flip.because)}</td></tr>`)}
        </tbody></table></div>`}</section>
    <section><h3>${t('maintenance.faults')}</h3>${data.faults.length === 0 ? html`<p class="faint">${t('camera.no_faults')}
      </p>` : html`<div class="table-box"><table class="list"><tbody>
      ${data.faults.map((fault) => html`<tr key=${fault.id}><th scope="row">${faultName(fault.kind)}</th><td><${At} at=${fault.opened_at} />
        </td><td>${fault.closed_at ? html`<${At} at=${fault.closed_at} />` : t('fault.open')}</td></tr>`)}</tbody></table></div>`}</section>
        </div>`}<//>`;
}

const PARTS = { calendar: CalendarPart, health: Health, changes: Changes, hardware: Hardware };

export function HistoryTab({ camera, query, user }) {
  const current = PARTS[query?.part] ? query.part : 'calendar';
  const Part = PARTS[current];
  return html`<div class="table-tools"><div class="chips" role="group" aria-label=${t('camera.tab.history')}>${Object.keys(PARTS).map((name) => html`<button type="button" class="chip" key=${name}
    aria-pressed=${name === current} onClick=${() => setQuery({ part: name, day: null })}>${t(`history.${name}`)}</button>`)}</div></div><${Part} camera=${camera} user=${user} query=${query} />`;
}
