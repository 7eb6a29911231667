// The four numbers that need somebody today, each a link: down now, orders overdue, coverage lost, figures below target.
import { html } from '../html.js';
import { t } from '../i18n.js';
import { metres } from '../parts.js';
import { link } from '../router.js';
import { Age, dateTime } from '../time.js';

const DAY_MS = 86400000;

function Number4({ name, label, value, of, href, tone, title }) {
  return html`<a class="number ${tone ? `is-${tone}` : ''}" data-number=${name} href=${href} title=${title}><b>${value}</b><span>${label}</span><small>${of}</small></a>`;
}

function figuresOf(figures) {
  if (!figures) return { value: '—', of: t('board.no_report'), tone: '' };
  const day = new Date(Date.parse(figures.end_at) - DAY_MS / 2);
  const report = dateTime(day).slice(0, 10);
  return { value: figures.missed.length, of: t('board.figures_of', { n: figures.judged, day: report }), tone: figures.missed.length ? 'suspect' : '' };
}

/** `board`: of `health/board`. */
export function Today({ board }) {
  const { all, coverage_lost: lost, figures, region } = board;
  const missed = figuresOf(figures);
  const blind = all.total > 0 && all.unknown === all.total;
  return html`<div class="numbers">
    <${Number4} name="down" label=${t('maintenance.down_now')} value=${blind ? '—' : all.down} of=${blind ? t('board.nobody_looks') : t('maintenance.of', { n: all.total.toLocaleString() })}
      tone=${all.down ? 'down' : ''} href=${link('inventory', { status: 'down', region })} />
    <${Number4} name="overdue" label=${t('board.overdue')} value=${all.orders_overdue} of=${t('board.of_open', { n: all.orders_open.toLocaleString() })}
      tone=${all.orders_overdue ? 'down' : ''} href=${link('orders', { overdue: 'true', region })} />
    <${Number4} name="lost" label=${t('board.lost')} value=${lost ? metres(lost.road_m) : '—'} tone=${lost?.road_m ? 'suspect' : ''}
      of=${lost ? html`${t('board.lost_places', { n: lost.places })} · <${Age} at=${lost.measured_at} />` : t('board.not_measured')} href=${link('coverage', { cause: 'faulty' })} />
    <${Number4} name="missed" label=${t('board.missed')} value=${missed.value} of=${missed.of} tone=${missed.tone} href=${link('assessment', { period: 'day' })} />
  </div>`;
}
