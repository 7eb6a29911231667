"""The last still picture of each camera: when it was taken, in which file, what its statistics were."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, RowMapping, delete, or_, select

from vms.core.ids import CameraId
from vms.health.looks import may_keep_stills
from vms.health.turning import Stands
from vms.inventory.tier import Tier
from vms.store import consents
from vms.store.existing import existing_cameras
from vms.store.schema import cameras, stills
from vms.store.schema import consents as consents_table
from vms.store.upsert import Excluded, upsert

_BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Still:
    camera_id: CameraId
    at: datetime
    file: str
    """Below the data folder."""
    statistics: dict[str, float]
    stands: Stands | None = None
    """Of a camera that turns: where it stood; None: nobody knows, or it does not turn."""


def still_of(row: RowMapping) -> Still:
    """Of a row of the table."""
    return Still(
        camera_id=CameraId(row["camera_id"]),
        at=row["at"],
        file=row["file"],
        statistics=row["statistics"],
        stands=None if row["stands"] is None else Stands(preset=row["stands"]),
    )


def put_many(tx: Connection, found: Sequence[Still]) -> None:
    """The file is there before the row. Cameras deleted meanwhile are left out."""
    last = {still.camera_id: still for still in found}
    there = existing_cameras(tx, last)
    rows = [
        {
            "camera_id": still.camera_id,
            "at": still.at,
            "file": still.file,
            "statistics": still.statistics,
            "stands": None if still.stands is None else still.stands.preset,
        }
        for still in last.values()
        if still.camera_id in there
    ]
    upsert(tx, stills, rows, _all_but_key)


def of_camera(tx: Connection, camera_id: int) -> Still | None:
    return of_cameras(tx, [camera_id]).get(CameraId(camera_id))


def of_cameras(tx: Connection, camera_ids: Iterable[int]) -> dict[CameraId, Still]:
    """Cameras without a still are left out."""
    wanted = sorted(set(camera_ids))
    found: dict[CameraId, Still] = {}
    for start in range(0, len(wanted), _BATCH):
        statement = select(stills).where(stills.c.camera_id.in_(wanted[start : start + _BATCH]))
        for row in tx.execute(statement).mappings():
            found[CameraId(row["camera_id"])] = still_of(row)
    return found


def times(tx: Connection) -> dict[CameraId, datetime]:
    """When each camera's last still was taken."""
    return {CameraId(row.camera_id): row.at for row in tx.execute(select(stills.c.camera_id, stills.c.at))}


def files(tx: Connection) -> set[str]:
    """Every file that a row names; others below the folder are left over."""
    return set(tx.execute(select(stills.c.file)).scalars())


def private_cameras(tx: Connection, now: datetime) -> frozenset[CameraId]:
    """Of which no still may be taken or kept."""
    spoken_for = select(consents_table.c.camera_id)
    statement = select(cameras.c.id, cameras.c.tier).where(
        or_(cameras.c.tier == Tier.HOUSEHOLD.value, cameras.c.id.in_(spoken_for))
    )
    rows = tx.execute(statement).all()
    said = consents.of_cameras(tx, [row.id for row in rows])
    return frozenset(
        CameraId(row.id) for row in rows if not may_keep_stills(Tier(row.tier), said.get(CameraId(row.id)), now)
    )


def forget(tx: Connection, camera_ids: Iterable[int]) -> list[str]:
    """Takes the rows out. Returns the files that nobody names any more."""
    wanted = sorted(set(camera_ids))
    named: list[str] = []
    for start in range(0, len(wanted), _BATCH):
        chosen = stills.c.camera_id.in_(wanted[start : start + _BATCH])
        named.extend(tx.execute(delete(stills).where(chosen).returning(stills.c.file)).scalars())
    return named


def _all_but_key(excluded: Excluded) -> dict[str, ColumnElement[object]]:
    return {name: excluded[name] for name in ("at", "file", "statistics", "stands")}
