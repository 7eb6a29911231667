// What a person is writing of something that the server has: kept until saved or given up, also when the server's changes meanwhile.
import { useReducer, useRef } from '../html.js';
import { useUnsaved } from './unsaved.js';

/** {draft, changed, moved, set, saved, giveUp}; `moved`: the server has something else by now. `server`: null until it is known. */
export function useDraft(server) {
  const kept = useRef({ seen: null, base: null, draft: null });
  const [, again] = useReducer((n) => n + 1, 0);
  const own = kept.current;
  const text = server === null ? null : JSON.stringify(server);
  const differs = () => own.base !== null && JSON.stringify(own.draft) !== own.base;
  const take = (value, words) => { own.base = words; own.draft = value; };
  if (text !== null && text !== own.seen) {
    own.seen = text;
    if (!differs()) take(server, text);
  }
  const changed = differs();
  useUnsaved(changed);
  return {
    draft: own.draft,
    changed,
    moved: changed && own.seen !== own.base,
    set: (draft) => { own.draft = draft; again(); },
    saved: (value) => { take(value, JSON.stringify(value)); again(); },
    giveUp: () => { take(server, text); again(); },
  };
}
