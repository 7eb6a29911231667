"""Cameras that are turned to see whether they turn: whose turn it is, what was sent, what came of it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, and_, insert, or_, select, update

from vms.core.ids import CameraId, DeviceId
from vms.health.turning import Position, Turned, TurnOutcome
from vms.inventory.camera import IN_SERVICE_VALUES
from vms.store.schema import cameras, devices, ptz_checks

RESTS, TURNED = "rests", "turned"


@dataclass(frozen=True, slots=True, kw_only=True)
class PtzTurn:
    device_id: DeviceId
    camera_id: CameraId
    noted_at: datetime | None = None
    noted: Position | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnedCamera:
    """It may still stand where it was told to go."""

    turn: PtzTurn
    stood: Position
    wanted: Position
    sent_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PtzCheck:
    state: str
    checked_at: datetime | None
    ok: bool | None
    because: str
    failures: int


def turns_after(
    tx: Connection, after: int, limit: int, *, tried_before: datetime, stuck_before: datetime
) -> tuple[list[PtzTurn], int | None]:
    """Of the next cameras by id that can turn, those that were not turned since then, or were stuck and not tried since
    then; and the last camera looked at; None: there are no more."""
    c, d, p = cameras.c, devices.c, ptz_checks.c
    movable = select(c.id).where(c.id > after, c.ptz.is_(True), c.life_cycle.in_(IN_SERVICE_VALUES))
    ids = tx.execute(movable.order_by(c.id).limit(limit)).scalars().all()
    if not ids:
        return [], None
    statement = (
        select(c.id, c.device_id, p.noted_at, p.noted)
        .select_from(cameras.join(devices, d.id == c.device_id).outerjoin(ptz_checks, p.camera_id == c.id))
        .where(c.id.in_(ids), d.displaced_at.is_(None), d.merged_into.is_(None))
        .where(
            or_(p.camera_id.is_(None), p.state == RESTS),
            or_(
                p.tried_at.is_(None),
                p.tried_at < tried_before,
                and_(p.because == Turned.STUCK.value, p.tried_at < stuck_before),
            ),
        )
        .order_by(c.id)
    )
    return [_turn(row) for row in tx.execute(statement).mappings()], ids[-1]


def note(tx: Connection, camera_id: CameraId, seen: Position, now: datetime) -> None:
    """Where it is just now."""
    _put(tx, camera_id, {"noted_at": now, "noted": asdict(seen)})


def begin(tx: Connection, camera_id: CameraId, stood: Position, wanted: Position, now: datetime) -> bool:
    """Committed before the first move is sent. False: somebody has begun already."""
    row = tx.execute(select(ptz_checks.c.state).where(ptz_checks.c.camera_id == camera_id)).scalar_one_or_none()
    if row == TURNED:
        return False
    values = {"state": TURNED, "stood": asdict(stood), "wanted": asdict(wanted), "sent_at": now, "tried_at": now}
    _put(tx, camera_id, values)
    return True


def finish(tx: Connection, camera_id: CameraId, outcome: TurnOutcome, now: datetime, *, rests: bool) -> int:
    """How often in a row it failed. `rests` False: it is not known to stand where it stood."""
    p = ptz_checks.c
    values: dict[str, Any] = {"because": outcome.because, "tried_at": now}
    if rests:
        values |= {"state": RESTS, "sent_at": None}
    before = tx.execute(select(p.failures).where(p.camera_id == camera_id)).scalar_one_or_none() or 0
    if outcome.ok is not None:
        values |= {"ok": outcome.ok, "checked_at": now, "failures": 0 if outcome.ok else before + 1}
    _put(tx, camera_id, values)
    return int(values.get("failures", before))


def rest(tx: Connection, camera_id: CameraId, because: str) -> None:
    """It is back, or nobody moves it any more; whether it turns is another question."""
    _put(tx, camera_id, {"state": RESTS, "sent_at": None, "because": because})


def turned(tx: Connection, sent_before: datetime | None = None, *, limit: int = 500) -> list[TurnedCamera]:
    """That have to be brought back, the longest away first."""
    c, p = cameras.c, ptz_checks.c
    statement = (
        select(c.id, c.device_id, p.stood, p.wanted, p.sent_at, p.noted_at, p.noted)
        .select_from(ptz_checks.join(cameras, c.id == p.camera_id))
        .where(p.state == TURNED, c.device_id.is_not(None))
        .where(*(() if sent_before is None else (p.sent_at < sent_before,)))
        .order_by(p.sent_at, c.id)
        .limit(limit)
    )
    return [
        TurnedCamera(
            turn=_turn(row), stood=Position(**row["stood"]), wanted=Position(**row["wanted"]), sent_at=row["sent_at"]
        )
        for row in tx.execute(statement).mappings()
    ]


def of_camera(tx: Connection, camera_id: int) -> PtzCheck | None:
    row = tx.execute(select(ptz_checks).where(ptz_checks.c.camera_id == camera_id)).mappings().one_or_none()
    if row is None:
        return None
    return PtzCheck(
        state=row["state"],
        checked_at=row["checked_at"],
        ok=row["ok"],
        because=row["because"],
        failures=row["failures"],
    )


def _put(tx: Connection, camera_id: CameraId, values: Mapping[str, Any]) -> None:
    """Nothing where the camera is gone."""
    changed = tx.execute(update(ptz_checks).where(ptz_checks.c.camera_id == camera_id).values(**values))
    if changed.rowcount or tx.execute(select(cameras.c.id).where(cameras.c.id == camera_id)).first() is None:
        return
    tx.execute(insert(ptz_checks).values(**{"camera_id": camera_id, "state": RESTS, **values}))


def _turn(row: RowMapping) -> PtzTurn:
    return PtzTurn(
        device_id=DeviceId(row["device_id"]),
        camera_id=CameraId(row["id"]),
        noted_at=row["noted_at"],
        noted=None if row["noted"] is None else Position(**row["noted"]),
    )
