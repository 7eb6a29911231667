// A small map on which the owner taps where the camera hangs; the fields below stay where no map may be shown.
import { get } from './api.js';
import { html, useEffect, useRef, useState } from './html.js';
import { t } from './i18n.js';
import { MapView } from './map_view.js';

export function PlacePicker({ lon, lat, onPlace }) {
  const map = useRef(null);
  const shown = lon !== null && lon !== '' && lat !== null && lat !== '' && Math.abs(Number(lat)) <= 90 && Math.abs(Number(lon)) <= 180;
  useEffect(() => {
    if (shown) map.current?.setIncidents([{ id: 0, lon: Number(lon), lat: Number(lat) }], 0);
  }, [lon, lat]);
  // The map is for people who are signed in; an owner who is not types the place or uses where they stand.
  const [allowed, setAllowed] = useState(null);
  useEffect(() => { get('map/base', {}, { quiet401: true }).then(() => setAllowed(true), () => setAllowed(false)); }, []);
  if (!allowed) return html`<div class="picker">${allowed === false && html`<p class="note">${t('register.place.no_map')}</p>`}</div>`;
  return html`<div class="picker"><p class="faint">${t('register.place.tap')}</p>
    <${MapView} theme="light" placing=${true} showCameras=${false} use=${(town) => { map.current = town; }}
      onPlace=${(place) => onPlace({ lon: Number(place.lon.toFixed(6)), lat: Number(place.lat.toFixed(6)) })} /></div>`;
}
