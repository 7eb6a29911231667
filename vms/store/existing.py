"""Which of these cameras still exist: what arrives late about a deleted one is left out."""

from collections.abc import Iterable

from sqlalchemy import Connection, select

from vms.core.ids import CameraId
from vms.store.schema import cameras

_BATCH = 500


def existing_cameras(tx: Connection, camera_ids: Iterable[int]) -> set[int]:
    wanted = sorted(set(camera_ids))
    there: set[int] = set()
    for start in range(0, len(wanted), _BATCH):
        there.update(tx.execute(select(cameras.c.id).where(cameras.c.id.in_(wanted[start : start + _BATCH]))).scalars())
    return there


def every_camera_id(tx: Connection) -> list[CameraId]:
    return [CameraId(value) for value in tx.execute(select(cameras.c.id).order_by(cameras.c.id)).scalars()]
