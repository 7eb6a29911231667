// One deed of a person on the server: under way, done, or why not. The button waits, the words stay.
import { html, useRef, useState } from './html.js';
import { t } from './i18n.js';

/** {run, busy, problem, clear}; `run(deed)` gives what the deed gave, or undefined where it failed. */
export function useDeed() {
  const [state, setState] = useState({ busy: false, problem: null });
  const running = useRef(false);
  async function run(deed) {
    if (running.current) return undefined;
    running.current = true;
    setState({ busy: true, problem: null });
    try {
      const result = await deed();
      setState({ busy: false, problem: null });
      return result ?? null;
    } catch (problem) {
      setState({ busy: false, problem });
      return undefined;
    } finally {
      running.current = false;
    }
  }
  return { ...state, run, clear: () => setState({ busy: false, problem: null }) };
}

export function Problem({ of: error }) {
  return error && html`<p class="problem" role="alert">${error.message}${error.where && html` <small>
    ${t('error.where', { where: error.where })}</small>`}</p>`;
}
