"""Rates of coverage as rows: one for each change of each figure, and the spells in which anybody measured."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, func, insert, or_, select, update

from vms.core.intervals import Interval, merged
from vms.coverage.ground import Ground
from vms.coverage.rate_history import RateChange
from vms.coverage.totals import Covered, FigureKey
from vms.store.schema import coverage_rates, coverage_spells

BATCH = 500
MOST_ROWS = 10_000
_KEY = ("region_code", "ground", "px_per_m", "by_night")
_VALUES = ("length_mm", "covered_mm", "places", "covered_places")


def begin_spell(tx: Connection, now: datetime) -> int:
    values = {"from_at": now, "until_at": now}
    spell: int = tx.execute(insert(coverage_spells).values(values).returning(coverage_spells.c.id)).scalar_one()
    return spell


def known_until(tx: Connection, spell_id: int, now: datetime) -> None:
    """In the transaction that writes what changed until then."""
    tx.execute(update(coverage_spells).where(coverage_spells.c.id == spell_id).values(until_at=now))


def add(tx: Connection, changes: Sequence[RateChange]) -> None:
    rows = [
        {
            "at": one.at,
            "region_code": one.key.region,
            "ground": one.key.ground.value,
            "px_per_m": one.key.px_per_m,
            "by_night": one.key.by_night,
            **{name: getattr(one.covered, name) for name in _VALUES},
        }
        for one in changes
    ]
    if rows:
        tx.execute(insert(coverage_rates), rows)


def latest(tx: Connection, before: datetime | None = None) -> list[RateChange]:
    """The last of each figure, or the last before a moment."""
    c = coverage_rates.c
    newest = select(func.max(c.id)).group_by(*(c[name] for name in _KEY))
    if before is not None:
        newest = newest.where(c.at <= before)
    return _changes(tx, c.id.in_(newest))


def between(tx: Connection, start: datetime, end: datetime) -> list[RateChange]:
    """Of each figure the last one until the start, and all from then until the end."""
    c = coverage_rates.c
    return latest(tx, start) + _changes(tx, and_(c.at > start, c.at < end))


def spells(tx: Connection, start: datetime, end: datetime) -> tuple[Interval, ...]:
    """When coverage was measured; apart from each other, sorted."""
    c = coverage_spells.c
    statement = select(c.from_at, c.until_at).where(c.until_at > start, c.from_at < end, c.until_at > c.from_at)
    return merged(Interval(row.from_at, row.until_at) for row in tx.execute(statement))


def last_known(tx: Connection) -> datetime | None:
    """Up to where what was measured is written down."""
    found: datetime | None = tx.execute(select(func.max(coverage_spells.c.until_at))).scalar_one()
    return found


def is_known(tx: Connection, at: datetime, alive_since: datetime) -> bool:
    """Was coverage measured at that moment? A spell whose last word came after `alive_since` goes on."""
    c = coverage_spells.c
    goes_on = or_(c.until_at >= at, c.until_at >= alive_since)
    return tx.execute(select(exists().where(c.from_at <= at, goes_on))).scalar_one()


def forget(tx: Connection, before: datetime) -> int:
    """MOST_ROWS at most of those that held only before then; each figure's last one until then stays: it goes on."""
    c = coverage_rates.c
    last = select(func.max(c.id)).where(c.at <= before).group_by(*(c[name] for name in _KEY))
    oldest = select(c.id).where(c.at < before, c.id.not_in(last)).order_by(c.at).limit(MOST_ROWS)
    ids = tx.execute(oldest).scalars().all()
    gone = 0
    for begin in range(0, len(ids), BATCH):
        gone += tx.execute(delete(coverage_rates).where(c.id.in_(ids[begin : begin + BATCH]))).rowcount
    return gone


def forget_spells(tx: Connection, before: datetime) -> int:
    """What was measured before counts no longer as measured. The last one stays: it may go on."""
    c = coverage_spells.c
    tx.execute(update(coverage_spells).where(c.from_at < before, c.until_at >= before).values(from_at=before))
    newest = select(func.max(c.id)).scalar_subquery()
    return tx.execute(delete(coverage_spells).where(c.until_at < before, c.id < newest)).rowcount


def _changes(tx: Connection, wanted: ColumnElement[bool]) -> list[RateChange]:
    statement = select(coverage_rates).where(wanted).order_by(coverage_rates.c.id)
    return [
        RateChange(
            at=row["at"],
            key=FigureKey(
                region=row["region_code"],
                ground=Ground(row["ground"]),
                px_per_m=row["px_per_m"],
                by_night=bool(row["by_night"]),
            ),
            covered=Covered(**{name: int(row[name]) for name in _VALUES}),
        )
        for row in tx.execute(statement).mappings()
    ]
