// Reviewing registrations: what was asked for, where it stands, approve or refuse with a reason.
import { post } from './api.js';
import { consentSentence } from './consent_choice.js';
import { Problem, useDeed } from './deed.js';
import { html, useEffect, useRef, useState } from './html.js';
import { t } from './i18n.js';
import { Chips, Empty, Shown, Tier } from './parts.js';
import { MapView } from './map_view.js';
import { Pager } from './pager.js';
import { useResource } from './resource.js';
import { link, setQuery } from './router.js';
import { Age, At } from './time.js';

const LIMIT = 50;
const STATES = ['submitted', 'approved', 'refused', 'withdrawn'];

function Decide({ registration, onDone }) {
  const [reason, setReason] = useState('');
  const { run, busy, problem } = useDeed();
  const decide = async (decision) => { if (await run(() => post(`registrations/${registration.id}/decision`, { decision, reason })) !== undefined) onDone(); };
  return html`<div class="decide"><label>${t('review.reason')}
    <textarea rows="2" maxlength="2000" value=${reason} onInput=${(event) => setReason(event.target.value)}></textarea></label>
    <${Problem} of=${problem} />
    <div class="step-buttons"><button type="button" class="danger-quiet" data-deed="refuse" disabled=${busy || !reason.trim()} title=${t('review.refuse.hint')}
      onClick=${() => decide('refuse')}>
      ${t('review.refuse')}</button>
      <button type="button" class="primary" data-deed="approve" disabled=${busy} onClick=${() => decide('approve')}>
        ${t(busy ? 'review.asking_device' : 'review.approve')}</button></div></div>`;
}

function Detail({ registration, onDone }) {
  const map = useRef(null);
  const place = () => {
    map.current?.setIncidents([{ ...registration, id: 0 }], 0);
    map.current?.flyTo(registration.lon, registration.lat, 17);
  };
  useEffect(place, [registration.id]);
  const fact = (name, value) => html`<div key=${name}><dt>${t(`field.${name}`)}</dt><dd>${value}</dd></div>`;
  return html`<section class="card review-detail" data-registration=${registration.id}><header><h2>${registration.camera_name}</h2>
    <p class="faint">${t(`registration.${registration.status}`)} · <${At} at=${registration.submitted_at} /></p></header>
    <div class="review-map"><${MapView} theme="light" use=${(town) => { map.current = town; place(); }} /></div>
    <dl class="facts">${fact('owner', registration.owner_name)}${fact('tier', html`<${Tier} tier=${registration.tier} />`)}
      ${fact('contact', registration.contact)}${fact('install_address', registration.install_address || '—')}
      ${fact('position', `${registration.lon.toFixed(6)}, ${registration.lat.toFixed(6)}`)}
        ${fact('bearing_deg', `${Math.round(registration.bearing_deg)}°`)}
        ${fact('h_fov_deg', registration.h_fov_deg ? `${Math.round(registration.h_fov_deg)}°` : '—')}
      ${fact('address', `${registration.address}:${registration.port}${registration.has_login ? ` · ${t('review.has_login')}` : ''}`)}</dl>
    <p class="sentence">${consentSentence(registration.consent.mode, registration.consent.radius_m)}</p>
    ${registration.status === 'submitted' ? html`<${Decide} key=${registration.id} registration=${registration} onDone=${onDone} />`
    : html`<p class="note">${registration.reason || t(`registration.${registration.status}`)} ${registration.camera_id && html`<a
      href=${link(`camera/${registration.camera_id}`)}>
      ${t('feed.page')}</a>`}</p>`}</section>`;
}

export function Review({ query }) {
  const status = query.status ?? 'submitted';
  const offset = Number(query.offset) || 0;
  const list = useResource('registrations', { status: status === 'all' ? undefined : status, limit: LIMIT, offset }, { refreshOn: ['registration.', 'consent.'], everyS: 30 });
  const chosen = list.data?.items.find((each) => each.id === Number(query.id)) ?? list.data?.items[0];
  return html`<div class="paper review"><header class="table-tools"><h2>${t('nav.review')} ${list.data && html`<small>${list.data.total}
    </small>`}</h2>
      <${Chips} label=${t('review.status')} value=${status} onChange=${(next) => setQuery({ status: next || 'all', id: null, offset: null })}
        options=${STATES.map((each) => [each, t(`registration.${each}`)])} />
      <a class="button" href=${link('register')}>${t('register.link')}</a></header>
    <${Shown} resource=${list} empty=${(page) => page.total === 0 && html`<${Empty} title=${t('review.nothing')} next=${t('review.nothing.next')} />`}>
      ${(page) => html`<div class="review-two"><ul class="review-list">${page.items.map((each) => html`<li key=${each.id}>
        <button type="button" aria-current=${chosen?.id === each.id ? 'true' : undefined} onClick=${() => setQuery({ id: each.id })}>
        <b>${each.camera_name}</b><span>${each.owner_name} · ${t(`tier.${each.tier}`)}</span><small><${Age} at=${each.submitted_at} />
          </small></button></li>`)}</ul>
        ${chosen && html`<${Detail} registration=${chosen} onDone=${list.reload} />`}</div>
        <${Pager} total=${page.total} limit=${LIMIT} offset=${offset} onOffset=${(next) => setQuery({ offset: next || null, id: null })} />`}<//></div>`;
}
