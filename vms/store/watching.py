"""What the poller found, in one transaction per batch: watch, flip, faults and the news of them; and the status now."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    and_,
    bindparam,
    case,
    func,
    insert,
    literal,
    not_,
    or_,
    select,
)

from vms.core.ids import CameraId, SessionId
from vms.health.fault import Fault
from vms.health.session import WatchSession
from vms.health.status import Status
from vms.health.verdict import verdict
from vms.health.watch import Flip, Step, Watch
from vms.store import blind_spells, events
from vms.store.existing import existing_cameras
from vms.store.faults import ClosedFault, OpenedFault, close_faults, open_faults, worsen_faults
from vms.store.schema import flips, watches
from vms.store.upsert import Excluded, upsert
from vms.store.watch_sessions import latest_session, require_latest

_BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """One step of a watch that is worth keeping."""

    watch: Watch
    at: datetime
    flip: Flip | None = None
    opened: tuple[Fault, ...] = ()
    closed: tuple[Fault, ...] = ()
    worsened: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusRow:
    """The status to show."""

    status: Status
    since: datetime | None
    because: str
    layers: dict[str, str]
    """Layer → `ok` or the kinds named; a layer that was not looked at is left out. Empty while unknown."""
    clock_offset_s: float | None
    updated_at: datetime | None


UNWATCHED = StatusRow(
    status=Status.UNKNOWN, since=None, because="never looked at", layers={}, clock_offset_s=None, updated_at=None
)
"""For a camera that `statuses` does not know."""


def transition(step: Step, at: datetime) -> Transition:
    return Transition(
        watch=step.watch, at=at, flip=step.flip, opened=step.opened, closed=step.closed, worsened=step.worsened
    )


def save(tx: Connection, session_id: SessionId, found: Sequence[Transition], now: datetime) -> None:
    """All or nothing, in the order found. Cameras deleted meanwhile are left out. Raises Conflict when taken over."""
    require_latest(tx, session_id)
    there = existing_cameras(tx, (item.watch.camera_id for item in found))
    kept = [item for item in found if item.watch.camera_id in there]
    last = {item.watch.camera_id: item for item in kept}
    rows = [
        {
            "camera_id": item.watch.camera_id,
            "session_id": session_id,
            "status": item.watch.status.value,
            "since": item.watch.since,
            "because": item.watch.because,
            "layers": {layer.value: word for layer, word in item.watch.layers},
            "clock_offset_s": item.watch.clock_offset_s,
            "updated_at": item.at,
        }
        for item in last.values()
    ]
    upsert(tx, watches, rows, _all_but_key)
    _save_flips(tx, session_id, [item.flip for item in kept if item.flip], now)
    for some in _rounds(kept):
        closed = [ClosedFault(item.watch.camera_id, fault.kind, item.at) for item in some for fault in item.closed]
        opened = [OpenedFault(item.watch.camera_id, fault, item.at) for item in some for fault in item.opened]
        close_faults(tx, closed, now)
        open_faults(tx, opened, now)
        worse = [OpenedFault(item.watch.camera_id, fault, item.at) for item in some for fault in item.worsened]
        worsen_faults(tx, worse)


_WATCHES_OF = select(watches).where(watches.c.camera_id.in_(bindparam("ids", expanding=True)))


def statuses(tx: Connection, now: datetime, camera_ids: Iterable[int] | None = None) -> dict[CameraId, StatusRow]:
    """The status to show of these cameras, or of all. Cameras without an entry were never looked at (`UNWATCHED`)."""
    latest = latest_session(tx)
    wanted = None if camera_ids is None else sorted(set(camera_ids))
    blind = None if latest is None else blind_spells.blind_since(tx, latest.session_id, wanted)
    if wanted is None:
        rows = list(tx.execute(select(watches)).mappings())
    else:
        rows = []
        for start in range(0, len(wanted), _BATCH):
            rows.extend(tx.execute(_WATCHES_OF, {"ids": wanted[start : start + _BATCH]}).mappings())
    found: dict[CameraId, StatusRow] = {}
    for row in rows:
        shown = verdict(
            status=Status(row["status"]),
            since=row["since"],
            because=row["because"],
            seen_by=SessionId(row["session_id"]),
            latest=latest,
            now=now,
            blind_since=None if blind is None else blind.since(CameraId(row["camera_id"])),
        )
        known = shown.status is not Status.UNKNOWN
        found[CameraId(row["camera_id"])] = StatusRow(
            status=shown.status,
            since=shown.since,
            because=shown.because,
            layers=row["layers"] if known else {},
            clock_offset_s=row["clock_offset_s"],
            updated_at=row["updated_at"],
        )
    return found


def status_column(latest: WatchSession | None, now: datetime) -> ColumnElement[str]:
    """The same as an SQL expression over `cameras` outer-joined with `watches`. `latest`: of latest_session()."""
    if latest is None or latest.silence(now):
        return literal(Status.UNKNOWN.value)
    seen = and_(watches.c.session_id == latest.session_id, not_(blind_spells.is_blind(latest.session_id)))
    return case((seen, watches.c.status), else_=Status.UNKNOWN.value)


def flips_of(tx: Connection, camera_id: int, start: datetime, end: datetime) -> list[Flip]:
    """One camera's flips, oldest first: the last one before `start`, which tells how it begins, and those to `end`."""
    c = flips.c
    before = select(func.max(c.id)).where(c.camera_id == camera_id, c.at < start).scalar_subquery()
    chosen = (c.camera_id == camera_id, or_(c.at >= start, c.id == before), c.at < end)
    return [_flip(row) for row in tx.execute(select(flips).where(*chosen).order_by(c.at, c.id)).mappings()]


