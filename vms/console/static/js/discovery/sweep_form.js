// Starts a sweep: of the networks of the settings, or of networks and hosts that are named here.
import { post } from '../api.js';
import { Problem, useDeed } from '../deed.js';
import { Drawer } from '../drawer.js';
import { html, useState } from '../html.js';
import { t } from '../i18n.js';

const METHODS = ['multicast', 'unicast', 'sweep'];
const listed = (text) => String(text ?? '').split(/[\s,;]+/).filter(Boolean);

export function SweepForm({ close, onStarted }) {
  const { run, busy, problem } = useDeed();
  const [given, setGiven] = useState(false);
  async function submit(event) {
    event.preventDefault();
    const form = new FormData(event.target);
    const body = { methods: METHODS.filter((name) => form.has(name)) };
    if (given) Object.assign(body, { cidrs: listed(form.get('cidrs')), hosts: listed(form.get('hosts')) });
    const sweep = await run(() => post('sweeps', body));
    if (sweep === undefined) return;
    onStarted(sweep);
    close();
  }
  return html`<${Drawer} title=${t('sweep.new')} close=${close}><form class="form-lines" onSubmit=${submit}>
    <fieldset class="choice"><legend class="sr">${t('sweep.where')}</legend>
      <label class=${given ? '' : 'is-chosen'}><input type="radio" name="where" checked=${!given} onChange=${() => setGiven(false)} /><b>${t('sweep.settings')}</b>
        <small>${t('sweep.settings.hint')}</small></label>
      <label class=${given ? 'is-chosen' : ''}><input type="radio" name="where" checked=${given} onChange=${() => setGiven(true)} /><b>${t('sweep.given')}</b>
        <small>${t('sweep.given.hint')}</small></label></fieldset>
    ${given && html`<label>${t('sweep.cidrs')}<textarea name="cidrs" rows="3" class="mono" placeholder="10.1.0.0/16" spellcheck=${false}></textarea></label>
      <label>${t('sweep.hosts')}<textarea name="hosts" rows="2" class="mono" spellcheck=${false}></textarea></label>`}
    <fieldset class="row-checks"><legend>${t('sweep.methods')}</legend>${METHODS.map((name) => html`<label key=${name} class="check">
      <input type="checkbox" name=${name} defaultChecked />${t(`sweep.method.${name}`)}</label>`)}</fieldset>
    <p class="note">${t('sweep.hint')}</p><${Problem} of=${problem} />
    <div class="row-end"><button type="submit" class="primary" disabled=${busy}>${t('sweep.start')}</button></div></form><//>`;
}
