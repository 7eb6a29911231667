"""What the book decided about outages, into the store, and told as news."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from vms.core.ids import CameraId
from vms.health.outages.book import OutageBook
from vms.health.outages.outage import Decisions, Outage
from vms.store import events, outages
from vms.store.existing import existing_cameras


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageCounts:
    found: int = 0
    reopened: int = 0
    closed: int = 0
    joined: int = 0
    left: int = 0
    alone: int = 0
    """Falls that no outage explains."""


def keep_decisions(
    tx: Connection, done: Decisions, book: OutageBook, more_faults: Collection[CameraId], now: datetime
) -> OutageCounts:
    """`more_faults`: cameras of which a fault was opened in this turn; members' belong to their outage."""
    for outage in done.found:
        outage.outage_id = outages.add(tx, outage)
    there = existing_cameras(tx, {move.camera_id for move in done.moves})
    moves = [move for move in done.moves if move.camera_id in there]
    outages.keep_moves(tx, moves)
    _mark(tx, done, book, more_faults)
    outages.unmark_faults(tx, {move.camera_id for move in moves if move.on_its_own and _is_alone(book, move.camera_id)})
    for outage, into in done.absorbed:
        outages.save(tx, outage, part_of=into.outage_id)
    saved = {id(outage): outage for outage in (*done.reopened, *done.changed, *done.closed)}
    for outage in saved.values():
        outages.save(tx, outage)
    _tell(tx, done, now)
    return OutageCounts(
        found=len(done.found),
        reopened=len(done.reopened),
        closed=len(done.closed) + len(done.absorbed),
        joined=sum(move.inside for move in moves),
        left=sum(not move.inside for move in moves),
        alone=len(done.alone),
    )


def _mark(tx: Connection, done: Decisions, book: OutageBook, more_faults: Collection[CameraId]) -> None:
    by_outage: dict[int, tuple[Outage, set[CameraId], datetime]] = {}
    wanted = dict.fromkeys((*more_faults, *(move.camera_id for move in done.moves if move.inside)))
    for camera_id in wanted:
        outage = book.outage_of(camera_id)
        if outage is not None:
            _, cameras, _ = by_outage.setdefault(id(outage), (outage, set(), outage.fell_from))
            cameras.add(camera_id)
    for outage, cameras, since in by_outage.values():
        if outage.outage_id is not None:
            outages.mark_faults(tx, outage.outage_id, cameras, since)


def _is_alone(book: OutageBook, camera_id: CameraId) -> bool:
    return book.outage_of(camera_id) is None


def _tell(tx: Connection, done: Decisions, now: datetime) -> None:
    told = {id(outage) for outage in (*done.found, *done.reopened, *done.closed)}
    news = [("outage.opened", done.found), ("outage.reopened", done.reopened), ("outage.closed", done.closed)]
    news.append(("outage.absorbed", [outage for outage, _ in done.absorbed]))
    changed = {id(outage): outage for outage in done.changed if id(outage) not in told}
    news.append(("outage.changed", list(changed.values())))
    for kind, listed in news:
        events.append_many(tx, kind, [(outage.outage_id, _content(outage)) for outage in listed], now)


def _content(outage: Outage) -> dict[str, object]:
    return {
        "kind": outage.cause.kind.value,
        "name": outage.name,
        "cameras": len(outage.members),
        "down": len(outage.down),
    }
