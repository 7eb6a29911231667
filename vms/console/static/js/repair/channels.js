// Who is told of orders and how: webhooks and mail, when they are quiet, how much is collected; each can be tried.
import { post, remove } from '../api.js';
import { Problem, useDeed } from '../deed.js';
import { html, useState } from '../html.js';
import { t } from '../i18n.js';
import { Empty, Shown } from '../parts.js';
import { useResource } from '../resource.js';
import { setQuery } from '../router.js';
import { said } from '../said.js';
import { Age } from '../time.js';
import { ChannelForm } from './channel_form.js';
import { spansInWords } from './spans.js';
import { hoursInWords, Several, severityName } from './words.js';

const NEW = 'new';

function WantsWords({ wants, regions, firms }) {
  return html`<${Several} words=${[...wants.severities.map(severityName), ...wants.moments.map((each) => t(`moment.${each}`)), ...wants.regions.map(regions.nameOf), ...wants.maintainers.map((id) => firms.find((firm) => firm.id === id)?.name ?? id)]} />`;
}

/** Messages that did not arrive, and what the last attempt was answered. */
function Trouble({ trouble }) {
  return html`<div class="problem" data-trouble><a href="#/repair?tab=alerts">${t('channels.trouble', { n: trouble.messages })}</a>${t('channels.trouble.oldest')} <${Age} at=${trouble.since} /><small class="why">${trouble.answer ? said(trouble.answer) : t('channels.trouble.late')}</small></div>`;
}

function Row({ channel, regions, firms, onOpen, onDone }) {
  const { run, busy, problem } = useDeed();
  const [tried, setTried] = useState(false);
  const [sure, ask] = useState(false);
  const path = `maintenance/channels/${encodeURIComponent(channel.name)}`;
  const attempt = async () => { if (await run(() => post(`${path}/trial`)) !== undefined) setTried(true); };
  const drop = async () => { if (await run(() => remove(path)) !== undefined) onDone(); };
  return html`<tr data-channel=${channel.name} class=${channel.enabled ? '' : 'is-left-out'}><th scope="row"><button type="button" class="link" onClick=${onOpen}>${channel.name}</button>${!channel.enabled && html`<small class="why">${t('channels.off')}</small>`}</th>
    <td>${t(`channels.kind.${channel.kind}`)}</td><td class="wrap-cell">${channel.target}${channel.trouble && html`<${Trouble} trouble=${channel.trouble} />`}</td><td><${WantsWords} wants=${channel.wants} regions=${regions} firms=${firms} /></td>
    <td>${t('channels.pace', { time: hoursInWords(channel.batch_s), n: channel.most_per_hour })}${channel.quiet.length > 0 && html`<small class="why">${t('channels.quiet_words', { hours: spansInWords(channel.quiet) })}</small>`}</td>
    <td class="row-deeds"><button type="button" class="small" data-deed="try" disabled=${busy || !channel.enabled} onClick=${attempt}>${t('channels.try')}</button><button type="button" class="small quiet" data-deed="remove" disabled=${busy} onClick=${() => (sure ? drop() : ask(true))}>${sure ? t('action.sure') : '✕'}</button>
      ${tried && html`<small class="why"><a href="#/repair?tab=alerts">${t('channels.tried')}</a></small>`}<${Problem} of=${problem} /></td></tr>`;
}

export function Channels({ query, regions, firms }) {
  const list = useResource('maintenance/channels', {}, { everyS: 60 });
  const open = (name) => setQuery({ channel: name });
  const none = (data) => data.items.length === 0 && html`<${Empty} title=${t('channels.none')} next=${t('channels.none.next')} />`;
  const found = list.data?.items.find((each) => each.name === query.channel);
  return html`<div class="table-tools"><p class="faint">${t('channels.hint')}</p><button type="button" class="small primary push-end" data-deed="add" onClick=${() => open(NEW)}>${t('channels.add')}</button></div>
    <${Shown} resource=${list} empty=${none}>${(data) => html`<div class="table-box"><table class="list"><thead><tr><th scope="col">${t('channels.name')}</th><th scope="col">${t('channels.kind')}</th><th scope="col">${t('channels.target')}</th><th scope="col">${t('channels.wants')}</th>
      <th scope="col">${t('channels.when')}</th><th></th></tr></thead><tbody>${data.items.map((channel) => html`<${Row} key=${channel.name} channel=${channel} regions=${regions} firms=${firms} onOpen=${() => open(channel.name)} onDone=${list.reload} />`)}</tbody></table></div>`}<//>
    ${list.data && (found || query.channel === NEW) && html`<${ChannelForm} key=${query.channel} channel=${found} about=${list.data} regions=${regions} firms=${firms} onDone=${list.reload} close=${() => open(null)} />`}`;
}
