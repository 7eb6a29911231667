// Profiles of the assessment: which figures count how much against which target; one is copied, written, compared.
import { html, useState } from '../html.js';
import { t } from '../i18n.js';
import { Shown } from '../parts.js';
import { useResource } from '../resource.js';
import { link, setQuery } from '../router.js';
import { ProfileEditor } from './profile_editor.js';
import { profileName } from './profile_name.js';

function CopyName({ names, from, onName, close }) {
  const [wrong, setWrong] = useState('');
  function submit(event) {
    event.preventDefault();
    const name = new FormData(event.target).get('name').trim();
    if (names.includes(name)) setWrong(t('profiles.taken'));
    else if (name) onName(name);
  }
  return html`<form class="inline-form" onSubmit=${submit}><label>${t('profiles.copy_of', { name: from })}<input name="name" required maxlength="80" pattern="[^\\/]+" autofocus /></label><button type="submit" class="small primary">${t('action.next')}</button>
    <button type="button" class="small quiet" onClick=${close}>${t('action.cancel')}</button>${wrong && html`<small class="is-wrong" role="alert">${wrong}</small>`}</form>`;
}

export function Profiles({ query, user }) {
  const list = useResource('assessment/profiles', {}, { everyS: 60 });
  const [naming, name] = useState(false);
  const [fresh, setFresh] = useState(null);
  const editable = user.role === 'admin' || (user.role === 'maintainer' && !user.maintainer_id);
  return html`<div class="paper assessment profiles"><p class="back"><a href=${link('assessment', { profile: query.profile })}>← ${t('nav.assessment')}</a></p><${Shown} resource=${list}>${({ items, method }) => {
    const all = fresh && !items.some((each) => each.name === fresh.name) ? [...items, fresh] : items;
    const chosen = all.find((each) => each.name === query.profile) ?? all.find((each) => each.is_default) ?? all[0];
    const copy = (made) => { setFresh({ ...chosen, name: made, ships: false, is_default: false, is_new: true }); name(false); setQuery({ profile: made }); };
    const gone = () => { setFresh(null); setQuery({ profile: null }); list.reload(); };
    return html`<div class="table-tools"><h2>${t('profiles.title')}</h2><p class="faint">${t('profiles.hint')}</p>${editable && !naming && html`<button type="button" class="small primary push-end" data-deed="copy" onClick=${() => name(true)}>${t('profiles.copy')}</button>`}</div>
      ${naming && html`<${CopyName} names=${items.map((each) => each.name)} from=${profileName(chosen)} onName=${copy} close=${() => name(false)} />`}
      <div class="calendar-two"><div class="review-list">${all.map((each) => html`<button type="button" key=${each.name} data-profile=${each.name} aria-current=${each === chosen ? 'true' : undefined} onClick=${() => setQuery({ profile: each.name })}><b>${profileName(each)}</b>
          ${each.is_default && html`<span>✓ ${t('profiles.default')}</span>`}<small>${each.ships ? t('profiles.ships') : each.changed_by ? t('record.changed_by', { who: each.changed_by }) : t('profiles.not_saved')}</small></button>`)}</div>
        <${ProfileEditor} key=${chosen.name} profile=${chosen} others=${items.filter((each) => each.name !== chosen.name)} methods=${method} editable=${editable && !chosen.ships} onSaved=${list.reload} onGone=${gone} /></div>`;
  }}<//></div>`;
}
