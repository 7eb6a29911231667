"""What cameras are called, for answers that name many."""

from collections.abc import Iterable

from sqlalchemy import Connection, select

from vms.core.ids import CameraId
from vms.store.schema import cameras

_BATCH = 500


def names_of(tx: Connection, camera_ids: Iterable[int]) -> dict[CameraId, str]:
    """Of those that exist, as lists show them."""
    wanted = list(dict.fromkeys(camera_ids))
    c = cameras.c
    found: dict[CameraId, str] = {}
    for start in range(0, len(wanted), _BATCH):
        chosen = c.id.in_(wanted[start : start + _BATCH])
        for row in tx.execute(select(c.id, c.shown_name, c.name).where(chosen)):
            found[CameraId(row.id)] = row.shown_name or row.name or f"camera {row.id}"
    return found
