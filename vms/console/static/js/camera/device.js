// What the device said, what was learnt about talking to it, and what a person allows for it.
import { post, put } from '../api.js';
import { Problem, useDeed } from '../deed.js';
import { toldKeys } from '../discovery/device_card.js';
import { Done } from '../discovery/done.js';
import { Drawer } from '../drawer.js';
import { waysInWords } from '../discovery/ways.js';
import { html, useState } from '../html.js';
import { t, tOr } from '../i18n.js';
import { Shown } from '../parts.js';
import { useResource } from '../resource.js';
import { link } from '../router.js';
import { said } from '../said.js';
import { Age, At } from '../time.js';
import { Uses } from '../uses.js';
import { Costs } from './costs.js';
import { DeviceDeeds } from './device_deeds.js';
import { LoginReset, UNSETTLED } from './login_reset.js';

const KEEPERS = ['admin', 'maintainer'];
const LEARNT = ['soap_version', 'auth', 'device_path', 'action_in_content_type', 'needs_login_for_clock', 'media_version', 'health_operation',
  'session_limit', 'tls', 'tls_fingerprint', 'stream_tls_fingerprint'];
const dash = html`<span class="faint">—</span>`;
const shown = (value) => (value === true ? t('word.yes') : value === false ? t('word.no') : value === null || value === '' ? dash : String(value));
const learnt = (told, name) => {
  if (name === 'auth') return tOr(`auth.${told.auth}`, told.auth);
  if (name === 'session_limit') return told.session_limit ? t(`learnt.sessions.${told.session_evidence}`, { count: told.session_limit }) : dash;
  return shown(told[name]);
};
const Facts = ({ rows }) => html`<dl>${rows.map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;

function Said({ device }) {
  const rows = ['manufacturer', 'model', 'firmware', 'hardware', 'serial_no'].map((name) => [t(`field.${name}`), shown(device[name])]);
  rows.push([t('field.address'), device.address ? `${device.address}:${device.port}` : t('camera.address_hidden')],
    ...toldKeys(device).map((key) => [t(`key.${key.kind}`), key.value]),
    [t('camera.clock_offset'), device.clock_offset_s === null ? dash : `${device.clock_offset_s.toFixed(1)} s`],
    [t('device.heard_by'), waysInWords(device.heard_by) || dash],
    [t('field.first_seen'), html`<${At} at=${device.first_seen_at} />`], [t('field.last_seen'), html`<${Age} at=${device.last_seen_at} />`]);
  return html`<section class="facts"><h3>${t('device.said')}</h3>
    ${device.displaced_at && html`<p class="problem">${t('device.displaced')} <${At} at=${device.displaced_at} /></p>`}<${Facts} rows=${rows} />
    ${device.scopes.length > 0 && html`<details><summary>${t('device.scopes')}</summary><ul class="scopes">${device.scopes.map((each) => html`<li key=${each}>
      <code>${each}</code></li>`)}</ul></details>`}</section>`;
}

function Learnt({ device, keeper, onDone }) {
  const { run, busy, problem } = useDeed();
  const forget = async () => { if (await run(() => post(`devices/${device.id}/forget-learnt`, {})) !== undefined) onDone(); };
  return html`<section class="facts"><h3>${t('device.learnt')}</h3>
    ${device.learnt.forgotten ? html`<p class="note">${t('device.forgotten')}</p>`
      : html`<${Facts} rows=${LEARNT.map((name) => [t(`learnt.${name}`), learnt(device.learnt, name)])} />`}
    ${keeper && html`<div><button type="button" class="small" data-deed="forget" disabled=${busy || device.learnt.forgotten} onClick=${forget}>
      ${t('device.forget')}</button> <small class="faint">${t('device.forget.hint')}</small></div>`}<${Problem} of=${problem} /></section>`;
}

function Policy({ device, admin, onDone }) {
  const { run, busy, problem } = useDeed();
  async function submit(event) {
    event.preventDefault();
    const form = new FormData(event.target);
    const done = await run(() => put(`devices/${device.id}/policy`, { legacy_tls: form.has('legacy_tls'), plain_password: form.has('plain_password'),
      tls_fingerprint: form.get('tls_fingerprint').trim(), why: form.get('why').trim() }));
    if (done !== undefined) onDone();
  }
  return html`<section class="facts"><h3>${t('device.policy')}</h3><form class="form-lines" key=${JSON.stringify(device.policy)} onSubmit=${submit}>
    <label class="check"><input type="checkbox" name="legacy_tls" defaultChecked=${device.policy.legacy_tls} disabled=${!admin} />${t('policy.legacy_tls')}</label>
    <label class="check"><input type="checkbox" name="plain_password" defaultChecked=${device.policy.plain_password} disabled=${!admin} />${t('policy.plain_password')}</label>
    <label>${t('policy.tls_fingerprint')}<input name="tls_fingerprint" class="mono" defaultValue=${device.policy.tls_fingerprint} disabled=${!admin}
      placeholder=${t('policy.first_shown')} spellcheck=${false} /></label>
    ${admin && html`<label>${t('word.why')}<input name="why" maxlength="200" /></label><div class="row-end"><button type="submit" disabled=${busy}>
      ${t('action.save')}</button></div>`}<${Problem} of=${problem} /></form></section>`;
}

// Asked for only when somebody wants to see it.
function LoginUses({ device }) {
  const [open, setOpen] = useState(false);
  return html`<div><button type="button" class="small" data-deed="uses" onClick=${() => setOpen(true)}>${t('credential.uses')}</button></div>
    ${open && html`<${Drawer} title=${t('device.login_uses', { id: device.id })} close=${() => setOpen(false)}><${Uses} path=${`devices/${device.id}/credential-uses`}
      column=${t('credential.name')} first=${(use) => use.credential} /><//>`}`;
}

function Oddities({ device, camera, keeper, admin, onDone }) {
  const { streams } = camera;
  const unsettled = device.problems.some((each) => each.code === UNSETTLED);
  const refused = device.refused_logins.some((each) => each.is_current);
  return html`<section class="facts"><h3>${t('camera.streams')}</h3>${streams.length === 0 ? html`<p class="faint">${t('camera.no_streams')}</p>`
      : html`<table class="list streams"><tbody>${streams.map((each) => html`<tr key=${each.profile}><th scope="row">${t(`stream.${each.role}`)}</th>
        <td>${each.encoding} ${each.width}×${each.height}${each.uri && html`<small class="uri">${each.uri}</small>`}</td></tr>`)}</tbody></table>`}
    <h3>${t('camera.problems')}</h3>${device.problems.length === 0 ? html`<p class="faint">${t('device.no_problems')}</p>`
      : html`<ul class="problems">${device.problems.map((each) => html`<li key=${each.code}><b>${tOr(`oddity.${each.code}`, each.code)}</b>
        ${each.message && each.code !== UNSETTLED && html`<small>${said(each.message)}</small>`}</li>`)}</ul>`}
    <h3>${t('device.login')}</h3><p>${device.credential_set || dash}</p>
    ${admin && html`<${LoginUses} key=${`uses${device.id}`} device=${device} />`}
    ${device.refused_logins.map((each) => html`<p key=${each.name + each.version} class=${each.is_current ? 'problem' : 'faint'}>
      ${t(each.is_current ? 'device.refused_now' : 'device.refused_before', { name: each.name, n: each.version })}</p>`)}
    ${keeper && (unsettled || refused) && html`<${LoginReset} key=${device.id} device=${device} kind=${unsettled ? 'unsettled' : 'refused'} onDone=${onDone} />`}
    <h3>${t('device.channels')}</h3><ul>${device.cameras.map((each) => html`<li key=${each.id}><code>${each.channel || '—'}</code> ${each.id === camera.row.id
      ? html`<b>${each.name}</b>` : html`<a href=${link(`camera/${each.id}`, { tab: 'device' })}>${each.name}</a>`}
      <small class="faint"> ${t(`life_cycle.${each.life_cycle}`)}</small></li>`)}</ul></section>`;
}

export function DeviceTab({ camera, user, reload }) {
  const id = camera.device?.id ?? null;
  const device = useResource(id === null ? null : `devices/${id}`, {}, { refreshOn: ['device.', 'identity.', 'camera.changed', 'credential.'] });
  const [last, setLast] = useState(null);
  const keeper = KEEPERS.includes(user.role);
  const again = () => { device.reload(); reload(); };
  const done = (kind, action) => { setLast({ kind, action }); again(); };
  const deeds = (one) => keeper && camera.row.life_cycle !== 'retired' && html`<${DeviceDeeds} device=${one} camera=${camera} onDone=${done} />`;
  return html`${last && html`<${Done} key=${last.action.id} words=${t(`device.${last.kind}.done`, { ids: last.action.device_ids.map((each) => t('device.number', { id: each })).join(t('word.comma')),
      id: last.action.new_device_id })} actions=${[last.action.id]} close=${() => setLast(null)} onUndone=${again} />`}
    ${id === null ? html`<p class="note">${t('device.none')}</p>${deeds(null)}` : html`<${Shown} resource=${device}>${(one) => html`<header class="table-tools"><h2>${t('device.number', { id: one.id })}</h2>${deeds(one)}</header>
    <div class="record"><${Said} device=${one} /><div class="stack"><${Learnt} device=${one} keeper=${keeper} onDone=${device.reload} />
      <${Policy} device=${one} admin=${user.role === 'admin'} onDone=${device.reload} /></div><${Oddities} device=${one} camera=${camera} keeper=${keeper} admin=${user.role === 'admin'} onDone=${device.reload} />
      <${Costs} key=${`costs${one.id}`} deviceId=${one.id} /></div>`}<//>`}`;
}
