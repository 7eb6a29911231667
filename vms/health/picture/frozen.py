"""Is the picture frozen? Suspected where two stills are alike, told by a burst of stills some seconds apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from vms.health.fault import FaultKind
from vms.health.picture.finding import Finding, Thresholds
from vms.health.picture.sequence import Step, diagnose_sequence
from vms.health.picture.statistics import GRID_COLUMNS, GRID_ROWS

FIRST_ROW, LAST_ROW = 2, GRID_ROWS - 1
"""Rows of cells that lie wholly between the strips where clocks are written."""
ALIKE_LEVELS = 1
"""Mean luma of a cell rounds; a person who walks through one changes it by more."""
BURST_STILLS = 3
"""The one that is suspected and two more."""
UNMOVED_BURSTS, UNMOVED_FOR = 3, timedelta(minutes=30)
"""Under a clock that goes on: a quiet cellar at night shows no difference for a minute, hardly one for so long."""
QUIET_FOR = timedelta(minutes=30)
"""A camera whose burst showed that it lives looks at a still scene: so long no other burst is spent on it."""


def looks_alike(cells: bytes, other: bytes) -> bool:
    """Two stills' `cell_luma`: cheap, and not enough to call a picture frozen."""
    one, two = _scene(cells), _scene(other)
    return bool(np.max(np.abs(one - two)) <= ALIKE_LEVELS)


def is_worth_a_burst(*, quiet_at: datetime | None, is_open: bool, now: datetime) -> bool:
    """`quiet_at`: when a burst of this camera last showed that it lives; `is_open`: it is known to be frozen."""
    return is_open or quiet_at is None or now - quiet_at >= QUIET_FOR


def judge_burst(steps: Sequence[Step], *, clock_moves: bool, thresholds: Thresholds) -> Finding | None:
    """None: it lives, or nobody can tell.

    Where nothing moves and the sensor is quiet, a clock that goes on is the witness that the device works: then only a
    picture with next to no difference is suspected, and `is_believed` wants that to last. Where the clock stands too,
    or none is seen, one burst tells.
    """
    for finding in diagnose_sequence(steps, thresholds):
        if finding.kind is FaultKind.FROZEN and (finding.score >= 1.0 or not clock_moves):
            clock = "its clock goes on" if clock_moves else "its clock stands still too"
            return Finding(kind=finding.kind, score=finding.score, because=f"{finding.because}; {clock}")
    return None


@dataclass(frozen=True, slots=True)
class Doubt:
    """Bursts in a row in which nothing but the clock moved."""

    since: datetime
    bursts: int


def doubt_after(before: Doubt | None, now: datetime) -> Doubt:
    """With one such burst more."""
    return Doubt(now, 1) if before is None else Doubt(before.since, before.bursts + 1)


def is_believed(doubt: Doubt, now: datetime) -> bool:
    """Whether so many bursts in so long a time outweigh the clock."""
    return doubt.bursts >= UNMOVED_BURSTS and now - doubt.since >= UNMOVED_FOR


def _scene(cells: bytes) -> "np.ndarray[tuple[int, ...], np.dtype[np.int16]]":
    grid = np.frombuffer(cells, dtype=np.uint8).reshape(GRID_ROWS, GRID_COLUMNS)
    return grid[FIRST_ROW:LAST_ROW].astype(np.int16)
