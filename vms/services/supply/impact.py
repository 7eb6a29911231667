"""What goes blind when this dies: everything below a node, counted; other ways to it are not known of."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from vms.core.errors import NotFound
from vms.core.geo import Wgs84
from vms.core.ids import CameraId
from vms.health.outages.node import TYPED_KINDS, NodeKind
from vms.health.status import Status
from vms.store import regions, supply
from vms.store.schema import cameras
from vms.store.watching import UNWATCHED, statuses

_BATCH = 500
MOST_LISTED = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class BlindCamera:
    camera_id: CameraId
    name: str
    tier: str
    region_code: str
    point_class: int | None
    status: Status
    spot: Wgs84 | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    kind: NodeKind
    cause: str
    name: str
    cameras: int
    class_one: int
    """Of point class 1."""
    already_down: int
    by_tier: dict[str, int]
    by_region: dict[str, tuple[str, int]]
    """Code → (name, cameras), the most first."""
    listed: tuple[BlindCamera, ...]
    """The most important first, MOST_LISTED at most."""
    camera_ids: tuple[CameraId, ...]
    """All of them."""


def impact_of(tx: Connection, kind: NodeKind, value: str, now: datetime) -> Impact:
    """Of a typed node by its id, or of what follows from the archive by its code. Raises NotFound, BadInput."""
    name = supply.get(tx, int(value)).name if kind in TYPED_KINDS and value.isdecimal() else value
    ids = supply.cameras_below(tx, kind, value)
    if not ids and kind not in TYPED_KINDS:
        raise NotFound(f"no watched camera hangs on a {kind} {value}")
    found = _cameras(tx, ids, now)
    named = regions.names(tx)
    by_region = Counter(one.region_code for one in found)
    return Impact(
        kind=kind,
        cause=value,
        name=named.get(value, value) if kind is NodeKind.REGION else name,
        cameras=len(found),
        class_one=sum(one.point_class == 1 for one in found),
        already_down=sum(one.status is Status.DOWN for one in found),
        by_tier=dict(Counter(one.tier for one in found).most_common()),
        by_region={code: (named.get(code, code), n) for code, n in by_region.most_common()},
        listed=tuple(found[:MOST_LISTED]),
        camera_ids=tuple(ids),
    )


def _cameras(tx: Connection, ids: Sequence[CameraId], now: datetime) -> list[BlindCamera]:
    known = statuses(tx, now, ids)
    c = cameras.c
    found: list[BlindCamera] = []
    for start in range(0, len(ids), _BATCH):
        some = c.id.in_(ids[start : start + _BATCH])
        columns = (c.id, c.shown_name, c.name, c.tier, c.region_code, c.point_class, c.lon, c.lat)
        for row in tx.execute(select(*columns).where(some)):
            found.append(
                BlindCamera(
                    camera_id=CameraId(row.id),
                    name=row.shown_name or row.name,
                    tier=row.tier,
                    region_code=row.region_code,
                    point_class=row.point_class,
                    status=known.get(CameraId(row.id), UNWATCHED).status,
                    spot=None if row.lon is None or row.lat is None else Wgs84(row.lon, row.lat),
                )
            )
    return sorted(found, key=lambda one: (one.point_class or 9, one.name, one.camera_id))
