// The assessment: figures of any period by region, tier, owner or maintainer, ranked, with what was left out; to print, as a sheet, as reports.
import { address } from '../api.js';
import { html, useState } from '../html.js';
import { language, t } from '../i18n.js';
import { Chips, Empty, Shown } from '../parts.js';
import { useRegions } from '../region_choice.js';
import { useResource } from '../resource.js';
import { link, setQuery } from '../router.js';
import { dateTime } from '../time.js';
import { nameOf } from './figure.js';
import { groupName, Groups, OneGroup } from './groups.js';
import { PeriodChoice, periodOf } from './period.js';
import { Profiles } from './profiles.js';
import { Reports } from './reports.js';
import { TimeParts } from './time_parts.js';
import { Trend } from './trend.js';

const BY = ['region', 'tier', 'owner', 'maintainer'];

function Path({ code, regions }) {
  const known = new Map(regions.nodes.map((node) => [node.code, node]));
  const path = [];
  for (let at = known.get(code) ?? { code, name: code }; at && !path.includes(at); at = known.get(at.parent)) path.unshift(at);
  return html`<nav class="region-path" aria-label=${t('camera.region')}><button type="button" class="link" onClick=${() => setQuery({ region: null })}>${t('difference.any_region')}</button>
    ${path.map((node) => html`<span key=${node.code}> › <button type="button" class="link" aria-current=${node.code === code ? 'true' : undefined} onClick=${() => setQuery({ region: node.code })}>${node.name || node.code}</button></span>`)}</nav>`;
}

export function Assessment({ query, user }) {
  return query.view === 'profiles' ? html`<${Profiles} query=${query} user=${user} />` : html`<${Ranking} query=${query} user=${user} />`;
}

function Ranking({ query, user }) {
  const ways = BY.filter((each) => each !== 'owner' || !user.maintainer_id);
  const by = ways.includes(query.by) ? query.by : 'region';
  const period = periodOf(query);
  const question = { from: period.from, to: period.to, by, region: query.region ?? '', profile: query.profile ?? '' };
  const [opened, setOpened] = useState(undefined);
  const [at, setAt] = useState(undefined);
  const open = (key, kind) => { setOpened(key); setAt(kind); };
  const made = useResource('assessment', question, { everyS: 300 });
  const profiles = useResource('assessment/profiles');
  const regions = useRegions();
  const none = (found) => found.total.cameras === 0 && html`<${Empty} title=${t('assessment.nobody')} next=${t('assessment.nobody.next')} />`;
  return html`<div class="paper assessment"><div class="table-tools"><${PeriodChoice} period=${period} />
      <div class="push-end"><a class="button small" target="_blank" rel="noopener" data-deed="print" href=${address('assessment/page', { ...question, language: language() })}>${t('assessment.print')}</a>
        <a class="button small" data-deed="sheet" href=${address('assessment/sheet', { ...question, language: language() })}>XLSX</a></div></div>
    <div class="table-tools"><${Chips} label=${t('assessment.by')} value=${by} onChange=${(next) => setQuery({ by: next || null })} options=${ways.map((each) => [each, t(`assessment.by.${each}`)])} />
      <select aria-label=${t('assessment.profile')} name="profile" value=${query.profile ?? ''} onChange=${(event) => setQuery({ profile: event.target.value || null })}><option value="">${t('assessment.usual_profile')}</option>
        ${(profiles.data?.items ?? []).map((one) => html`<option key=${one.name} value=${one.name}>${one.ships ? t('assessment.shipped_profile') : one.name}</option>`)}</select><a class="button small" href=${link('assessment', { view: 'profiles', profile: query.profile })}>${t('profiles.title')}</a>
      ${query.region && html`<${Path} code=${query.region} regions=${regions} />`}</div>
    <${Shown} resource=${made} empty=${none} what=${t('assessment.making')}>${(found) => {
    const methods = Object.fromEntries(found.method.map((method) => [method.kind, method]));
    const group = opened === null ? found.total : found.groups.find((each) => each.key === opened);
    const into = opened && found.by === 'region' && opened !== found.region;
    return html`<p class="faint">${t('assessment.until', { from: found.from, to: found.to, until: dateTime(found.until, found.time_zone), zone: found.time_zone })}</p>
      <${Groups} made=${found} by=${found.by} methods=${methods} onOpen=${open} />
      <div class="assessment-two"><section class="facts"><h3>${t('assessment.trend')}</h3><${Trend} days=${found.days} methods=${methods} nameOf=${nameOf} dayLink=${(day) => link('assessment', { ...query, period: null, from: day, to: day })} /></section>
        <section class="facts"><h3>${t('assessment.time')}</h3><${TimeParts} group=${found.total} parts=${found.parts} /></section></div>
      ${opened !== undefined && group && html`<${OneGroup} key=${opened} group=${group} title=${opened === null ? t('assessment.total') : groupName(found.by, group)} made=${found} methods=${methods} at=${at}
        onInto=${into && (() => { setOpened(undefined); setQuery({ region: opened, by: 'region' }); })} close=${() => setOpened(undefined)} />`}`;
  }}<//><${Reports} question=${question} /></div>`;
}