def all_flips(tx: Connection, camera_ids: Sequence[int], start: datetime, end: datetime) -> dict[CameraId, list[Flip]]:
    """The same for many cameras."""
    c = flips.c
    found: dict[CameraId, list[Flip]] = {}
    for first in range(0, len(camera_ids), _BATCH):
        some = c.camera_id.in_(camera_ids[first : first + _BATCH])
        before = select(func.max(c.id)).where(some, c.at < start).group_by(c.camera_id)
        chosen = (some, or_(c.at >= start, c.id.in_(before)), c.at < end)
        for row in tx.execute(select(flips).where(*chosen).order_by(c.at, c.id)).mappings():
            found.setdefault(CameraId(row["camera_id"]), []).append(_flip(row))
    return found


def _flip(row: RowMapping) -> Flip:
    return Flip(
        camera_id=CameraId(row["camera_id"]),
        session_id=SessionId(row["session_id"]),
        from_status=Status(row["from_status"]),
        to_status=Status(row["to_status"]),
        at=row["at"],
        because=row["because"],
    )


def _save_flips(tx: Connection, session_id: SessionId, found: Sequence[Flip], now: datetime) -> None:
    if not found:
        return
    rows = [
        {
            "camera_id": flip.camera_id,
            "session_id": session_id,
            "from_status": flip.from_status.value,
            "to_status": flip.to_status.value,
            "at": flip.at,
            "because": flip.because,
        }
        for flip in found
    ]
    tx.execute(insert(flips), rows)
    news = [
        (
            flip.camera_id,
            {
                "from": flip.from_status.value,
                "to": flip.to_status.value,
                "at": flip.at.isoformat(),
                "because": flip.because,
            },
        )
        for flip in found
    ]
    events.append_many(tx, "camera.flip", news, now)


def _rounds(found: Sequence[Transition]) -> list[list[Transition]]:
    """In the order found, but so that a camera occurs once per round."""
    rounds: list[list[Transition]] = []
    seen: Counter[CameraId] = Counter()
    for item in found:
        number = seen[item.watch.camera_id]
        seen[item.watch.camera_id] += 1
        if number == len(rounds):
            rounds.append([])
        rounds[number].append(item)
    return rounds


def _all_but_key(excluded: Excluded) -> dict[str, ColumnElement[object]]:
    return {column.name: excluded[column.name] for column in watches.columns if column.name != "camera_id"}
