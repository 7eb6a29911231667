"""All that is needed to judge the stills of some cameras, read together: normals, staff's word, caption, place."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from sqlalchemy import Connection, func, select

from vms.core.geo import Wgs84
from vms.core.ids import CameraId
from vms.health.picture.baseline import Light
from vms.health.picture.finding import Thresholds
from vms.health.picture.settled import Sureness, sureness_of
from vms.health.turning import Stands
from vms.store import caption_regions, picture_baselines, picture_thresholds, reference_pictures
from vms.store.caption_regions import CaptionRegion
from vms.store.picture_baselines import HOME, KeptBaseline
from vms.store.schema import cameras

_BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureKnowledge:
    """Of one camera."""

    normals: Mapping[Light, KeptBaseline] = field(default_factory=lambda: MappingProxyType({}))
    thresholds: Thresholds = field(default_factory=Thresholds)
    caption: CaptionRegion | None = None
    position: Wgs84 | None = None
    turns: bool = False
    """Its head moves, and nobody knows where it looks now."""
    at_presets: Mapping[str, Mapping[Light, KeptBaseline]] = field(default_factory=lambda: MappingProxyType({}))
    preset: str = HOME
    """Whose normals these are."""
    learns: bool = True
    """False: it stands between presets, where no view is a normal one."""
    confirmed: frozenset[tuple[str, Light]] = frozenset()
    """Of which presets and lights a person has said that the reference picture is how it should look."""

    def is_sure(self, light: Light) -> bool:
        """Its normal of that light held for days, or a person confirmed it."""
        kept = self.normals.get(light)
        if kept is None or kept.normal is None:
            return False
        seen, confirmed = kept.normal.seen, (self.preset, light) in self.confirmed
        sure = sureness_of(pictures=seen, days=kept.days, parts=kept.day_parts, is_confirmed=confirmed)
        return sure in (Sureness.SETTLED, Sureness.CONFIRMED)


def knowledge_of(tx: Connection, camera_ids: Sequence[CameraId]) -> dict[CameraId, PictureKnowledge]:
    """Five statements for each 500 cameras, one more where some of them turn. Cameras that are not there are left
    out."""
    found: dict[CameraId, PictureKnowledge] = {}
    for start in range(0, len(camera_ids), _BATCH):
        found |= _some(tx, camera_ids[start : start + _BATCH])
    return found


def known_at(known: PictureKnowledge, stands: Stands | None) -> PictureKnowledge:
    """Of a camera that turns: at a preset it is a fixed camera with that preset's normals."""
    if not known.turns or stands is None:
        return known
    if stands.is_between:
        return replace(known, learns=False)
    normals = known.at_presets.get(stands.preset, MappingProxyType({}))
    return replace(known, turns=False, preset=stands.preset, normals=normals)


def with_newer(known: PictureKnowledge, newer: Iterable[KeptBaseline]) -> PictureKnowledge:
    """And what was learnt since."""
    normals, at_presets = dict(known.normals), {preset: dict(its) for preset, its in known.at_presets.items()}
    for kept in newer:
        its = normals if kept.preset == HOME else at_presets.setdefault(kept.preset, {})
        its[kept.light] = kept
    return replace(known, normals=MappingProxyType(normals), at_presets=MappingProxyType(at_presets))


def _some(tx: Connection, camera_ids: Sequence[CameraId]) -> dict[CameraId, PictureKnowledge]:
    normals = picture_baselines.of_cameras(tx, camera_ids)
    thresholds = picture_thresholds.thresholds_of(tx, camera_ids)
    captions = caption_regions.of_cameras(tx, camera_ids)
    confirmed = reference_pictures.confirmed_views(tx, camera_ids)
    c = cameras.c
    lon, lat = func.coalesce(c.lon, c.observed_lon), func.coalesce(c.lat, c.observed_lat)
    places = tx.execute(select(c.id, c.ptz, lon.label("lon"), lat.label("lat")).where(c.id.in_(camera_ids))).all()
    at_presets = picture_baselines.at_presets(tx, [row.id for row in places if row.ptz])
    return {
        CameraId(row.id): PictureKnowledge(
            normals=MappingProxyType({kept.light: kept for kept in normals.get(CameraId(row.id), ())}),
            thresholds=thresholds.get(CameraId(row.id)) or Thresholds(),
            caption=captions.get(CameraId(row.id)),
            position=None if row.lon is None or row.lat is None else Wgs84(row.lon, row.lat),
            turns=row.ptz,
            confirmed=frozenset(confirmed.get(CameraId(row.id), ())),
            at_presets=at_presets.get(CameraId(row.id)) or MappingProxyType({}),
        )
        for row in places
    }
