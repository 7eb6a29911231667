// Where a record stands: how complete, which rules it breaks, its life cycle and the steps that you may take.
import { post } from '../api.js';
import { Problem, useDeed } from '../deed.js';
import { html, useState } from '../html.js';
import { sentence, t } from '../i18n.js';
import { Ring } from '../ring.js';

const STAGES = ['pending', 'draft', 'submitted', 'approved', 'changing', 'retired'];

function Steps({ record, onDone }) {
  const { run, busy, problem, clear } = useDeed();
  const [step, setStep] = useState(null);
  const named = (each) => (each.send_back ? 'send_back' : each.to);
  async function take(each, why) {
    const done = await run(() => post(`cameras/${record.camera_id}/life-cycle`, { to: each.to, send_back: each.send_back, why, revision: record.revision }));
    if (done === undefined) return;
    setStep(null);
    onDone();
  }
  const ask = (each) => {
    clear();
    if (each.needs_reason) setStep(each);
    else take(each, '');
  };
  const submit = (event) => {
    event.preventDefault();
    take(step, new FormData(event.target).get('why').trim());
  };
  return html`<div class="steps-now">${record.next_steps.map((each) => html`<button type="button" key=${named(each)} class="small ${each.to === 'retired' ? 'danger-quiet' : ''}"
      data-step=${named(each)} disabled=${busy} aria-pressed=${step === each} onClick=${() => ask(each)}>${t(`step.${named(each)}`)}</button>`)}
    ${step && html`<form class="row" onSubmit=${submit}><label>${t('step.why', { step: t(`step.${named(step)}`) })}<input name="why" required maxlength="500" autofocus /></label>
      <button type="submit" class="primary" disabled=${busy}>${t(`step.${named(step)}`)}</button></form>`}<${Problem} of=${problem} /></div>`;
}

export function RecordState({ record, onDone }) {
  const { completeness, failed } = record;
  return html`<section class="record-state facts"><div class="record-rings"><${Ring} share=${completeness.share} label=${t('record.complete', { n: completeness.filled, of: completeness.required })} />
      <div class="conforms ${failed.length ? 'is-wrong' : ''}"><b>${failed.length || '✓'}</b><span>${t(failed.length ? 'record.broken' : 'record.conforms')}</span></div></div>
    <div class="record-cycle"><ol class="cycle" aria-label=${t('camera.life_cycle')}>${STAGES.filter((each) => each !== 'pending' || record.life_cycle === each).map((each) => html`<li key=${each}
      aria-current=${each === record.life_cycle ? 'step' : undefined}>${t(`life_cycle.${each}`)}</li>`)}</ol><${Steps} record=${record} onDone=${onDone} /></div>
    ${failed.length > 0 && html`<ul class="broken-list">${failed.map((rule) => html`<li key=${rule.code + rule.field}>${sentence(rule, 'sentence')}</li>`)}</ul>`}</section>`;
}
