"""Imports of maps: each is a version of its source; the town is what the current versions hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, exists, func, insert, or_, select, update

from vms.core.errors import NotFound
from vms.store import events
from vms.store.page import Page
from vms.store.schema import map_cells, map_versions

INTERRUPTED = "interrupted"
TOWN, CANDIDATES = "town", "candidates"
Box = tuple[int, int, int, int]
"""West, south, east, north, degrees × 1e7."""


class VersionState(StrEnum):
    WAITING = "waiting"
    """An uploaded file that nobody has begun to read."""
    READING = "reading"
    CURRENT = "current"
    REPLACED = "replaced"
    REMOVED = "removed"
    DONE = "done"
    """Nothing of it is kept here: the source was so already, or its cameras became drafts."""
    FAILED = "failed"


_OVER = (VersionState.REPLACED, VersionState.REMOVED, VersionState.DONE, VersionState.FAILED)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVersion:
    source: str
    attribution: str = ""
    kind: str = TOWN
    """Or CANDIDATES: the cameras on the map become drafts."""
    file_name: str = ""
    file_sha256: str = ""
    options: Mapping[str, Any]
    who: str
    state: VersionState = VersionState.READING
    runner: str = ""
    lease: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class MapVersion:
    version_id: int
    source: str
    state: VersionState
    kind: str
    attribution: str
    file_name: str
    file_sha256: str
    options: Mapping[str, Any]
    who: str
    asked_at: datetime
    finished_at: datetime | None
    progress: float
    problem: str
    counts: Mapping[str, int]
    boundary: list[list[float]] | None
    box: Box | None
    """Around everything it holds."""
    runner: str
    """Who reads it; empty: nobody."""
    held_until: datetime | None
    """So long nobody else does."""


def begin(tx: Connection, new: NewVersion, now: datetime) -> int:
    values = {
        "source": new.source,
        "state": new.state.value,
        "kind": new.kind,
        "attribution": new.attribution,
        "file_name": new.file_name,
        "file_sha256": new.file_sha256,
        "options": dict(new.options),
        "who": new.who,
        "asked_at": now,
        "runner": new.runner,
        "lease_until": now + new.lease if new.runner else None,
        "progress": 0.0,
        "problem": "",
        "counts": {},
    }
    version_id: int = tx.execute(insert(map_versions).values(values).returning(map_versions.c.id)).scalar_one()
    return version_id


def get(tx: Connection, version_id: int) -> MapVersion:
    row = tx.execute(select(map_versions).where(map_versions.c.id == version_id)).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is no import of a map {version_id}")
    return _version(row)


def current(tx: Connection) -> list[MapVersion]:
    """One of each source, the first taken in first."""
    statement = select(map_versions).where(map_versions.c.state == VersionState.CURRENT.value)
    return [_version(row) for row in tx.execute(statement.order_by(map_versions.c.id)).mappings()]


def current_of(tx: Connection, source: str) -> MapVersion | None:
    m = map_versions.c
    statement = select(map_versions).where(m.state == VersionState.CURRENT.value, m.source == source)
    row = tx.execute(statement.order_by(m.id.desc()).limit(1)).mappings().one_or_none()
    return None if row is None else _version(row)


def standing(tx: Connection) -> tuple[int, ...]:
    """The numbers of the current versions: the map changes with them and never otherwise."""
    m = map_versions.c
    found = tx.execute(select(m.id).where(m.state == VersionState.CURRENT.value).order_by(m.id)).scalars()
    return tuple(found)


def page(tx: Connection, *, limit: int, offset: int) -> Page[MapVersion]:
    """Newest first."""
    total = tx.execute(select(func.count()).select_from(map_versions)).scalar_one()
    statement = select(map_versions).order_by(map_versions.c.id.desc()).limit(limit).offset(offset)
    return Page(items=tuple(_version(row) for row in tx.execute(statement).mappings()), total=total)


def take(tx: Connection, runner: str, now: datetime, lease: timedelta) -> MapVersion | None:
    """The oldest uploaded file that nobody works on, now this runner's."""
    m = map_versions.c
    statement = select(m.id).where(_free(now)).order_by(m.id).limit(1)
    if tx.dialect.name == "postgresql":
        statement = statement.with_for_update(skip_locked=True)
    version_id = tx.execute(statement).scalar_one_or_none()
    if version_id is None:
        return None
    values = {"state": VersionState.READING.value, "runner": runner, "lease_until": now + lease, "progress": 0.0}
    tx.execute(update(map_versions).where(m.id == version_id).values(values))
    return get(tx, version_id)


def any_waiting(tx: Connection, now: datetime) -> bool:
    return tx.execute(select(map_versions.c.id).where(_free(now)).limit(1)).first() is not None


def _free(now: datetime) -> ColumnElement[bool]:
    """Uploaded, and nobody reads it, or no longer."""
    m = map_versions.c
    left = and_(m.state == VersionState.READING.value, m.lease_until < now, m.options["upload"].as_boolean())
    return or_(m.state == VersionState.WAITING.value, left)


