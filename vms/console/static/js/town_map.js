// The map of the town around MapLibre: what is drawn is set as values, what is clicked is told.
import { AttributionControl, Map as Canvas, NavigationControl, ScaleControl, setWorkerUrl } from '../vendor/maplibre-gl-6.17.0/maplibre-gl.mjs';
import { address } from './api.js';
import { layGround, nameGround, renewGround, theBaseMap } from './base_map.js';
import { allPoints, MOST_ASKED, pointsOf } from './camera_points.js';
import { hasGraphicsCard } from './graphics.js';
import { addImages, addRing } from './map_images.js';
import { keepPace } from './map_pace.js';
import { townStyle } from './map_style.js';

setWorkerUrl(new URL('../vendor/maplibre-gl-6.17.0/maplibre-gl-worker.mjs', import.meta.url).href);

const WAIT_MS = 250;
const MANY = 3000;
/** Each change of a state puts all clusters together anew: seldom where there are many. */
const WAIT_WITH_MANY_MS = 1500;
const CLUSTERED_TO_ZOOM = 16;
const RELOAD_MS = 2000;
/** Until it is known where the town is: so far out that hardly anything is asked for and drawn. */
const FAR = 8;
const AROUND = { padding: { top: 64, right: 30, bottom: 40, left: 30 }, animate: false, maxZoom: 16.5 };
const collection = (features) => ({ type: 'FeatureCollection', features });
const point = (lon, lat, properties) => ({ type: 'Feature', geometry: { type: 'Point', coordinates: [lon, lat] }, properties });

export function boundsOf(features) {
  let [west, south, east, north] = [180, 90, -180, -90];
  const widen = (coordinates) => {
    if (typeof coordinates[0] === 'number') {
      west = Math.min(west, coordinates[0]); east = Math.max(east, coordinates[0]);
      south = Math.min(south, coordinates[1]); north = Math.max(north, coordinates[1]);
    } else coordinates.forEach(widen);
  };
  features.forEach((feature) => feature.geometry && widen(feature.geometry.coordinates));
  return west > east ? null : [west, south, east, north];
}

const isIn = ([west, south, east, north], [lon, lat]) => lon >= west && lon <= east && lat >= south && lat <= north;

