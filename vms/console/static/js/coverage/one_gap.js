// One gap: what is missing there, since when, whom its cause names, and what people made of it.
import { address, patch, upload } from '../api.js';
import { Problem, useDeed } from '../deed.js';
import { html, useEffect, useState } from '../html.js';
import { t } from '../i18n.js';
import { causeName, density, metres, placeName, Shown, whoName } from '../parts.js';
import { useResource } from '../resource.js';
import { link } from '../router.js';
import { Age, dateTime } from '../time.js';
import { groundName } from './gap_list.js';
import { gapPlace } from './gap_place.js';

const TYPES = ['image/jpeg', 'image/png'];

function Facts({ gap, regions }) {
  const need = t('gap.need', { density: density(gap.need_px_per_m), n: gap.need_views });
  return html`<dl class="facts"><dt>${t('coverage.class')}</dt><dd>${groundName(gap.ground)}${gap.length_m ? ` · ${metres(gap.line_m)}${gap.where.side ? ` · ${t('gap.half', { m: metres(gap.length_m) })}` : ''}` : ''}</dd>
    ${gap.length_m && html`<dt>${t('gap.where')}</dt><dd>${gapPlace(gap)}</dd>`}
    <dt>${t('coverage.cause')}</dt><dd><i class="cause cause-${gap.cause}"></i> ${causeName(gap.cause)}${gap.night_only ? ` · ${t('coverage.by_night')}` : ''}</dd>
    <dt>${t('gap.wanted')}</dt><dd>${need}</dd><dt>${t('gap.best')}</dt><dd>${gap.best_density_px_per_m ? density(gap.best_density_px_per_m) : t('gap.nobody')}</dd>
    <dt>${t('gap.since')}</dt><dd><${Age} at=${gap.uncovered_since} />${gap.reopened > 0 ? ` · ${t('gap.again', { n: gap.reopened })}` : ''}</dd>
    ${gap.region_code && html`<dt>${t('camera.region')}</dt><dd>${regions.nameOf(gap.region_code)}</dd>`}
    ${gap.camera_ids.length > 0 && html`<dt>${t('gap.cameras')}</dt><dd>${gap.camera_ids.map((id) => html`<a key=${id} href=${link(`camera/${id}`)}>#${id}</a> `)}</dd>`}
    ${gap.plan_id && html`<dt>${t('nav.plans')}</dt><dd><a href=${link('plans', { plan: gap.plan_id })}>#${gap.plan_id}</a></dd>`}
    <dt>${t('gap.state')}</dt><dd>${gap.closed_at ? html`${t('gap.state.closed')} <${Age} at=${gap.closed_at} />` : t(`gap.state.${gap.state}`)}</dd></dl>`;
}

function Deeds({ gap, onDone }) {
  const { run, busy, problem } = useDeed();
  const [text, setText] = useState('');
  const path = `coverage/gaps/${gap.id}`;
  async function step(name) {
    if (await run(() => patch(path, { step: name, text })) === undefined) return;
    setText('');
    onDone();
  }
  async function photograph(event) {
    const [file] = event.target.files;
    event.target.value = '';
    if (!file) return;
    if (await run(() => upload(`${path}/photographs`, file, { query: { text: text.trim() || t('gap.seen_there') } })) === undefined) return;
    setText('');
    onDone();
  }
  return html`<div class="gap-deeds"><textarea rows="2" maxlength="2000" aria-label=${t('gap.word')} placeholder=${t('gap.word')} value=${text} onInput=${(event) => setText(event.target.value)}></textarea>
    <div class="row-end">${gap.state === 'open' && html`<button type="button" disabled=${busy} onClick=${() => step('confirm')}>${t('gap.confirm')}</button>`}
      <button type="button" disabled=${busy || !text.trim()} onClick=${() => step('note')}>${t('gap.note')}</button>
      <label class="button">${t('gap.photograph')}<input type="file" accept=${TYPES.join(',')} hidden onChange=${photograph} /></label></div><${Problem} of=${problem} /></div>`;
}

/** The program writes a plan into the history as `plan 12`. */
const said = (step) => (['plan', 'reopen'].includes(step.step) ? step.text.replace(/^plan (\d+)/, (_, n) => `${t('nav.plans')} #${n}`) : step.text);

function Steps({ gap, steps }) {
  return html`<ol class="gap-steps">${steps.map((step) => html`<li key=${step.id}><b>${t(`gap.step.${step.step}`)}</b> <span class="faint">${step.who ? whoName(step.who) : t('gap.program')} · ${dateTime(step.at)}</span>
    ${step.text && html`<p>${said(step)}</p>`}${step.photograph && html`<a href=${address(`coverage/gaps/${gap.id}/photographs/${step.id}`)} target="_blank" rel="noopener">
      <img loading="lazy" alt=${step.text} src=${address(`coverage/gaps/${gap.id}/photographs/${step.id}`, { small: true })} /></a>`}</li>`)}</ol>`;
}

export function OneGap({ id, planner, regions, show, back, onDone }) {
  const found = useResource(`coverage/gaps/${id}`, {}, { refreshOn: ['coverage.gap'] });
  useEffect(() => { if (found.data) show(found.data.gap.geometry); }, [found.data?.gap.id]);
  return html`<button type="button" class="quiet back" onClick=${back}>← ${t('coverage.part.gaps')}</button><${Shown} resource=${found}>${({ gap, steps }) => html`
    <div class="one-gap"><h2>${placeName(gap.name) || groundName(gap.ground)}</h2><${Facts} gap=${gap} regions=${regions} />
      ${planner && !gap.closed_at && html`<${Deeds} gap=${gap} onDone=${() => { found.reload(); onDone(); }} />`}<${Steps} gap=${gap} steps=${steps} /></div>`}<//>`;
}
