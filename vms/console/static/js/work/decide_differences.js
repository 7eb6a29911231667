// Many differences between record and device, decided together: those that were chosen, or all that fit the question.
import { get, post } from '../api.js';
import { useDeed } from '../deed.js';
import { useState } from '../html.js';

const AT_ONCE = 500;
const seen = ({ camera_id, field, declared, observed }) => ({ camera_id, field, declared, observed });

/** {decide, busy, problem, progress, result}; `decide(value, why, rows)`, all that fit `asked` where `rows` is null. */
export function useDecisions(asked) {
  const { run, busy, problem } = useDeed();
  const [progress, setProgress] = useState(null);
  const [result, setResult] = useState(null);

  async function some(value, why, rows, told) {
    const answer = await post('differences/accept', { value, why, items: rows.map(seen) });
    told.accepted += answer.accepted;
    told.refused.push(...answer.refused.map((one) => ({ ...one, name: rows.find((row) => row.camera_id === one.camera_id)?.camera_name })));
    return answer.accepted;
  }
  // What was decided leaves the list; what was refused stays at its head and is stepped over.
  async function everything(value, why, told) {
    let page = await get('differences', { ...asked, limit: AT_ONCE });
    const of = page.total;
    for (let rounds = Math.ceil(of / AT_ONCE) + 1; page.items.length && rounds > 0; rounds -= 1) {
      setProgress({ done: told.accepted, of });
      if (await some(value, why, page.items, told) === 0) break;
      page = await get('differences', { ...asked, limit: AT_ONCE, offset: told.refused.length });
    }
  }
  async function decide(value, why, rows) {
    const told = { value, accepted: 0, refused: [] };
    setResult(null);
    const done = await run(() => (rows ? some(value, why, rows, told) : everything(value, why, told)));
    setProgress(null);
    if (done !== undefined || told.accepted) setResult(told);
  }
  return { decide, busy, problem, progress, result, clear: () => setResult(null) };
}
