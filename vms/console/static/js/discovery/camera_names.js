// The cameras of a question by name, number and channel, so that two of one name can be told apart.
import { t } from '../i18n.js';
import { useResource } from '../resource.js';

const MOST = 500;

/** A function from a camera's id to its words. Cameras that one may not see have a number only. */
export function useCameraNames({ camera_ids: ids, device_id: deviceId, kind }) {
  const rows = useResource(ids.length ? 'cameras' : null, { filter: `id in (${ids.slice(0, MOST).join(', ')})`, limit: MOST });
  const device = useResource(kind === 'channels' && deviceId !== null ? `devices/${deviceId}` : null);
  return (id) => [rows.data?.items.find((each) => each.id === id)?.name, t('camera.number', { id }),
    device.data?.cameras.find((each) => each.id === id)?.channel].filter(Boolean).join(' · ');
}
