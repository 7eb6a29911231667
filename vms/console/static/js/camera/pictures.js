// Pictures: the reference beside the latest still, what is found in it and said of that, the picture now, and photographs of the point.
import { address, remove, request, upload } from '../api.js';
import { Problem, useDeed } from '../deed.js';
import { DropZone } from '../drop_zone.js';
import { html, useEffect, useState } from '../html.js';
import { t } from '../i18n.js';
import { Shown } from '../parts.js';
import { useResource } from '../resource.js';
import { Still } from '../still.js';
import { Age } from '../time.js';
import { CaptionRegion } from './caption_region.js';
import { Compare } from './compare.js';
import { Verdicts } from './verdicts.js';
import { Viewer } from './viewer.js';

const KINDS = ['near', 'far', 'picture', 'box'];
const KEEPERS = ['admin', 'maintainer'];
const TYPES = 'image/jpeg,image/png';

/** A small one is fetched as a blob: the person may be refused, and then the words say why. */
function Thumbnail({ cameraId, photograph, onOpen }) {
  const [picture, setPicture] = useState({ url: null, error: null });
  useEffect(() => {
    let url = null;
    const stop = new AbortController();
    request('GET', `cameras/${cameraId}/photographs/${photograph.id}`, { query: { small: true }, signal: stop.signal }).then((answer) => answer.blob()).then((blob) => {
      url = URL.createObjectURL(blob);
      setPicture({ url, error: null });
    }).catch((error) => error.name !== 'AbortError' && setPicture({ url: null, error }));
    return () => {
      stop.abort();
      if (url) URL.revokeObjectURL(url);
    };
  }, [photograph.id]);
  if (picture.error) return html`<span class="still-none">${picture.error.message}</span>`;
  return html`<button type="button" class="thumbnail" onClick=${onOpen}>${picture.url ? html`<img src=${picture.url} alt=${t(`photograph.${photograph.kind}`)} />` : '…'}</button>`;
}

function Kind({ kind, cameraId, items, keeper, onOpen, onDone }) {
  const { run, busy, problem } = useDeed();
  const [sure, setSure] = useState(null);
  const add = async (file) => { if (await run(() => upload(`cameras/${cameraId}/photographs`, file, { query: { kind } })) !== undefined) onDone(); };
  const drop = async (id) => { if (await run(() => remove(`cameras/${cameraId}/photographs/${id}`)) !== undefined) onDone(); };
  return html`<section class="photographs" data-kind=${kind}><h3>${t(`photograph.${kind}`)} <small>${items.length || ''}</small></h3>
    <ul>${items.map((each) => html`<li key=${each.id}><${Thumbnail} cameraId=${cameraId} photograph=${each} onOpen=${() => onOpen(each)} />
      <small class="faint">${each.added_by} · <${Age} at=${each.added_at} /></small>${keeper && html`<button type="button" class="link danger-quiet" disabled=${busy} onBlur=${() => setSure(null)}
        onClick=${() => (sure === each.id ? drop(each.id) : setSure(each.id))}>${t(sure === each.id ? 'action.sure' : 'action.remove')}</button>`}</li>`)}</ul>
    ${keeper && html`<${DropZone} label=${t('photograph.add')} hint=${t(`photograph.${kind}.hint`)} accept=${TYPES} camera=${navigator.maxTouchPoints > 0} busy=${busy} onFile=${add} />`}
    <${Problem} of=${problem} /></section>`;
}

export function PicturesTab({ camera, user, reload }) {
  const { row } = camera;
  const keeper = KEEPERS.includes(user.role) && !user.maintainer_id;
  const photographs = useResource(`cameras/${row.id}/photographs`, {}, { refreshOn: ['camera.changed'] });
  const references = useResource(`cameras/${row.id}/reference-pictures`, {}, { refreshOn: ['still.reference', 'fault.judged'] });
  const verdicts = useResource(`cameras/${row.id}/verdicts`, {}, { refreshOn: ['fault.judged'] });
  const [at, setAt] = useState(null);
  const [now, setNow] = useState(false);
  const items = photographs.data?.items ?? [];
  const large = items.map((each) => ({ id: each.id, url: address(`cameras/${row.id}/photographs/${each.id}`), caption: `${row.name} · ${t(`photograph.${each.kind}`)} · ${each.note}` }));
  const judged = () => { verdicts.reload(); references.reload(); reload?.(); };
  return html`<div class="stack"><${Shown} resource=${references}>${(list) => (list.may_keep ? html`<${Compare} row=${row} references=${list} keeper=${keeper} onDone=${references.reload} />${keeper && row.still_at && html`<${CaptionRegion} key=${row.id} row=${row} />`}`
      : html`<p class="facts faint">${t('compare.not_kept')}</p>`)}<//>
    <${Shown} resource=${verdicts}>${(said) => html`<${Verdicts} camera=${camera} verdicts=${said} keeper=${keeper} looked=${references.data?.may_keep !== false} onDone=${judged} />`}<//>
    <section><h3>${t('camera.picture_now')}</h3>${now ? html`<div class="pictures"><${Still} cameraId=${row.id} name=${row.name} big fresh /></div>`
      : html`<p><button type="button" data-deed="fetch" onClick=${() => setNow(true)}>${t('camera.fetch_now')}</button></p>`}</section>
    <${Shown} resource=${photographs}>${(list) => html`<div class="photograph-kinds">${KINDS.map((kind) => html`<${Kind} key=${kind} kind=${kind} cameraId=${row.id}
      items=${list.items.filter((each) => each.kind === kind)} keeper=${KEEPERS.includes(user.role)} onOpen=${(one) => setAt(items.indexOf(one))} onDone=${photographs.reload} />`)}</div>`}<//>
    ${at !== null && large[at] && html`<${Viewer} pictures=${large} at=${at} onAt=${setAt} close=${() => setAt(null)} />`}</div>`;
}
