// What staff say about a fault that was found: it is so, it is not so, it is so and shall stay so.
import { html, useState } from '../html.js';
import { t } from '../i18n.js';

export const VERDICTS = [{ verdict: 'true', key: 't', sign: '✓' }, { verdict: 'false', key: 'f', sign: '✕' }, { verdict: 'accepted', key: 'a', sign: '≡' }];

/** What is seen in a picture may be accepted; that none came may not. */
export const mayAccept = (fault) => fault.layer === 'picture' && fault.kind !== 'no_picture';

/** `noted`: with a line for why; `crew`: of a firm, which may confirm alone; `picture`: what is seen in a picture may be accepted. */
export function Verdicts({ busy = false, onJudge, noted = false, crew = false, picture = true, said = null }) {
  const offered = VERDICTS.filter(({ verdict }) => (crew ? verdict === 'true' : picture || verdict !== 'accepted'));
  const [note, setNote] = useState('');
  return html`<span class="fault-verdicts" role="group" aria-label=${t('fault.verdict')}>${noted && html`<input type="text" maxlength="500" value=${note} aria-label=${t('fault.verdict_note')} placeholder=${t('fault.verdict_note')} onInput=${(event) => setNote(event.target.value)} />`}
    ${offered.map(({ verdict, sign, key }) => html`<button type="button" key=${verdict} class="small" data-verdict=${verdict} aria-pressed=${said === verdict} disabled=${busy} title=${`${t(`fault.verdict.${verdict}`)} (${key.toUpperCase()})`}
      aria-label=${t(`fault.verdict.${verdict}`)} onClick=${() => onJudge(verdict, note)}>${sign}${noted ? ` ${t(`fault.verdict.${verdict}`)}` : ''}</button>`)}</span>`;
}
