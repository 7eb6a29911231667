// Which cameras are chosen: some, or all that fit the question.
import { useEffect, useMemo, useRef, useState } from '../html.js';

const FARTHEST = 5000;
const NOBODY = { all: false, ids: new Set() };

/** `question` is what was asked: another question chooses nobody. */
export function useChoice(question, total) {
  const [chosen, setChosen] = useState(NOBODY);
  const anchor = useRef(0);
  useEffect(() => { setChosen(NOBODY); }, [question]);
  return useMemo(() => {
    const choose = (change) => setChosen((before) => change(before.all ? NOBODY : before));
    return {
      ...chosen,
      size: chosen.all ? total ?? 0 : chosen.ids.size,
      has: (id) => chosen.all || chosen.ids.has(id),
      clear: () => setChosen(NOBODY),
      everything: () => setChosen({ all: true, ids: new Set() }),
      only(id, index) {
        anchor.current = index;
        setChosen({ all: false, ids: new Set([id]) });
      },
      toggle(id, index) {
        anchor.current = index;
        choose((before) => {
          const ids = new Set(before.ids);
          if (!ids.delete(id)) ids.add(id);
          return { all: false, ids };
        });
      },
      /** From where the last click was (or `from`) to `to`, also where nobody has looked yet. */
      async reach(lines, to, from = anchor.current) {
        const [first, last] = [Math.min(from, to), Math.max(from, to)];
        const rows = await lines.rowsBetween(first, Math.min(last + 1, first + FARTHEST));
        choose((before) => ({ all: false, ids: new Set([...before.ids, ...rows.map((row) => row.id)]) }));
      },
    };
  }, [chosen, total]);
}
