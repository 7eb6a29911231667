"""What the dispatcher has decided, in pieces that are written one after the other: none is lost, none is done twice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, delete, insert, select, text

from vms.store.schema import dispatch_pieces

_LOCK = 0x564D5303
"""Any constant: one transaction at a time writes pieces."""


class PieceKind(StrEnum):
    MOVED = "moved"
    """Who came into outages, and who left."""
    MARKED = "marked"
    """Whose faults fell with one."""
    FREED = "freed"
    """Whose faults are their own again."""
    SAVED = "saved"
    """Outages as they are now."""
    TOLD = "told"
    """News."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    kind: PieceKind
    rows: int
    """About so many are written by it."""
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Waiting:
    piece_id: int
    rows: int


def take_turn(tx: Connection) -> None:
    """Whoever puts in or writes pieces is alone until the end of the transaction. SQLite has one writer anyway."""
    if tx.dialect.name == "postgresql":
        tx.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def put(tx: Connection, pieces: Sequence[Piece]) -> None:
    """They are written in this order."""
    if pieces:
        rows = [{"kind": one.kind.value, "rows": one.rows, "content": dict(one.content)} for one in pieces]
        tx.execute(insert(dispatch_pieces), rows)


def waiting(tx: Connection) -> list[Waiting]:
    c = dispatch_pieces.c
    return [Waiting(row.id, row.rows) for row in tx.execute(select(c.id, c.rows).order_by(c.id))]


def take_out(tx: Connection, piece_ids: Sequence[int]) -> list[Piece]:
    """Those of them that nobody has written meanwhile, in their order."""
    c = dispatch_pieces.c
    chosen = c.id.in_(piece_ids)
    found = tx.execute(select(c.kind, c.rows, c.content).where(chosen).order_by(c.id)).all()
    tx.execute(delete(dispatch_pieces).where(chosen))
    return [Piece(kind=PieceKind(row.kind), rows=row.rows, content=row.content) for row in found]
