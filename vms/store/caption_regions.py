"""Where in each camera's picture its caption stands, as a person has drawn it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select

from vms.core.ids import CameraId
from vms.store.schema import caption_regions
from vms.store.upsert import upsert

_BATCH = 500
_COLUMNS = ("left_share", "top_share", "width_share", "height_share", "set_by", "set_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptionRegion:
    """Shares of the picture's width and height, from the upper left corner."""

    camera_id: CameraId
    left_share: float
    top_share: float
    width_share: float
    height_share: float
    set_by: str
    set_at: datetime


def of_cameras(tx: Connection, camera_ids: Iterable[int]) -> dict[CameraId, CaptionRegion]:
    """Cameras whose caption nobody has shown are left out."""
    wanted = sorted(set(camera_ids))
    found: dict[CameraId, CaptionRegion] = {}
    for start in range(0, len(wanted), _BATCH):
        chosen = caption_regions.c.camera_id.in_(wanted[start : start + _BATCH])
        for row in tx.execute(select(caption_regions).where(chosen)).mappings():
            found[CameraId(row["camera_id"])] = CaptionRegion(**row)
    return found


def put(tx: Connection, region: CaptionRegion) -> None:
    row = {name: getattr(region, name) for name in _COLUMNS}
    row["set_by"] = region.set_by[:80]
    upsert(tx, caption_regions, [{"camera_id": region.camera_id, **row}], lambda new: {n: new[n] for n in _COLUMNS})


def remove(tx: Connection, camera_id: int) -> None:
    tx.execute(delete(caption_regions).where(caption_regions.c.camera_id == camera_id))
