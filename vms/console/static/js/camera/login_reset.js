// Lets the logins be shown to a device again: after one was refused and put right there, or where nobody knows what came of it.
import { post } from '../api.js';
import { Problem, useDeed } from '../deed.js';
import { html, useState } from '../html.js';
import { t } from '../i18n.js';

export const UNSETTLED = 'login_unsettled';

/** `kind`: `unsettled` or `refused`. */
export function LoginReset({ device, kind, onDone }) {
  const { run, busy, problem } = useDeed();
  const [asked, setAsked] = useState(false);
  const [done, setDone] = useState(false);
  async function submit(event) {
    event.preventDefault();
    const why = new FormData(event.target).get('why').trim();
    if (await run(() => post(`devices/${device.id}/forget-learnt`, { refused_logins: true, why })) === undefined) return;
    setDone(true);
    onDone();
  }
  if (done) return html`<p class="note" role="status" data-state="reset">${t('login_reset.done')}</p>`;
  return html`<div class="login-reset"><p class="faint">${t(`login_reset.${kind}`)}</p>${asked ? html`<form class="row" onSubmit=${submit}>
      <label>${t('word.why')}<input name="why" required minlength="3" maxlength="200" /></label><button type="submit" class="primary" disabled=${busy}>${t('login_reset.do')}</button></form>`
    : html`<button type="button" class="small" data-deed="reset-login" onClick=${() => setAsked(true)}>${t('login_reset.do')}…</button>`}<${Problem} of=${problem} /></div>`;
}
