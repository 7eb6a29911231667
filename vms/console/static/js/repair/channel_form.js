// One channel: where it goes, what it tells, when it is quiet; the secret of a new webhook is shown once.
import { put } from '../api.js';
import { Problem, useDeed } from '../deed.js';
import { Drawer } from '../drawer.js';
import { html, useState } from '../html.js';
import { t } from '../i18n.js';
import { ChipChoice, FirmsChoice, RegionsChoice } from './choices.js';
import { SpansInput, wrongSpans } from './spans.js';
import { forget, mayLeave, useUnsaved } from './unsaved.js';
import { WrongField } from './wrong_field.js';
import { ZoneChoice } from './zone_choice.js';
import { SEVERITIES, severityName } from './words.js';

const MOMENTS = ['opened', 'reopened', 'assigned', 'transferred', 'sent_back', 'late', 'suspended', 'closed', 'ring_opened', 'ring_closed'];
const MINUTE_S = 60;
const EMPTY = { name: '', kind: 'webhook', target: '', wants: { moments: [], severities: [], regions: [], maintainers: [] }, batch_s: 60, most_per_hour: 20, quiet: [], time_zone: 'Asia/Shanghai', enabled: true };

function Secret({ secret, close }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => { await navigator.clipboard?.writeText(secret); setCopied(true); };
  return html`<div class="key-card" role="status"><p><b>${t('channels.secret.once')}</b></p><code data-secret>${secret}</code><p class="faint">${t('channels.secret.hint')}</p>
    <div class="row-end"><button type="button" onClick=${copy}>${t(copied ? 'action.copied' : 'action.copy')}</button><button type="button" class="primary" onClick=${close}>${t('action.close')}</button></div></div>`;
}

function Target({ draft, about, problem, onInput }) {
  const webhook = draft.kind === 'webhook';
  return html`<label>${t(webhook ? 'channels.address' : 'channels.mails')}<input name="target" required minlength="3" maxlength="1000" inputmode=${webhook ? 'url' : 'email'} value=${draft.target} onInput=${onInput} />
      <small class="faint">${webhook ? (about.networks.length ? t('channels.networks', { networks: about.networks.join(t('word.comma')) }) : t('channels.no_networks')) : t('channels.mails.hint')}</small><${WrongField} problem=${problem} at="target" /></label>
    ${!webhook && !about.mail && html`<p class="problem">${t('channels.no_mail_server')}</p>`}`;
}

export function ChannelForm({ channel, about, regions, firms, onDone, close }) {
  const [draft, setDraft] = useState(channel ? { ...EMPTY, ...Object.fromEntries(Object.keys(EMPTY).map((name) => [name, channel[name]])) } : EMPTY);
  const [touched, touch] = useState(false);
  const [secret, setSecret] = useState(null);
  const { run, busy, problem } = useDeed();
  useUnsaved(touched);
  const leave = () => { if (mayLeave()) close(); };
  const set = (name) => (value) => { touch(true); setDraft({ ...draft, [name]: value }); };
  const text = (name, read = (value) => value) => (event) => set(name)(read(event.target.value));
  const wants = (name) => (value) => set('wants')({ ...draft.wants, [name]: value });
  async function submit(event) {
    event.preventDefault();
    if (wrongSpans(draft.quiet)) return;
    const { name, ...wish } = draft;
    const done = await run(() => put(`maintenance/channels/${encodeURIComponent(name.trim())}`, wish));
    if (done === undefined) return;
    forget();
    touch(false);
    onDone();
    if (done.secret) setSecret(done.secret);
    else close();
  }
  if (secret) return html`<${Drawer} title=${draft.name} close=${close}><${Secret} secret=${secret} close=${close} /><//>`;
  return html`<${Drawer} title=${channel?.name ?? t('channels.add')} close=${leave}><form class="form-lines" onSubmit=${submit}>
    <div class="form-pair"><label>${t('channels.name')}<input name="name" required maxlength="80" pattern="[^\\/]+" disabled=${Boolean(channel)} value=${draft.name} onInput=${text('name')} /></label>
      <label>${t('channels.kind')}<select name="kind" value=${draft.kind} onChange=${text('kind')}>${['webhook', 'mail'].map((kind) => html`<option key=${kind} value=${kind}>${t(`channels.kind.${kind}`)}</option>`)}</select></label></div>
    <${Target} draft=${draft} about=${about} problem=${problem} onInput=${text('target')} />
    <${ChipChoice} name="severities" label=${t('fault.severity')} options=${SEVERITIES.map((each) => [each, severityName(each)])} value=${draft.wants.severities} onChange=${wants('severities')} />
    <${ChipChoice} name="moments" label=${t('channels.moments')} options=${MOMENTS.map((each) => [each, t(`moment.${each}`)])} value=${draft.wants.moments} onChange=${wants('moments')} />
    <${RegionsChoice} label=${t('camera.region')} regions=${regions} value=${draft.wants.regions} onChange=${wants('regions')} /><${FirmsChoice} label=${t('orders.maintainer')} firms=${firms} value=${draft.wants.maintainers} onChange=${wants('maintainers')} />
    <div class="form-pair"><label>${t('channels.batch')}<input type="number" name="batch" min="0" max="1440" step="any" value=${draft.batch_s / MINUTE_S} onInput=${text('batch_s', (value) => Math.round(Number(value) * MINUTE_S))} /></label>
      <label>${t('channels.most')}<input type="number" name="most_per_hour" min="1" max="1000" value=${draft.most_per_hour} onInput=${text('most_per_hour', Number)} /></label></div>
    <fieldset class="several"><legend>${t('channels.quiet')}</legend><${SpansInput} name="quiet" spans=${draft.quiet} label=${t('channels.quiet')} onChange=${set('quiet')} />${draft.quiet.length > 0 && html`<label class="inline">${t('calendars.zone')}<${ZoneChoice} value=${draft.time_zone} onChange=${set('time_zone')} /></label>`}<small class="faint">${t('channels.quiet.hint')}</small><${WrongField} problem=${problem} at="quiet" /></fieldset>
    <label class="inline"><input type="checkbox" name="enabled" checked=${draft.enabled} onChange=${(event) => set('enabled')(event.target.checked)} />${t('channels.enabled')}</label><${Problem} of=${problem} />
    <div class="row-end"><button type="button" class="quiet" onClick=${leave}>${t('action.cancel')}</button><button type="submit" class="primary" disabled=${busy}>${t('action.save')}</button></div></form><//>`;
}
