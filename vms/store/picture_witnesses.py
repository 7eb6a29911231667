"""What each device said last of its own pictures."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from vms.core.ids import CameraId
from vms.health.fault import FaultKind
from vms.store.schema import picture_witnesses
from vms.store.upsert import upsert

_BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredWitness:
    camera_id: CameraId
    asked_at: datetime
    offers: tuple[FaultKind, ...]
    """Kinds that the device tells of by itself."""
    says: tuple[FaultKind, ...]
    """Those that it saw."""
    because: str = ""
    """Why it could not be told."""


def of_camera(tx: Connection, camera_id: int) -> StoredWitness | None:
    return of_cameras(tx, [camera_id]).get(CameraId(camera_id))


def of_cameras(tx: Connection, camera_ids: Iterable[int]) -> dict[CameraId, StoredWitness]:
    """Those that were never asked are left out."""
    wanted = sorted(set(camera_ids))
    w, found = picture_witnesses.c, {}
    for start in range(0, len(wanted), _BATCH):
        chosen = w.camera_id.in_(wanted[start : start + _BATCH])
        for row in tx.execute(select(picture_witnesses).where(chosen)).mappings():
            camera_id = CameraId(row["camera_id"])
            found[camera_id] = StoredWitness(
                camera_id=camera_id,
                asked_at=row["asked_at"],
                offers=tuple(FaultKind(kind) for kind in row["offers"]),
                says=tuple(FaultKind(kind) for kind in row["says"]),
                because=row["because"],
            )
    return found


def put_many(tx: Connection, told: Iterable[StoredWitness]) -> None:
    rows = [
        {
            "camera_id": one.camera_id,
            "asked_at": one.asked_at,
            "offers": [kind.value for kind in one.offers],
            "says": [kind.value for kind in one.says],
            "because": one.because,
        }
        for one in told
    ]
    columns = ("asked_at", "offers", "says", "because")
    upsert(tx, picture_witnesses, rows, lambda new: {name: new[name] for name in columns})