def being_read(tx: Connection) -> list[MapVersion]:
    """By whomever, the first begun first; also those whose lease has ended."""
    statement = select(map_versions).where(map_versions.c.state == VersionState.READING.value)
    return [_version(row) for row in tx.execute(statement.order_by(map_versions.c.id)).mappings()]


def let_go(tx: Connection, version_id: int, runner: str, now: datetime) -> bool:
    """Its reader is gone: what was uploaded waits again, anything else has failed. False: it is another's by now."""
    m = map_versions.c
    held = and_(m.id == version_id, m.runner == runner, m.state == VersionState.READING.value)
    uploaded = tx.execute(select(m.options["upload"].as_boolean()).where(held)).one_or_none()
    if uploaded is None:
        return False
    values: dict[str, Any] = {"runner": "", "lease_until": None}
    if uploaded[0]:
        values |= {"state": VersionState.WAITING.value, "progress": 0.0}
    else:
        values |= {"state": VersionState.FAILED.value, "finished_at": now, "problem": INTERRUPTED}
    return tx.execute(update(map_versions).where(held).values(values)).rowcount == 1


def hold(tx: Connection, version_id: int, runner: str, progress: float, now: datetime, lease: timedelta) -> bool:
    """Still at it; False: it is another's by now, or was ended."""
    m = map_versions.c
    mine = and_(m.id == version_id, m.runner == runner, m.state == VersionState.READING.value)
    values = {"progress": progress, "lease_until": now + lease}
    return tx.execute(update(map_versions).where(mine).values(values)).rowcount == 1


def make_current(
    tx: Connection,
    version_id: int,
    *,
    counts: Mapping[str, int],
    problem: str = "",
    attribution: str,
    boundary: list[list[float]] | None,
    box: Box | None,
    boxes: list[list[float]] | None,
    now: datetime,
) -> None:
    """From the end of this transaction on the town is made of this one, in place of the source's version before.

    `boxes`: west, south, east, north of all that has changed, in degrees; None: anything may have. `problem`: what is
    wrong with what was left out.
    """
    version = get(tx, version_id)
    m = map_versions.c
    before = and_(m.source == version.source, m.state == VersionState.CURRENT.value)
    tx.execute(update(map_versions).where(before).values(state=VersionState.REPLACED.value))
    west, south, east, north = box or (None, None, None, None)
    values = {
        "state": VersionState.CURRENT.value,
        "finished_at": now,
        "progress": 1.0,
        "runner": "",
        "lease_until": None,
        "attribution": attribution,
        "counts": dict(counts),
        "problem": problem,
        "boundary": boundary,
        "west_e7": west,
        "south_e7": south,
        "east_e7": east,
        "north_e7": north,
    }
    tx.execute(update(map_versions).where(m.id == version_id).values(values))
    tell_change(tx, version_id, version.source, boxes, now)


def tell_change(tx: Connection, version_id: int, source: str, boxes: list[list[float]] | None, now: datetime) -> None:
    content: dict[str, Any] = {"name": source} if boxes is None else {"name": source, "boxes": boxes}
    events.append(tx, "map.changed", version_id, content, now)


def tell_counts(tx: Connection, version_id: int, counts: Mapping[str, int]) -> None:
    """What a current version holds, told anew: the roads beside it have changed."""
    m = map_versions.c
    is_current = and_(m.id == version_id, m.state == VersionState.CURRENT.value)
    tx.execute(update(map_versions).where(is_current).values(counts=dict(counts)))


def end(tx: Connection, version_id: int, state: VersionState, now: datetime, **values: Any) -> None:
    """`problem`, `counts`."""
    ending = {"state": state.value, "finished_at": now, "runner": "", "lease_until": None, **values}
    tx.execute(update(map_versions).where(map_versions.c.id == version_id).values(ending))


def leftovers(tx: Connection, now: datetime) -> list[int]:
    """Versions that hold cells which nobody reads any more; those that nobody goes on reading end here."""
    m = map_versions.c
    uploaded = m.options["upload"].as_boolean()
    dead = and_(m.state == VersionState.READING.value, m.lease_until < now, or_(uploaded.is_(None), ~uploaded))
    values = {"state": VersionState.FAILED.value, "finished_at": now, "problem": INTERRUPTED, "runner": ""}
    tx.execute(update(map_versions).where(dead).values(values))
    over = m.state.in_([state.value for state in _OVER])
    holds = exists().where(map_cells.c.version_id == m.id)
    return list(tx.execute(select(m.id).where(over, holds).order_by(m.id)).scalars())


def _version(row: RowMapping) -> MapVersion:
    edges = (row["west_e7"], row["south_e7"], row["east_e7"], row["north_e7"])
    return MapVersion(
        version_id=row["id"],
        source=row["source"],
        state=VersionState(row["state"]),
        kind=row["kind"],
        attribution=row["attribution"],
        file_name=row["file_name"],
        file_sha256=row["file_sha256"],
        options=row["options"],
        who=row["who"],
        asked_at=row["asked_at"],
        finished_at=row["finished_at"],
        progress=row["progress"],
        problem=row["problem"],
        counts=row["counts"],
        boundary=row["boundary"],
        box=None if edges[0] is None else edges,
        runner=row["runner"],
        held_until=row["lease_until"],
    )
