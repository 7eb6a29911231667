// Asks for a notice: what is announced, why, from when until when, and whom it covers.
import { post } from '../api.js';
import { Problem, useDeed } from '../deed.js';
import { Drawer } from '../drawer.js';
import { html, useState } from '../html.js';
import { t } from '../i18n.js';
import { RegionChoice } from '../region_choice.js';
import { useResource } from '../resource.js';
import { serverNow } from '../time.js';

const KINDS = ['maintenance', 'power_cut', 'road_works', 'disaster', 'other'];
const SCOPES = ['region', 'node', 'pole', 'camera', 'device', 'owner'];
const OF_A_CREW = ['camera', 'device', 'pole', 'node'];
const SEES_ADDRESSES = ['admin', 'maintainer'];
/** A firm's crew announces for the cameras of its orders alone. */
const scopesFor = (user) => (user.maintainer_id ? OF_A_CREW : SEES_ADDRESSES.includes(user.role) ? [...SCOPES, 'network'] : SCOPES);
const MOST_NODES = 500;
const HOUR_MS = 3600000;
const USUAL_HOURS = 4;

const two = (n) => String(n).padStart(2, '0');
function local(ms) {
  const at = new Date(ms);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:00`;
}

function Values({ scope, regions }) {
  const [region, setRegion] = useState('');
  const nodes = useResource(scope === 'node' ? 'supply' : null, { limit: MOST_NODES });
  if (scope === 'region') return html`<label>${t('camera.region')}<${RegionChoice} nodes=${regions.nodes} name="values" required=${true} value=${region} onChange=${setRegion} /></label>`;
  if (scope === 'node') return html`<label>${t('notice.scope.node')}<select name="values" required>${(nodes.data?.items ?? []).map((node) => html`<option key=${node.id} value=${node.id}>${node.name}</option>`)}</select></label>`;
  return html`<label>${t(`notice.scope.${scope}`)}<textarea name="values" rows="3" required placeholder=${t('notice.values_hint')}></textarea></label>`;
}

export function NoticeForm({ regions, user, close, onDone }) {
  const { run, busy, problem } = useDeed();
  const [scope, setScope] = useState(scopesFor(user)[0]);
  const begin = serverNow() + HOUR_MS;
  async function submit(event) {
    event.preventDefault();
    const form = new FormData(event.target);
    const values = form.get('values').split(/[\s,\uff0c;\uff1b]+/u).filter(Boolean);
    const wish = { kind: form.get('kind'), reason: form.get('reason').trim(), scope: { kind: scope, values },
      start_at: new Date(form.get('start_at')).toISOString(), end_at: new Date(form.get('end_at')).toISOString() };
    if (await run(() => post('notices', wish)) === undefined) return;
    onDone();
    close();
  }
  return html`<${Drawer} title=${t('notice.ask')} close=${close}><form class="form-lines" onSubmit=${submit}>
    <label>${t('notice.what')}<select name="kind">${KINDS.map((kind) => html`<option key=${kind} value=${kind}>${t(`notice.kind.${kind}`)}</option>`)}</select></label>
    <label>${t('notice.reason')}<textarea name="reason" rows="2" maxlength="2000" required></textarea></label>
    <div class="days-choice"><label>${t('notice.start')}<input type="datetime-local" name="start_at" required defaultValue=${local(begin)} /></label>
      <label>${t('notice.end')}<input type="datetime-local" name="end_at" required defaultValue=${local(begin + USUAL_HOURS * HOUR_MS)} /></label></div>
    <label>${t('notice.scope')}<select name="scope" value=${scope} onChange=${(event) => setScope(event.target.value)}>${scopesFor(user).map((each) => html`<option key=${each} value=${each}>${t(`notice.scope.${each}`)}</option>`)}</select></label>
    <${Values} key=${scope} scope=${scope} regions=${regions} /><p class="note">${t('notice.hint')}</p><${Problem} of=${problem} />
    <div class="row-end"><button type="submit" class="primary" disabled=${busy}>${t('notice.hand_in')}</button></div></form><//>`;
}
