// History: the record's changes, the hardware of the point, and how it was over the last days.
import { html } from '../html.js';
import { t } from '../i18n.js';
import { becauseWords, faultName, Shown, Status } from '../parts.js';
import { useResource } from '../resource.js';
import { setQuery } from '../router.js';
import { At } from '../time.js';
import { Changes } from './changes.js';
import { Hardware } from './hardware.js';

/** [{status, from, to}] in ms: what was true between the flips. */
export function spansOf(history, now) {
  const from = Date.parse(history.from_at);
  const to = Math.min(now, Date.parse(history.to_at));
  const flips = [...history.flips].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const spans = [];
  let status = flips[0]?.from_status ?? 'unknown';
  let at = from;
  for (const flip of flips) {
    const next = Math.max(from, Date.parse(flip.at));
    if (next > at) spans.push({ status, from: at, to: next });
    status = flip.to_status;
    at = next;
  }
  if (to > at) spans.push({ status, from: at, to });
  return spans;
}

function Bar({ history, status }) {
  const spans = history.flips.length ? spansOf(history, Date.now()) : [{ status, from: 0, to: 1 }];
  return html`<div class="history-bar" role="img" aria-label=${t('camera.tab.history')}>
    ${spans.map((span, n) => html`<i key=${n} class="swatch-${span.status}" style=${`flex:${span.to - span.from}`}
    title=${t(`status.${span.status}`)}></i>`)}</div>
    <div class="history-axis"><${At} at=${history.from_at} /><${At} at=${history.to_at} /></div>`;
}

function Health({ camera }) {
  const history = useResource(`cameras/${camera.row.id}/history`, {}, { refreshOn: ['camera.flip', 'fault.'] });
  return html`<${Shown} resource=${history}>${(data) => html`<${Bar} history=${data} status=${camera.watch.status} />
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

const PARTS = { changes: Changes, health: Health, hardware: Hardware };

export function HistoryTab({ camera, query, user }) {
  const current = PARTS[query?.part] ? query.part : 'changes';
  const Part = PARTS[current];
  return html`<div class="table-tools"><div class="chips" role="group" aria-label=${t('camera.tab.history')}>${Object.keys(PARTS).map((name) => html`<button type="button" class="chip" key=${name}
    aria-pressed=${name === current} onClick=${() => setQuery({ part: name })}>${t(`history.${name}`)}</button>`)}</div></div><${Part} camera=${camera} user=${user} />`;
}
