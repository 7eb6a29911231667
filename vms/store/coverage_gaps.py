"""Gaps as rows, as the program measures them: opened, followed, closed, opened again."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from vms.core.geo import Wgs84
from vms.coverage.gap_identity import GapKey, Spot, spot_of
from vms.coverage.gap_steps import GapState
from vms.coverage.gaps import Gap
from vms.store.schema import coverage_gap_steps, coverage_gaps

BATCH = 500
_KEY = ("place_key", "ground", "side", "cause", "night_only")


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownGap:
    gap_id: int
    spot: Spot
    uncovered_since: datetime
    closed_at: datetime | None


def open_gaps(tx: Connection) -> list[KnownGap]:
    """All of them: a few columns of some ten thousand rows in a large city."""
    return [_known(row) for row in tx.execute(_spots().where(coverage_gaps.c.closed_at.is_(None))).mappings()]


def by_ids(tx: Connection, gap_ids: Sequence[int]) -> list[KnownGap]:
    found: list[KnownGap] = []
    for part in _parts(gap_ids):
        found.extend(_known(row) for row in tx.execute(_spots().where(coverage_gaps.c.id.in_(part))).mappings())
    return found


def at_places(tx: Connection, place_keys: Collection[str], *, closed: bool) -> list[KnownGap]:
    """Of these roads and places; closed ones that were closed last come last."""
    c = coverage_gaps.c
    found: list[KnownGap] = []
    for part in _parts(sorted(set(place_keys))):
        wanted = c.closed_at.is_not(None) if closed else c.closed_at.is_(None)
        statement = _spots().where(c.place_key.in_(part), wanted).order_by(c.closed_at, c.id)
        found.extend(_known(row) for row in tx.execute(statement).mappings())
    return found


def add(tx: Connection, new: Sequence[tuple[Gap, datetime]], now: datetime) -> list[int]:
    """(gap, since when nobody covers it). Their ids, in order."""
    rows = [
        {
            **_measured(gap),
            "since": now,
            "uncovered_since": uncovered_since,
            "state": GapState.OPEN.value,
            "state_at": now,
            "assigned_to": "",
            "reopened": 0,
            "first_at": now,
        }
        for gap, uncovered_since in new
    ]
    if not rows:
        return []
    statement = insert(coverage_gaps).returning(coverage_gaps.c.id, sort_by_parameter_order=True)
    return list(tx.execute(statement, rows).scalars())


def follow(tx: Connection, followed: Sequence[tuple[int, Gap]]) -> None:
    """As it is measured now; what people made of it stays."""
    if followed:
        rows = [
            {"gap": gap_id, **{f"new_{name}": value for name, value in _measured(gap).items()}}
            for gap_id, gap in followed
        ]
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in _measured(followed[0][1])}
        tx.execute(update(coverage_gaps).where(coverage_gaps.c.id == bindparam("gap")).values(values), rows)


def close(tx: Connection, gap_ids: Sequence[int], now: datetime) -> None:
    _mark(tx, gap_ids, {"closed_at": now}, "closed", now)


def reopen(tx: Connection, again: Sequence[tuple[int, Gap, datetime]], now: datetime) -> None:
    """(record, gap, since when nobody covers it). It comes again: what people made of it holds on."""
    values = {"closed_at": None, "since": now, "reopened": coverage_gaps.c.reopened + 1}
    _mark(tx, [gap_id for gap_id, _, _ in again], values, "reopened", now)
    if again:
        rows = [{"b_id": gap_id, "uncovered_since": since} for gap_id, _, since in again]
        tx.execute(update(coverage_gaps).where(coverage_gaps.c.id == bindparam("b_id")), rows)
    follow(tx, [(gap_id, gap) for gap_id, gap, _ in again])


def forget(tx: Connection, before: datetime) -> int:
    """A batch of those that were closed before, with their steps, oldest first; files of photographs go later."""
    c = coverage_gaps.c
    oldest = select(c.id).where(c.closed_at < before).order_by(c.closed_at).limit(BATCH)
    ids = tx.execute(oldest).scalars().all()
    return tx.execute(delete(coverage_gaps).where(c.id.in_(ids))).rowcount if ids else 0


def photograph_files(tx: Connection) -> set[str]:
    """Every file that a step names."""
    c = coverage_gap_steps.c
    return {file for file in tx.execute(select(c.photograph).where(c.photograph.is_not(None))).scalars() if file}


def _mark(tx: Connection, gap_ids: Sequence[int], values: Mapping[str, Any], step: str, now: datetime) -> None:
    for part in _parts(gap_ids):
        tx.execute(update(coverage_gaps).where(coverage_gaps.c.id.in_(part)).values(values))
        tx.execute(
            insert(coverage_gap_steps),
            [{"gap_id": gap_id, "at": now, "who": "", "step": step, "text": ""} for gap_id in part],
        )


def _measured(gap: Gap) -> dict[str, Any]:
    spot = spot_of(gap)
    west, south, east, north = _box(gap.line)
    return {
        **dict(zip(_KEY, spot.key, strict=True)),
        "kind": gap.kind.value,
        "from_m": gap.from_m,
        "to_m": gap.to_m,
        "name": gap.name,
        "category": gap.category[:80],
        "region_code": gap.region,
        "length_m": gap.length_m,
        "weighted_m": gap.weighted_m,
        "need_px_per_m": gap.need_px_per_m,
        "need_views": gap.need_views,
        "best_px_per_m": gap.best_px_per_m,
        "camera_ids": list(gap.camera_ids),
        "geometry": gap.geometry,
        "west": west,
        "south": south,
        "east": east,
        "north": north,
    }


def _box(line: Sequence[Wgs84]) -> tuple[float, float, float, float]:
    lons, lats = [point.lon for point in line], [point.lat for point in line]
    return min(lons), min(lats), max(lons), max(lats)


def _spots() -> Any:
    c = coverage_gaps.c
    return select(c.id, *(c[name] for name in _KEY), c.from_m, c.to_m, c.uncovered_since, c.closed_at)


def _known(row: Mapping[Any, Any]) -> KnownGap:
    key = GapKey(*(row[name] for name in _KEY))
    return KnownGap(
        gap_id=row["id"],
        spot=Spot(key=key, from_m=row["from_m"], to_m=row["to_m"]),
        uncovered_since=row["uncovered_since"],
        closed_at=row["closed_at"],
    )


def _parts(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (values[begin : begin + BATCH] for begin in range(0, len(values), BATCH))
