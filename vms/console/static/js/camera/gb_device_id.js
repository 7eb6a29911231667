// Gives the camera a national device id that is valid and that nobody else has.
import { post } from '../api.js';
import { Problem, useDeed } from '../deed.js';
import { html } from '../html.js';
import { t } from '../i18n.js';

export function GbDeviceId({ record, onDone }) {
  const { run, busy, problem } = useDeed();
  const has = record.fields.find((field) => field.about.name === 'gb_device_id')?.value;
  const wrong = record.failed.some((rule) => rule.field === 'gb_device_id');
  if (has && !wrong) return null;
  const give = async () => {
    if (await run(() => post(`cameras/${record.camera_id}/gb-device-id`, { replace: Boolean(has) })) !== undefined) onDone();
  };
  return html`<div><button type="button" class="small" data-deed="gb-device-id" disabled=${busy} onClick=${give}>${t('record.give_gb_id')}</button><${Problem} of=${problem} /></div>`;
}
