// The ranked list: each camera with its reason; a row opens its terms.
import { html, useState } from './html.js';
import { sentence, t, tOr } from './i18n.js';
import { Status, Tier } from './parts.js';
import { link } from './router.js';

function Terms({ terms }) {
  return html`<table class="terms"><thead><tr><th>${t('feed.term')}</th><th>${t('feed.value')}</th><th>${t('feed.weight')}</th><th>
    ${t('feed.contribution')}</th></tr></thead>
    <tbody>${terms.map((term) => html`<tr key=${term.name}><td>${tOr(`term.${term.name}`, term.name)}</td>
      <td>${round(term.value)}</td><td>${round(term.weight)}</td><td>${round(term.contribution)}</td></tr>`)}</tbody></table>`;
}

const round = (value) => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(2));

export function FeedsList({ feeds, shown, onPick }) {
  const [open, setOpen] = useState(null);
  return html`<ol class="feeds" aria-label=${t('feeds.title')}>
    ${feeds.map((feed) => html`<li key=${feed.camera_id} class="${feed.usable ? '' : 'is-unusable'} ${shown.has(feed.camera_id) ? 'is-shown' : ''}">
      <button type="button" class="feed-row" data-feed=${feed.camera_id} onClick=${() => onPick(feed)}>
        <b class="feed-rank">${feed.rank}</b>
        <span class="feed-name"><${Tier} tier=${feed.tier} status=${feed.status} word=${false} /> ${feed.name}</span>
        <${Status} status=${feed.status} />
        <span class="feed-why">${sentence(feed, 'sentence')}</span>
      </button>
      <button type="button" class="quiet feed-more" aria-expanded=${open === feed.camera_id} aria-label=${t('feed.why')}
        onClick=${() => setOpen(open === feed.camera_id ? null : feed.camera_id)}>ⓘ</button>
      ${open === feed.camera_id && html`<div class="feed-terms"><${Terms} terms=${feed.terms} /><a href=${link(`camera/${feed.camera_id}`)}>
        ${t('feed.page')}</a></div>`}
    </li>`)}
  </ol>`;
}
