"""What devices write into their pictures by their own word, one row a camera."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from vms.core.ids import CameraId
from vms.store.existing import existing_cameras
from vms.store.schema import captions
from vms.store.upsert import upsert

_BATCH = 500
_COLUMNS = ("checked_at", "texts", "name_ok", "clock_ok", "because")


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    camera_id: CameraId
    checked_at: datetime
    texts: tuple[str, ...] = ()
    name_ok: bool | None = None
    clock_ok: bool | None = None
    """None: the device does not offer its captions."""
    because: str = ""


def put_captions(tx: Connection, found: Sequence[Caption]) -> None:
    there = existing_cameras(tx, (one.camera_id for one in found))
    rows = [
        {
            "camera_id": one.camera_id,
            "checked_at": one.checked_at,
            "texts": list(one.texts),
            "name_ok": one.name_ok,
            "clock_ok": one.clock_ok,
            "because": one.because,
        }
        for one in found
        if one.camera_id in there
    ]
    for start in range(0, len(rows), _BATCH):
        upsert(tx, captions, rows[start : start + _BATCH], lambda new: {name: new[name] for name in _COLUMNS})


def caption_of(tx: Connection, camera_id: int) -> Caption | None:
    row = tx.execute(select(captions).where(captions.c.camera_id == camera_id)).mappings().one_or_none()
    if row is None:
        return None
    return Caption(**{**row, "camera_id": CameraId(row["camera_id"]), "texts": tuple(row["texts"])})
