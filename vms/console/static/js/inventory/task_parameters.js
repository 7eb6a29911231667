// What each kind of task wants to know.
import { html } from '../html.js';
import { t } from '../i18n.js';

const NUMBERS = { set_encoder: ['width', 'height', 'frames_per_s', 'kbit_per_s', 'gop_s'], change_password: ['length'], set_osd_name: ['longest'] };
const CHOICES = { set_clock: { source: ['manual', 'ntp'] }, set_encoder: { stream: ['sub', 'main'] } };

/** What of the form the server takes: empty ones are left out. */
export function parametersOf(kind, form) {
  const found = {};
  for (const name of NUMBERS[kind] ?? []) if (form.get(name)) found[name] = Number(form.get(name));
  for (const name of Object.keys(CHOICES[kind] ?? {})) found[name] = form.get(name);
  if (kind === 'set_clock' && form.get('zone')) found.zone = form.get('zone').trim();
  if (kind === 'set_ntp') Object.assign(found, { servers: form.get('servers').split(/[\s,;]+/).filter(Boolean), from_dhcp: form.has('from_dhcp') });
  return found;
}

export function TaskParameters({ kind }) {
  const number = (name) => html`<label key=${name}>${t(`value.${name}`)}<input type="number" name=${name} min="0" step="any" /></label>`;
  const choice = ([name, values]) => html`<label key=${name}>${t(`value.${name}`)}<select name=${name}>${values.map((each) => html`<option key=${each} value=${each}>${t(`value.${name}.${each}`)}</option>`)}</select></label>`;
  return html`${Object.entries(CHOICES[kind] ?? {}).map(choice)}
    ${kind === 'set_clock' && html`<label>${t('value.zone')}<input name="zone" maxlength="64" placeholder="CST-8" /></label>`}
    ${kind === 'set_ntp' && html`<label>${t('value.servers')}<input name="servers" placeholder="10.0.0.1, 10.0.0.2" spellcheck=${false} /></label>
      <label class="check"><input type="checkbox" name="from_dhcp" />${t('value.from_dhcp')}</label>`}
    <div class="report-grid">${(NUMBERS[kind] ?? []).map(number)}</div>
    ${kind === 'change_password' && html`<label>${t('value.new_password')}<input type="password" name="password" minlength="8" maxlength="32" autocomplete="new-password"
      placeholder=${t('value.made_for_you')} /></label>`}`;
}
