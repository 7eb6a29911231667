// The map as a part of a screen; follows camera events by itself.
import { html, useEffect, useRef, useState } from './html.js';
import { t, useLanguage } from './i18n.js';
import { useEvents } from './events.js';
import { TownMap } from './town_map.js';

const words = () => ({ 'Map.Title': t('nav.map'), 'AttributionControl.ToggleAttribution': t('system.map'), 'NavigationControl.ZoomIn': t('map.zoom_in'), 'NavigationControl.ZoomOut': t('map.zoom_out') });
const statusOf = (event) => event.content?.to_status ?? event.content?.to ?? event.content?.status;

/** `use(map)` is called once with the TownMap. */
export function MapView({ theme = 'dark', use, onCamera, onPlace, onOutage, onCounted, placing = false, showCameras = true, wanted = null, outages = null, children }) {
  const language = useLanguage();
  const box = useRef(null);
  const map = useRef(null);
  const told = useRef({});
  told.current = { onCamera, onPlace, onOutage, onCounted };
  const [problem, setProblem] = useState(null);

  useEffect(() => {
    let town;
    try {
      town = new TownMap(box.current, {
        theme, language, words: words(), showCameras,
        onCamera: (id) => told.current.onCamera?.(id), onPlace: (place) => told.current.onPlace?.(place), onFailed: setProblem,
        onOutage: onOutage && ((id) => told.current.onOutage?.(id)), onCounted: (counts) => told.current.onCounted?.(counts),
      });
    } catch (error) {
      setProblem(error);
      return undefined;
    }
    map.current = town;
    use?.(town);
    return () => {
      map.current = null;
      town.remove();
    };
  }, [theme]);

  useEffect(() => { map.current?.setLanguage(language); }, [language]);
  useEffect(() => { map.current?.setPlacing(placing); }, [placing]);
  useEffect(() => { map.current?.setWanted(wanted); }, [wanted, theme]);
  useEffect(() => { if (outages) map.current?.setOutages(outages); }, [outages, theme]);

  useEvents(['camera.', 'fault.opened', 'fault.closed', 'map.changed', 'coverage.measured'], (event) => {
    const town = map.current;
    if (town && event.kind === 'map.changed') town.renewGround().catch(setProblem);
    if (!town || !showCameras || event.kind === 'map.changed') return;
    if (event.kind === 'coverage.measured') { town.renewViews(); return; }
    if (event.kind.startsWith('fault.')) { town.setFault(event.subject, event.content?.kind, event.kind === 'fault.opened'); return; }
    const status = statusOf(event);
    if (event.kind === 'camera.flip' && status) town.setStatus(event.subject, status);
    else if (event.kind !== 'camera.flip') town.reloadSoon(event.subject);
  });

  return html`<div class="map ${placing ? 'is-placing' : ''}"><div class="map-canvas" ref=${box}></div>
    ${problem && html`<p class="map-problem" role="alert">${t('map.failed', { why: problem.message })}</p>`}${children}</div>`;
}

export function Legend({ rings = false }) {
  return html`<details class="legend"><summary>${t('map.legend')}</summary><${LegendBody} />${rings && html`<p>${t('map.ring_means')}</p>`}</details>`;
}

function LegendBody() {
  return html`<ul>
    ${['government', 'unit', 'community', 'household'].map((tier) => html`<li key=${tier}><i class="shape shape-${tier}"></i>
      ${t(`tier.${tier}`)}</li>`)}
    ${['up', 'suspect', 'down', 'unknown'].map((state) => html`<li key=${state}><i class="swatch swatch-${state}"></i>
      ${t(`status.${state}`)}</li>`)}
    <li><i class="swatch swatch-ill"></i>${t('map.ill')}</li>
  </ul>`;
}
