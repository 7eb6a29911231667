// The door.
import { html, useEffect, useRef, useState } from './html.js';
import { t } from './i18n.js';
import { link } from './router.js';
import { signIn } from './session.js';
import { LanguageSwitch } from './language_switch.js';

export function SignIn({ ended }) {
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const first = useRef(null);
  useEffect(() => {
    document.documentElement.dataset.theme = 'dark';
    first.current?.focus();
  }, []);

  async function submit(event) {
    event.preventDefault();
    const form = new FormData(event.target);
    setBusy(true);
    setProblem('');
    try {
      await signIn(form.get('username'), form.get('password'));
    } catch (error) {
      setProblem(error.message);
      setBusy(false);
    }
  }

  return html`<div class="door">
    <div class="door-art" aria-hidden="true"><img src="icon.svg" alt="" /></div>
    <form class="door-form" onSubmit=${submit}>
      <${LanguageSwitch} />
      <h1>${t('app.title')}</h1>
      <p class="faint">${t('app.claim')}</p>
      ${ended && html`<p class="note">${t('session.ended')}</p>`}
      <label>${t('session.user_name')}<input ref=${first} name="username" autocomplete="username" required maxlength="80" /></label>
      <label>${t('session.password')}<input name="password" type="password" autocomplete="current-password" required maxlength="200" />
        </label>
      ${problem && html`<p class="problem" role="alert">${problem}</p>`}
      <button type="submit" class="primary" disabled=${busy}>${busy ? t('session.signing_in') : t('session.sign_in')}</button>
      <p class="door-links"><a href=${link('register')}>${t('register.link')}</a> · <a href=${link('owner')}>${t('owner.link')}</a></p>
    </form>
  </div>`;
}
