// The question for what follows from the archive: what goes blind if this pole, recorder, network or region dies?
import { Drawer } from '../drawer.js';
import { html, useState } from '../html.js';
import { t } from '../i18n.js';
import { RegionChoice } from '../region_choice.js';
import { Impact } from './impact.js';

const KINDS = ['pole', 'region', 'nvr'];
const SEES_ADDRESSES = ['admin', 'maintainer'];
const kindsFor = (user) => (SEES_ADDRESSES.includes(user.role) ? [...KINDS, 'subnet'] : KINDS);

export function Question({ regions, user }) {
  const [kind, setKind] = useState('pole');
  const [region, setRegion] = useState('');
  const [asked, ask] = useState(null);
  function submit(event) {
    event.preventDefault();
    const value = kind === 'region' ? region : new FormData(event.target).get('value').trim();
    if (value) ask({ kind, value });
  }
  return html`<form class="inline-form supply-question" onSubmit=${submit}><label>${t('supply.ask_kind')}<select name="kind" value=${kind} onChange=${(event) => setKind(event.target.value)}>${kindsFor(user).map((each) => html`<option key=${each} value=${each}>${t(`outage.kind.${each}`)}</option>`)}</select></label>
    ${kind === 'region' ? html`<label>${t('camera.region')}<${RegionChoice} nodes=${regions.nodes} value=${region} onChange=${setRegion} /></label>` : html`<label>${t(`supply.value.${kind}`)}<input name="value" required maxlength="100" /></label>`}
    <button type="submit" class="small primary">${t('supply.ask_do')}</button></form>
    ${asked && html`<${Drawer} title=${`${t(`outage.kind.${asked.kind}`)} ${asked.kind === 'region' ? regions.nameOf(asked.value) : asked.value}`} close=${() => ask(null)}><${Impact} path="supply/impact" query=${asked} /><//>`}`;
}
