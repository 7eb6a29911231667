"""What the book decided about outages is in the store with the decision, as pieces that are written right after it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from vms.core.ids import CameraId
from vms.health.outages.book import OutageBook
from vms.health.outages.outage import Decisions, Outage
from vms.services.dispatching.carry_out import ROWS_AT_ONCE, freed, marked, moved, saved, told
from vms.store import dispatch_pieces, outages
from vms.store.dispatch_pieces import Piece


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
    tx: Connection,
    done: Decisions,
    book: OutageBook,
    more_faults: Collection[CameraId],
    now: datetime,
    rows_at_once: int = ROWS_AT_ONCE,
) -> OutageCounts:
    """The outages that were found are there at once, what belongs to them follows by `carry_out`.

    `more_faults`: cameras of which a fault was opened in this turn; members' belong to their outage.
    """
    for outage in done.found:
        outage.outage_id = outages.add(tx, outage)
    dispatch_pieces.put(tx, list(_pieces(done, book, more_faults, now, rows_at_once)))
    return OutageCounts(
        found=len(done.found),
        reopened=len(done.reopened),
        closed=len(done.closed) + len(done.absorbed),
        joined=sum(move.inside for move in done.moves),
        left=sum(not move.inside for move in done.moves),
        alone=len(done.alone),
    )


def _pieces(
    done: Decisions, book: OutageBook, more_faults: Collection[CameraId], now: datetime, rows_at_once: int
) -> Iterator[Piece]:
    yield from moved(outages.moves_as_rows(done.moves), rows_at_once)
    for outage_id, cameras, since in _fell_with(done, book, more_faults):
        yield from marked(outage_id, cameras, since, rows_at_once)
    alone = {move.camera_id for move in done.moves if move.on_its_own and book.outage_of(move.camera_id) is None}
    yield from freed(alone, rows_at_once)
    rows = [
        (_number(outage), outages.columns_of(outage, part_of=into.outage_id)) for outage, into in done.absorbed
    ]  # fmt: skip
    changed = {id(outage): outage for outage in (*done.reopened, *done.changed, *done.closed)}
    rows += [(_number(outage), outages.columns_of(outage)) for outage in changed.values()]
    yield from saved(rows, rows_at_once)
    for kind, listed in _news(done):
        yield from told(kind, [(_number(outage), _content(outage)) for outage in listed], now, rows_at_once)


def _fell_with(
    done: Decisions, book: OutageBook, more_faults: Collection[CameraId]
) -> list[tuple[int, set[CameraId], datetime]]:
    by_outage: dict[int, tuple[int, set[CameraId], datetime]] = {}
    wanted = dict.fromkeys((*more_faults, *(move.camera_id for move in done.moves if move.inside)))
    for camera_id in wanted:
        outage = book.outage_of(camera_id)
        if outage is not None and outage.outage_id is not None:
            fell = by_outage.setdefault(id(outage), (outage.outage_id, set(), outage.fell_from))
            fell[1].add(camera_id)
    return list(by_outage.values())


def _news(done: Decisions) -> Iterator[tuple[str, list[Outage]]]:
    said = {id(outage) for outage in (*done.found, *done.reopened, *done.closed)}
    yield "outage.opened", done.found
    yield "outage.reopened", done.reopened
    yield "outage.closed", done.closed
    yield "outage.absorbed", [outage for outage, _ in done.absorbed]
    changed = {id(outage): outage for outage in done.changed if id(outage) not in said}
    yield "outage.changed", list(changed.values())


def _number(outage: Outage) -> int:
    assert outage.outage_id is not None
    return outage.outage_id


def _content(outage: Outage) -> dict[str, object]:
    return {
        "kind": outage.cause.kind.value,
        "name": outage.name,
        "cameras": len(outage.members),
        "down": len(outage.down),
    }