export class TownMap {
  constructor(container, { theme, language = 'zh', words, onCamera, onPlace, onOutage, onCounted, onFailed, showCameras = true }) {
    Object.assign(this, { theme, language, onCamera, onPlace, onOutage, onCounted, onFailed, showCameras });
    delete container.dataset.centre;
    this.wanted = null;
    this.features = new globalThis.Map();
    this.viewStates = new globalThis.Map();
    this.renewed = new globalThis.Set();
    this.reading = globalThis.Promise.resolve();
    this.map = new Canvas({
      container, style: townStyle(theme, showCameras ? location.origin + address('coverage/views/{z}/{x}/{y}.mvt') : null), center: [113.62, 34.75], zoom: FAR, maxZoom: 20, attributionControl: false,
      dragRotate: false, pitchWithRotate: false, touchPitch: false, fadeDuration: 80, locale: words, canvasContextAttributes: { antialias: hasGraphicsCard() },
    });
    this.map.setMissingStyleImageResolver((name) => addRing(this.map, this.theme, name));
    this.map.touchZoomRotate.disableRotation();
    keepPace(this.map);
    this.map.addControl(new NavigationControl({ showCompass: false }), 'top-right');
    this.map.addControl(new ScaleControl({ maxWidth: 90 }), 'bottom-left');
    this.map.addControl(new AttributionControl({ compact: false }), 'bottom-right');
    this.ready = new Promise((resolve) => { this.map.once('load', resolve); });
    this.resize = new ResizeObserver(() => this.#resized());
    this.resize.observe(container);
    this.ready.then(() => this.#begin());
  }

  /** A new size ends MapLibre's movement: one that was under way is finished at once. */
  #resized() {
    const moving = this.map.isMoving();
    this.map.resize();
    if (moving && this.target) this.map.fitBounds(this.target.box, { ...this.target.options, animate: false });
  }

  remove() {
    this.gone = true;
    this.resize.disconnect();
    clearTimeout(this.reloadTimer);
    clearTimeout(this.drawTimer);
    this.map.remove();
  }

  async #begin() {
    if (this.gone) return;
    addImages(this.map, this.theme);
    this.map.on('click', (event) => this.#clicked(event));
    this.map.on('mousemove', (event) => {
      if (this.map.isMoving()) return;
      const hit = this.map.queryRenderedFeatures(event.point, { layers: ['cameras', 'clusters', 'outage-names'] });
      this.map.getCanvas().style.cursor = this.placing ? 'crosshair' : (hit.length ? 'pointer' : '');
    });
    // A tile that was asked for before somebody signed out comes too late, and that is no fault of the map.
    this.map.on('error', ({ error }) => { if (error?.status !== 401 && error?.name !== 'AbortError' && !this.gone) globalThis.console.error(error); });
    try {
      const ground = theBaseMap().then((base) => {
        if (this.gone) return base;
        if (base.box && !this.moved) this.map.fitBounds(base.box, AROUND);
        layGround(this.map, this.theme, base, this.language);
        return base;
      });
      const [base] = await Promise.all([ground, this.showCameras ? this.loadCameras() : null]);
      if (this.gone) return;
      const box = this.#cameraBox(base.box) ?? this.#cameraBox() ?? base.box;
      if (box && !this.moved) this.map.fitBounds(box, AROUND);
      else if (!this.moved) this.map.jumpTo({ zoom: 14 });
      this.#tellCentre();
      this.map.on('moveend', () => this.#tellCentre());
    } catch (problem) {
      if (!this.gone) this.onFailed?.(problem);
    }
  }

  /** The map of the town has changed. */
  async renewGround() {
    await this.ready;
    const base = await theBaseMap({ again: true });
    if (!this.gone) renewGround(this.map, base);
    this.mapIsNew = true;
  }

  /** Coverage has been counted anew; after a change of the map all views may look otherwise. */
  renewViews() {
    if (!this.mapIsNew) return;
    this.mapIsNew = false;
    this.#reloadViews();
  }

  /** Tiles that have not changed are not sent again. */
  #reloadViews() {
    if (!this.gone && this.showCameras) this.map.refreshTiles('views');
  }

  /** What the tiles of views do not tell: the state of each camera, where it is another than before. */
  #tellStates(features = this.features.values()) {
    for (const { id, properties: { status } } of features) {
      if ((this.viewStates.get(id) ?? 'up') !== status) this.#tellState(id, status);
    }
  }

