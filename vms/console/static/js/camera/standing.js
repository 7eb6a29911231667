// Why nobody comes for this camera alone: it fell with others, or its absence was announced.
import { html } from '../html.js';
import { t } from '../i18n.js';
import { outageName } from '../parts.js';
import { useResource } from '../resource.js';
import { At } from '../time.js';

export function Standing({ camera, user }) {
  return user.role === 'owner' ? null : html`<${StaffStanding} camera=${camera} />`;
}

function StaffStanding({ camera }) {
  const id = camera.row.id;
  const fell = camera.faults.find((each) => !each.closed_at && each.outage_id);
  const outage = useResource(fell ? `outages/${fell.outage_id}` : null, { limit: 1 }, { refreshOn: ['outage.'] });
  const notices = useResource('notices', { camera_id: id, state: 'approved', now_only: true }, { refreshOn: ['notice.'] });
  const announced = notices.data?.items ?? [];
  return html`${fell && outage.data && html`<p class="fell-with">${t('camera.fell_with', { kind: t(`cause.${outage.data.kind}`),
    name: outageName(outage.data), n: outage.data.cameras })}</p>`}
    ${announced.map((each) => html`<p class="announced" key=${each.id}>${t('camera.announced', { kind: t(`notice.${each.kind}`),
      reason: each.reason })} <${At} at=${each.end_at} short /></p>`)}`;
}
