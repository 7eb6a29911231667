// An order as it will be when what waits on the phone has been told.
const LEADS_TO = { accept: 'accepted', arrive: 'on_site', repair: 'repaired' };
const NEXT = { assigned: ['accept', 'arrive'], transferred: ['accept', 'arrive'], accepted: ['arrive'], on_site: ['repair'] };

export function stateAhead(order, items) {
  const steps = items.filter((item) => item.kind === 'step' && item.orderId === order.id && !item.refused);
  return steps.reduce((state, item) => LEADS_TO[item.action] ?? state, order.state);
}

/** The steps of the work that can be taken now. */
export const nextSteps = (state) => NEXT[state] ?? [];
