"""Samples of the board's counts: kept for a day, read back for the whole city or for one region."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select

from vms.health.board import ANYWHERE, Ground
from vms.store.schema import board_samples
from vms.store.upsert import upsert

KEPT = timedelta(hours=25)


@dataclass(frozen=True, slots=True)
class Sample:
    at: datetime
    total: int
    up: int
    suspect: int
    down: int
    unknown: int
    intact: int


def keep(tx: Connection, states: Mapping[str, Sequence[int]], now: datetime) -> None:
    """`states`: total, up, suspect, down, unknown, intact by region. Older ones than KEPT go."""
    c = board_samples.c
    tx.execute(delete(board_samples).where(c.at < now - KEPT))
    row = {"at": now, "whole": _sum(states.values()), "regions": {code: list(one) for code, one in states.items()}}
    upsert(tx, board_samples, [row], lambda excluded: {"whole": excluded["whole"], "regions": excluded["regions"]})


def since(tx: Connection, start: datetime, ground: Ground = ANYWHERE) -> list[Sample]:
    """The oldest first; of the ground's region and everything below it."""
    c = board_samples.c
    if not ground.within:
        rows = tx.execute(select(c.at, c.whole).where(c.at >= start).order_by(c.at))
        return [Sample(row.at, *row.whole) for row in rows]
    found = []
    for row in tx.execute(select(c.at, c.regions).where(c.at >= start).order_by(c.at)):
        of_region = [one for code, one in row.regions.items() if ground.part_of(code) is not None]
        if of_region:
            found.append(Sample(row.at, *_sum(of_region)))
    return found


def _sum(states: Iterable[Sequence[int]]) -> list[int]:
    return [sum(numbers) for numbers in zip(*states, strict=True)] or [0] * 6
