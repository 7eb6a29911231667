// Where a person was before a camera's page, and where in a list: kept for this tab, so that going back finds it as it was.
const PLACE = 'vms.came_from';
const POSITION = 'vms.list_position';

const read = (name) => {
  try { return JSON.parse(sessionStorage.getItem(name) ?? 'null'); } catch { return null; }
};

export const notePlace = (screen) => sessionStorage.setItem(PLACE, JSON.stringify({ screen, address: location.hash }));

/** {screen, address} of the last screen that was no camera's page. */
export const placeBefore = () => read(PLACE) ?? { screen: 'inventory', address: '#/inventory' };

export const keepPosition = (question, where) => sessionStorage.setItem(POSITION, JSON.stringify({ question, ...where }));
export const dropPosition = () => sessionStorage.removeItem(POSITION);

/** What was kept for this question, once; null where another one was asked. */
export function takePosition(question) {
  const kept = read(POSITION);
  dropPosition();
  return kept?.question === question ? kept : null;
}