  #tellState(id, status) {
    this.viewStates.set(id, status);
    this.map.setFeatureState({ source: 'views', sourceLayer: 'view', id }, { status });
  }

  async setLanguage(language) {
    this.language = language;
    await this.ready;
    if (!this.gone) nameGround(this.map, language);
  }

  /** For who cannot see the map: where it looks, once it shows the town. */
  #tellCentre() {
    const { lng, lat } = this.map.getCenter();
    this.map.getContainer().dataset.centre = `${lng.toFixed(5)},${lat.toFixed(5)}`;
  }

  /** Around the cameras; `within`: those on the map of the town alone, for one that was entered a country away would
      pull the map to where nothing is. */
  #cameraBox(within = null) {
    const here = ({ geometry }) => geometry && (!within || isIn(within, geometry.coordinates));
    return boundsOf([...this.features.values()].filter(here));
  }

  /** One question after the other: an older answer never comes after a newer one. */
  #read(questions) {
    this.reading = this.reading.catch(() => null).then(questions);
    return this.reading;
  }

  loadCameras() {
    return this.#read(async () => {
      this.heard = new globalThis.Map();
      const features = await allPoints();
      await this.ready;
      if (this.gone) return;
      this.features.clear();
      for (const feature of features) this.features.set(feature.id, feature);
      for (const [id, status] of this.heard) this.#takeStatus(id, status);
      this.heard = null;
      this.#clusterMany();
      this.#tellStates();
      this.#drawWanted();
    });
  }

  /** Of these cameras alone the map learns anew what they are, or that they are not on it any more. */
  #loadSome(ids) {
    return this.#read(async () => {
      const found = await pointsOf(ids);
      await this.ready;
      if (this.gone) return;
      const remove = ids.filter((id) => this.drawn?.has(id));
      ids.forEach((id) => this.features.delete(id));
      for (const feature of found) this.features.set(feature.id, feature);
      const add = found.filter(({ properties }) => !this.wanted || this.wanted(properties));
      remove.forEach((id) => this.drawn.delete(id));
      add.forEach(({ id }) => this.drawn?.add(id));
      this.#clusterMany();
      this.#tellStates(found);
      this.map.getSource('cameras').updateData({ remove, add });
      this.#tellCounts();
    });
  }

  #clusterMany() {
    if (this.features.size <= MANY || this.clustersMany) return;
    this.clustersMany = true;
    this.map.getSource('cameras').setClusterOptions({ cluster: true, clusterMaxZoom: CLUSTERED_TO_ZOOM });
  }

  /** Only cameras that `wanted(properties)` says yes to; null: all. */
  setWanted(wanted) {
    if (wanted === this.wanted) return;
    this.wanted = wanted;
    if (this.features.size) this.#drawWanted();
  }

  #drawWanted() {
    const features = [...this.features.values()].filter((feature) => !this.wanted || this.wanted(feature.properties));
    this.drawn = new globalThis.Set(features.map((feature) => feature.id));
    this.map.getSource('cameras').setData(collection(features));
    this.#tellCounts();
  }

  #tellCounts() {
    this.onCounted?.({ shown: this.drawn?.size ?? 0, all: this.features.size });
  }

  /** A fault of a camera came or went: it may be wanted now, or not any more. */
  setFault(cameraId, kind, isOpen) {
    const feature = this.features.get(cameraId);
    if (!feature) return;
    const kinds = new globalThis.Set((feature.properties.kinds ?? '').split(',').filter(Boolean));
    if (isOpen) kinds.add(kind);
    else kinds.delete(kind);
    feature.properties.kinds = [...kinds].join(',');
    if (this.wanted) this.#drawSoon();
  }

  #drawSoon() {
    this.drawTimer ??= setTimeout(() => {
      this.drawTimer = null;
      if (!this.gone) this.#drawWanted();
    }, RELOAD_MS);
  }

  /** These alone, in place of all: [{camera_id, name, tier, status, lon, lat}]. */
  async setCameras(cameras) {
    await this.ready;
    if (this.gone) return;
    this.features.clear();
    for (const { camera_id: id, lon, lat, ...about } of cameras) this.features.set(id, { ...point(lon, lat, { ...about, id }), id });
    this.map.getSource('cameras').setData(collection([...this.features.values()]));
    const box = this.#cameraBox();
    if (!box) return;
    this.moved = true;
    this.map.fitBounds(box, { padding: 45, animate: false, maxZoom: 17 });
  }

  /** Many cameras change while the network is being discovered: asked for once when it has calmed down a little, and
      those alone that the news named. */
  reloadSoon(cameraId) {
    this.renewed.add(cameraId);
    this.reloadTimer ??= setTimeout(() => {
      this.reloadTimer = null;
      const ids = [...this.renewed];
      this.renewed.clear();
      if (this.gone) return;
      const named = ids.length <= MOST_ASKED && ids.every((id) => globalThis.Number.isInteger(id));
      (named ? this.#loadSome(ids) : this.loadCameras()).then(() => this.#reloadViews(), (problem) => this.onFailed?.(problem));
    }, RELOAD_MS);
  }

  #takeStatus(cameraId, status) {
    const feature = this.features.get(cameraId);
    if (feature) feature.properties.status = status;
  }

  /** One camera changed its state: only that feature is drawn anew. */
  setStatus(cameraId, status) {
    this.heard?.set(cameraId, status);
    const feature = this.features.get(cameraId);
    if (!feature || feature.properties.status === status) return;
    this.#takeStatus(cameraId, status);
    if (this.showCameras) this.#tellState(cameraId, status);
    if (this.wanted && this.wanted(feature.properties) !== this.drawn?.has(cameraId)) this.#drawSoon();
    if (!this.drawn?.has(cameraId)) return;
    this.changed ??= new globalThis.Map();
    this.changed.set(cameraId, status);
    if (this.changedTimer) return;
    this.changedTimer = setTimeout(() => {
      this.changedTimer = null;
      if (this.gone) return;
      const update = [...this.changed].filter(([id]) => this.drawn?.has(id)).map(([id, value]) => ({ id, addOrUpdateProperties: [{ key: 'status', value }] }));
      this.changed = null;
      this.map.getSource('cameras').updateData({ update });
    }, this.features.size > MANY ? WAIT_WITH_MANY_MS : WAIT_MS);
  }

  #clicked(event) {
    const { lng: lon, lat } = event.lngLat;
    if (this.placing) {
      this.onPlace?.({ lon, lat });
      return;
    }
    const [cluster] = this.map.queryRenderedFeatures(event.point, { layers: ['clusters'] });
    if (cluster) {
      this.map.getSource('cameras').getClusterExpansionZoom(cluster.properties.cluster_id)
        .then((zoom) => this.map.easeTo({ center: cluster.geometry.coordinates, zoom: zoom + 0.3 }));
      return;
    }
    const [outage] = this.map.queryRenderedFeatures(event.point, { layers: ['outage-names'] });
    const [camera] = this.map.queryRenderedFeatures(event.point, { layers: ['cameras'] });
    if (camera) this.onCamera?.(camera.id ?? camera.properties.id);
    else if (outage && this.onOutage) this.onOutage(outage.properties.id);
    else this.onPlace?.({ lon, lat });
  }

  /** While placing, every click is a place and never a camera. */
  setPlacing(placing) {
    this.placing = placing;
    this.map.getCanvas().style.cursor = placing ? 'crosshair' : '';
  }

  async setIncidents(incidents, chosenId) {
    await this.ready;
    if (this.gone) return;
    this.map.getSource('incidents').setData(collection(incidents.map((each) => point(each.lon, each.lat, { id: each.id, chosen: each.id === chosenId }))));
  }

  /** Ranked cameras carry their number; their views are drawn strong, the denser the stronger. */
  async setRanks(feeds) {
    await this.ready;
    if (this.gone) return;
    this.map.getSource('ranks').setData(collection(feeds.map((feed) => point(feed.lon, feed.lat, { rank: feed.rank, usable: feed.usable,
      status: feed.status }))));
    const seeing = feeds.filter((feed) => feed.sees);
    const chosen = ['in', ['get', 'camera_id'], ['literal', seeing.map((feed) => feed.camera_id)]];
    this.map.setFilter('views-chosen', chosen);
    this.map.setFilter('views-chosen-edge', chosen);
    const strengths = seeing.flatMap((feed) => [feed.camera_id, Math.min(0.55, 0.12 + feed.density_px_per_m / 500)]);
    this.map.setPaintProperty('views-chosen', 'fill-opacity', strengths.length ? ['match', ['get', 'camera_id'], ...strengths, 0.1] : 0.1);
  }

  /** GeoJSON areas, each with its `label`. */
  async setOutages(areas) {
    await this.ready;
    if (this.gone) return;
    this.map.getSource('outages').setData(areas);
    // Written once at the northernmost corner: a name inside the area would be written once a tile.
    const corners = areas.features.map(({ geometry, properties }) => {
      const [lon, lat] = geometry.coordinates[0].reduce((best, corner) => (corner[1] > best[1] ? corner : best));
      return point(lon, lat, properties);
    });
    this.map.getSource('outage-names').setData(collection(corners));
  }

  async setGaps(gaps, chosenId = '') {
    await this.ready;
    if (this.gone) return;
    this.map.getSource('gaps').setData(collection(gaps.map((gap) => (
      { type: 'Feature', geometry: gap.geometry, properties: { id: gap.id, cause: gap.cause, kind: gap.kind } }))));
    this.map.setFilter('gaps-chosen', ['==', ['get', 'id'], chosenId]);
  }

  async flyTo(lon, lat, zoom = 17.2) {
    this.moved = true;
    this.target = null;
    await this.ready;
    if (!this.gone) this.map.easeTo({ center: [lon, lat], zoom: Math.max(zoom, 0), duration: 450 });
  }

  async fit(box, options = {}) {
    this.moved = true;
    await this.ready;
    if (this.gone) return;
    this.target = { box, options: { padding: 50, maxZoom: 18, duration: 450, ...options } };
    this.map.fitBounds(box, this.target.options);
  }
}
