// Where a figure's number leads: to the cameras, faults or orders that it was counted from.
import { t } from '../i18n.js';
import { link } from '../router.js';

const OF_ORDERS = ['fault_response_ok', 'fault_fix_ok', 'response_told_afterwards', 'fix_told_afterwards', 'repeat_fault_rate', 'mttr'];
const OF_ARCHIVE = ['archive_completeness', 'archive_conformity', 'archive_consistency'];
const OF_FAULTS = ['intact_rate', 'image_quality_rate', 'clock_accuracy_rate', 'mtbf'];

/** The group as names of an address: {region, tier, owner, maintainer}; the region that the assessment lies in comes with it. */
function named(made, group) {
  const within = made.region ? { region: made.region } : {};
  return group.key === 'all' || group.key === '' ? within : { ...within, [made.by]: group.key };
}

/** The cameras of a group. */
export const camerasOf = (made, group) => (group.cameras ? link('inventory', named(made, group)) : null);

/** {href, words} */
export function opens(kind, made, group) {
  const names = named(made, group);
  if (OF_ORDERS.includes(kind)) return { href: link('orders', { state: 'all', ...names }), words: t('assessment.open_orders') };
  if (kind === 'coverage_rate') return { href: link('coverage'), words: t('nav.coverage') };
  if (OF_ARCHIVE.includes(kind)) return { href: link('archive', { by: ['region', 'owner', 'tier'].includes(made.by) ? made.by : 'region' }), words: t('assessment.open_archive') };
  if (OF_FAULTS.includes(kind) && made.by !== 'owner') return { href: link('maintenance', names), words: t('assessment.open_faults') };
  return { href: link('inventory', names), words: t('assessment.open_cameras') };
}
