"""What was decided about outages is written in pieces, a moment each; what a kill has left, at the next start."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection

from vms.store import dispatch_pieces, events, outages
from vms.store.database import Database
from vms.store.dispatch_pieces import Piece, PieceKind, Waiting
from vms.store.existing import existing_cameras

T = TypeVar("T")
ROWS_AT_ONCE = 500
_INSTANTS = ("opened_at", "fell_from", "closed_at")


def carry_out(database: Database, rows_at_once: int = ROWS_AT_ONCE) -> None:
    """Blocking; as many transactions as it takes."""
    with database.reading() as tx:
        waiting = dispatch_pieces.waiting(tx)
    for some in _together(waiting, rows_at_once):
        with database.writing() as tx:
            dispatch_pieces.take_turn(tx)
            for piece in dispatch_pieces.take_out(tx, some):
                _CARRY[piece.kind](tx, piece.content)


def moved(rows: Sequence[Mapping[str, Any]], rows_at_once: int) -> Iterator[Piece]:
    for some in _sliced(rows, rows_at_once):
        told = [[one["outage_id"], one["camera_id"], _told(one["from_at"]), _told(one["until_at"])] for one in some]
        yield Piece(kind=PieceKind.MOVED, rows=len(some), content={"rows": told})


def marked(outage_id: int, camera_ids: Collection[int], since: datetime, rows_at_once: int) -> Iterator[Piece]:
    for some in _sliced(sorted(camera_ids), rows_at_once):
        content = {"outage_id": outage_id, "camera_ids": some, "since": since.isoformat()}
        yield Piece(kind=PieceKind.MARKED, rows=len(some), content=content)


def freed(camera_ids: Collection[int], rows_at_once: int) -> Iterator[Piece]:
    for some in _sliced(sorted(camera_ids), rows_at_once):
        yield Piece(kind=PieceKind.FREED, rows=len(some), content={"camera_ids": some})


def saved(rows: Sequence[tuple[int, Mapping[str, Any]]], rows_at_once: int) -> Iterator[Piece]:
    """(outage, its columns)."""
    for some in _sliced(rows, rows_at_once):
        told = [
            [number, {name: _told(value) if name in _INSTANTS else value for name, value in columns.items()}]
            for number, columns in some
        ]
        yield Piece(kind=PieceKind.SAVED, rows=len(some), content={"outages": told})


def told(
    kind: str, news: Sequence[tuple[int | None, Mapping[str, object]]], at: datetime, rows_at_once: int
) -> Iterator[Piece]:
    for some in _sliced(news, rows_at_once):
        content = {"kind": kind, "news": [[number, dict(said)] for number, said in some], "at": at.isoformat()}
        yield Piece(kind=PieceKind.TOLD, rows=len(some), content=content)


def _keep_moves(tx: Connection, content: Mapping[str, Any]) -> None:
    there = existing_cameras(tx, {camera_id for _, camera_id, _, _ in content["rows"]})
    wrong = outages.called_wrong(tx, {outage_id for outage_id, *_ in content["rows"]})
    rows = [
        {"outage_id": outage_id, "camera_id": camera_id, "from_at": _instant(from_at), "until_at": _instant(until_at)}
        for outage_id, camera_id, from_at, until_at in content["rows"]
        if camera_id in there and outage_id not in wrong
    ]
    outages.keep_moves(tx, rows)


def _mark(tx: Connection, content: Mapping[str, Any]) -> None:
    outage_id, since = content["outage_id"], _instant(content["since"])
    assert since is not None
    if not outages.called_wrong(tx, [outage_id]):
        outages.mark_faults(tx, outage_id, content["camera_ids"], since)


def _free(tx: Connection, content: Mapping[str, Any]) -> None:
    outages.unmark_faults(tx, content["camera_ids"])


def _save(tx: Connection, content: Mapping[str, Any]) -> None:
    wrong = outages.called_wrong(tx, [number for number, _ in content["outages"]])
    for number, columns in content["outages"]:
        if number not in wrong:
            read = {name: _instant(value) if name in _INSTANTS else value for name, value in columns.items()}
            outages.save(tx, number, read)


def _tell(tx: Connection, content: Mapping[str, Any]) -> None:
    at = _instant(content["at"])
    assert at is not None
    events.append_many(tx, content["kind"], [(number, said) for number, said in content["news"]], at)


_CARRY: Mapping[PieceKind, Callable[[Connection, Mapping[str, Any]], None]] = {
    PieceKind.MOVED: _keep_moves,
    PieceKind.MARKED: _mark,
    PieceKind.FREED: _free,
    PieceKind.SAVED: _save,
    PieceKind.TOLD: _tell,
}


def _together(waiting: Sequence[Waiting], rows_at_once: int) -> Iterator[list[int]]:
    some: list[int] = []
    rows = 0
    for one in waiting:
        if some and rows + one.rows > rows_at_once:
            yield some
            some, rows = [], 0
        some.append(one.piece_id)
        rows += one.rows
    if some:
        yield some


def _sliced(rows: Sequence[T], size: int) -> Iterator[list[T]]:
    for start in range(0, len(rows), size):
        yield list(rows[start : start + size])


def _told(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _instant(told: str | None) -> datetime | None:
    return None if told is None else datetime.fromisoformat(told)
