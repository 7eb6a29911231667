"""When our own side was cut off: opened and closed by the poller, read by all who show a status or count uptime."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, exists, insert, or_, select, update

from vms.core.ids import CameraId, SessionId
from vms.health.uptime import Blind
from vms.store.existing import existing_cameras
from vms.store.schema import blind_cameras, blind_spells, watch_sessions, watches

_BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSpell:
    ground: str
    from_at: datetime
    because: str
    whole: bool


def open_spell(tx: Connection, session_id: SessionId, spell: OpenSpell, camera_ids: Collection[int]) -> None:
    """Nothing where that ground's spell is open already. `camera_ids` counts where the spell is not whole."""
    c = blind_spells.c
    standing = select(c.id).where(c.session_id == session_id, c.ground == spell.ground, c.until_at.is_(None))
    if tx.execute(standing.limit(1)).scalar_one_or_none() is not None:
        return
    values = {
        "session_id": session_id,
        "ground": spell.ground[:80],
        "from_at": spell.from_at,
        "because": spell.because,
        "whole": spell.whole,
    }
    number = tx.execute(insert(blind_spells).values(values).returning(c.id)).scalar_one()
    if not spell.whole:
        there = sorted(existing_cameras(tx, camera_ids))
        for start in range(0, len(there), _BATCH):
            rows = [{"spell_id": number, "camera_id": camera_id} for camera_id in there[start : start + _BATCH]]
            tx.execute(insert(blind_cameras), rows)


def close_spell(tx: Connection, session_id: SessionId, ground: str, until_at: datetime) -> None:
    c = blind_spells.c
    standing = (c.session_id == session_id, c.ground == ground[:80], c.until_at.is_(None))
    tx.execute(update(blind_spells).where(*standing).values(until_at=until_at))


def close_left_open(tx: Connection) -> None:
    """A run that was killed can say nothing more: its spells end with its last heartbeat."""
    c, s = blind_spells.c, watch_sessions.c
    left = select(c.id, c.from_at, s.alive_at).join(watch_sessions, s.id == c.session_id).where(c.until_at.is_(None))
    for row in tx.execute(left).all():
        until_at = max(row.from_at, row.alive_at)
        tx.execute(update(blind_spells).where(c.id == row.id).values(until_at=until_at))


def open_spells(tx: Connection, session_id: SessionId) -> list[OpenSpell]:
    """Oldest first."""
    c = blind_spells.c
    chosen = (c.session_id == session_id, c.until_at.is_(None))
    statement = select(c.ground, c.from_at, c.because, c.whole).where(*chosen).order_by(c.id)
    return [OpenSpell(**row) for row in tx.execute(statement).mappings()]


def blind_since(tx: Connection, session_id: SessionId, camera_ids: Sequence[int] | None) -> "BlindNow":
    """Whom the open spells of a run cover; `camera_ids` None: all."""
    c = blind_spells.c
    standing = (c.session_id == session_id, c.until_at.is_(None))
    rows = tx.execute(select(c.id, c.from_at, c.whole).where(*standing).order_by(c.id)).all()
    whole = next((row.from_at for row in rows if row.whole), None)
    of: dict[CameraId, datetime] = {}
    if whole is None and rows:
        since = {row.id: row.from_at for row in rows}
        b = blind_cameras.c
        covered = select(b.spell_id, b.camera_id).where(b.spell_id.in_(list(since)))
        wanted = [None] if camera_ids is None else [
            camera_ids[start : start + _BATCH] for start in range(0, len(camera_ids), _BATCH)
        ]  # fmt: skip
        for some in wanted:
            chosen = covered if some is None else covered.where(b.camera_id.in_(some))
            for row in tx.execute(chosen):
                of.setdefault(CameraId(row.camera_id), since[row.spell_id])
    return BlindNow(whole, of)


@dataclass(frozen=True, slots=True)
class BlindNow:
    whole: datetime | None
    of: dict[CameraId, datetime]

    def since(self, camera_id: CameraId) -> datetime | None:
        return self.whole or self.of.get(camera_id)


def is_blind(session_id: SessionId) -> ColumnElement[bool]:
    """The same as an SQL condition on `watches.camera_id`; its parts are asked once per statement, not per row."""
    c, b = blind_spells.c, blind_cameras.c
    standing = and_(c.session_id == session_id, c.until_at.is_(None))
    covered = select(b.camera_id).join(blind_spells, c.id == b.spell_id).where(standing)
    return or_(exists(select(c.id).where(standing, c.whole)), watches.c.camera_id.in_(covered))


def blind_of(
    tx: Connection, camera_ids: Sequence[int], start: datetime, end: datetime
) -> dict[CameraId, tuple[Blind, ...]]:
    """The spells that touch a stretch of time, for each of these cameras; cameras without one are left out."""
    c, b = blind_spells.c, blind_cameras.c
    touching = (c.from_at < end, or_(c.until_at.is_(None), c.until_at > start))
    rows = tx.execute(select(c.id, c.session_id, c.from_at, c.until_at, c.whole).where(*touching)).all()
    spells = {
        row.id: Blind(session_id=SessionId(row.session_id), from_at=row.from_at, until_at=row.until_at) for row in rows
    }
    whole = tuple(spells[row.id] for row in rows if row.whole)
    found: dict[CameraId, tuple[Blind, ...]] = {}
    if whole:
        found = {CameraId(camera_id): whole for camera_id in camera_ids}
    parts = [row.id for row in rows if not row.whole]
    if parts:
        for first in range(0, len(camera_ids), _BATCH):
            some = b.camera_id.in_(camera_ids[first : first + _BATCH])
            for row in tx.execute(select(b.spell_id, b.camera_id).where(b.spell_id.in_(parts), some)):
                camera_id = CameraId(row.camera_id)
                found[camera_id] = (*found.get(camera_id, ()), spells[row.spell_id])
    return found
