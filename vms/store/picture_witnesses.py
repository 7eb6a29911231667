"""What each device said last of its own pictures."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from vms.core.ids import CameraId, DeviceId
from vms.health.fault import FaultKind
from vms.health.picture.witness import WITNESSED
from vms.inventory.camera import IN_SERVICE_VALUES
from vms.store.schema import cameras, faults, picture_witnesses
from vms.store.upsert import upsert

_BATCH = 500
_WITNESSED = sorted(kind.value for kind in WITNESSED)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubtedFault:
    """An open fault of which its device may know something too."""

    fault_id: int
    camera_id: CameraId
    device_id: DeviceId
    channel: str
    kind: FaultKind
    score: float | None
    because: str
    opened_at: datetime


def doubted(tx: Connection, opened_since: datetime, limit: int = 5000) -> list[DoubtedFault]:
    """Of cameras in service that have a device; not what fell with others or is the weather's. The newest first."""
    f, c = faults.c, cameras.c
    statement = (
        select(f.id, f.camera_id, c.device_id, c.channel, f.kind, f.score, f.because, f.opened_at)
        .select_from(faults.join(cameras, c.id == f.camera_id))
        .where(
            f.closed_at.is_(None),
            f.opened_at >= opened_since,
            f.outage_id.is_(None),
            f.kind.in_(_WITNESSED),
            c.device_id.is_not(None),
            c.life_cycle.in_(IN_SERVICE_VALUES),
        )
        .order_by(f.opened_at.desc(), f.id)
        .limit(limit)
    )
    return [
        DoubtedFault(
            fault_id=row.id,
            camera_id=CameraId(row.camera_id),
            device_id=DeviceId(row.device_id),
            channel=row.channel,
            kind=FaultKind(row.kind),
            score=row.score,
            because=row.because,
            opened_at=row.opened_at,
        )
        for row in tx.execute(statement)
    ]


def agree(tx: Connection, fault_id: int, because: str, score: float | None) -> None:
    """The fault as it is open still names both."""
    mine = (faults.c.id == fault_id, faults.c.closed_at.is_(None))
    tx.execute(update(faults).where(*mine).values(because=because, score=score))


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
