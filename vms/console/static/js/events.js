// The server's events (SSE): one stream for the page, told to whoever listens; resumes by itself.
import { useEffect, useRef, useState } from './html.js';
import { address } from './api.js';

const KINDS = [
  'camera.added', 'camera.changed', 'camera.flip', 'camera.turned', 'fault.opened', 'fault.closed', 'fault.judged', 'incident.opened', 'incident.status',
  'consent.changed', 'camera.clock_set', 'device.added', 'device.changed', 'device.conflict', 'device.displaced', 'sweep.waiting', 'sweep.running',
  'sweep.paused', 'sweep.done', 'sweep.failed', 'sweep.cancelled', 'sweep.progress', 'sweep.differences', 'task.added', 'task.started', 'task.progress', 'task.done',
  'task.paused', 'task.waiting', 'task.cancelled', 'identity.changed', 'identity.undone', 'device.conflict_resolved', 'device.merged', 'device.split', 'device.replaced',
  'list.imported', 'list.mapping_saved', 'list.mapping_removed', 'credential.added', 'credential.changed', 'credential.removed', 'registration.submitted', 'registration.decided', 'access.asked', 'access.decided',
  'order.opened', 'order.reopened', 'order.assigned', 'order.accepted', 'order.on_site', 'order.repaired', 'order.sent_back', 'order.verified', 'order.closed', 'order.suspended',
  'order.resumed', 'order.transferred', 'order.late', 'order.changed', 'outage.opened', 'outage.changed', 'outage.reopened', 'outage.closed', 'outage.absorbed', 'outage.judged',
  'supply.changed', 'notice.changed', 'coverage.measured', 'coverage.gaps_changed', 'coverage.gap_stepped', 'coverage.needs_changed', 'map.changed',
  'ring.made', 'ring.removed', 'ring.opened', 'ring.closed', 'plan.asked', 'plan.stage', 'plan.done', 'plan.failed', 'plan.cancelled', 'plan.applied',
  'registration.withdrawn', 'still.reference', 'camera.difference', 'poller.held_up', 'poller.runs_again', 'poller.cut_off', 'poller.back', 'credential.set_by_person', 'device.another_answers', 'device.learnt_forgotten', 'device.login_changed', 'device.login_refused', 'device.policy_changed', 'device.session_limit', 'task.looked_at_again',
];
const listeners = new Set();
const watchers = new Set();
let source = null;
let state = 'closed';

function setState(next) {
  if (next === state) return;
  state = next;
  watchers.forEach((tell) => tell(next));
}

function hear(kind, message) {
  let event;
  try {
    event = JSON.parse(message.data);
  } catch {
    return;
  }
  listeners.forEach((tell) => tell({ kind: event.kind ?? kind, ...event }));
}

export function startEvents() {
  if (source) return;
  source = new EventSource(address('events'));
  setState('connecting');
  source.onopen = () => setState('open');
  source.onerror = () => setState(source && source.readyState === EventSource.CLOSED ? 'closed' : 'connecting');
  source.onmessage = (message) => hear('message', message);
  KINDS.forEach((kind) => source.addEventListener(kind, (message) => hear(kind, message)));
}

export function stopEvents() {
  source?.close();
  source = null;
  setState('closed');
}

export function useConnection() {
  const [value, setValue] = useState(state);
  useEffect(() => {
    watchers.add(setValue);
    setValue(state);
    return () => watchers.delete(setValue);
  }, []);
  return value;
}

/** Calls `tell(event)` for events whose kind starts with one of `prefixes`. */
export function useEvents(prefixes, tell) {
  const latest = useRef(tell);
  latest.current = tell;
  useEffect(() => {
    const hearOne = (event) => {
      if (prefixes.some((prefix) => event.kind.startsWith(prefix))) latest.current(event);
    };
    listeners.add(hearOne);
    return () => listeners.delete(hearOne);
  }, [prefixes.join()]);
}
