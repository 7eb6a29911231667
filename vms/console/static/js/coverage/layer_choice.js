// Which layers the coverage map shows; the address bar keeps it.
import { html } from '../html.js';
import { t } from '../i18n.js';
import { setQuery } from '../router.js';

export function LayerChoice({ query, part }) {
  const toggle = (name, on, off) => setQuery({ [name]: query[name] === on ? off : on });
  const chip = (name, pressed, click, words) => html`<button type="button" key=${name} class="chip" data-layer=${name} aria-pressed=${pressed} onClick=${click}>${words}</button>`;
  const squares = (value) => setQuery({ squares: query.squares === value ? null : value });
  return html`<div class="map-filter"><div class="chips" role="group" aria-label=${t('coverage.layers')}>
    ${part === 'gaps' && chip('gaps', query.gaps !== 'off', () => toggle('gaps', 'off', null), t('coverage.part.gaps'))}
    ${chip('views', query.views !== 'off', () => toggle('views', 'off', null), t('coverage.layer.views'))}
    ${chip('share', query.squares === 'share', () => squares('share'), t('coverage.layer.share'))}
    ${chip('redundancy', query.squares === 'views', () => squares('views'), t('coverage.layer.redundancy'))}
    ${part === 'gaps' && chip('prices', query.prices === 'on', () => toggle('prices', 'on', null), t('coverage.layer.prices'))}
    ${chip('night', Boolean(query.night), () => toggle('night', '1', null), t('coverage.by_night'))}</div>
    ${query.squares && html`<p class="scale scale-${query.squares}"><span>${t(`coverage.scale.${query.squares}.low`)}</span><i></i><span>${t(`coverage.scale.${query.squares}.high`)}</span></p>`}</div>`;
}
