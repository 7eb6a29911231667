// Reports that were made by the clock or by a person, as they were said then: to print or as a sheet.
import { address, post } from '../api.js';
import { Problem, useDeed } from '../deed.js';
import { html, useState } from '../html.js';
import { language, t } from '../i18n.js';
import { Pager } from '../pager.js';
import { Chips, Empty, Shown, whoName } from '../parts.js';
import { useResource } from '../resource.js';
import { Age, dateTime } from '../time.js';

const LIMIT = 10;
const KINDS = ['daily', 'weekly', 'monthly', 'asked'];
const A_SECOND_MS = 1000;
/** `zone`: the office's; a report is about its days. */
const day = (at, zone) => dateTime(at, zone).slice(0, 10);
/** The end of a period is the first moment that does not belong to it. */
const lastDay = (at, zone) => day(Date.parse(at) - A_SECOND_MS, zone);

export function Reports({ question }) {
  const [kind, setKind] = useState('');
  const [offset, setOffset] = useState(0);
  const reports = useResource('assessment/reports', { kind, limit: LIMIT, offset }, { everyS: 60 });
  const { run, busy, problem } = useDeed();
  const make = async () => { if (await run(() => post('assessment/reports', question)) !== undefined) reports.reload(); };
  const none = (page) => page.total === 0 && html`<${Empty} title=${t('assessment.no_reports')} next=${t('assessment.no_reports.next')} />`;
  return html`<section class="reports"><header class="table-tools"><h2>${t('assessment.reports')}</h2>
      <${Chips} label=${t('assessment.report_kind')} value=${kind} onChange=${(next) => { setKind(next); setOffset(0); }} options=${KINDS.map((each) => [each, t(`assessment.report.${each}`)])} />
      <button type="button" class="small push-end" data-deed="report" disabled=${busy} onClick=${make}>${t(busy ? 'assessment.making' : 'assessment.make_report')}</button></header><${Problem} of=${problem} />
    <${Shown} resource=${reports} empty=${none}>${(page) => html`<div class="table-box"><table class="list"><thead><tr><th scope="col">${t('assessment.period')}</th><th scope="col">${t('assessment.report_kind')}</th>
      <th scope="col">${t('assessment.by')}</th><th scope="col">${t('assessment.made')}</th><th scope="col">${t('looks.who')}</th><th></th></tr></thead>
      <tbody>${page.items.map((one) => html`<tr key=${one.id} data-report=${one.id}><th scope="row">${day(one.start_at, page.time_zone)} – ${lastDay(one.end_at, page.time_zone)}</th><td>${t(`assessment.report.${one.kind}`)}</td><td>${t(`assessment.by.${one.by}`)}</td>
        <td><${Age} at=${one.made_at} /></td><td>${whoName(one.made_by)}</td>
        <td class="row-deeds"><a class="button small" target="_blank" rel="noopener" href=${address(`assessment/reports/${one.id}/page`, { language: language() })}>${t('assessment.print')}</a>
          <a class="button small" href=${address(`assessment/reports/${one.id}/sheet`, { language: language() })}>XLSX</a></td></tr>`)}</tbody></table></div>
      <${Pager} total=${page.total} limit=${LIMIT} offset=${offset} onOffset=${setOffset} />`}<//></section>`;
}
