"""How an order's deadlines in a period were kept, and by whom, as it stood when each of them was up.

A deadline that is moved, or an order that is given to another firm or opened again, changes nothing of what was up
before: that is judged by how the order stood then, and only by what was done since where the same firm tells it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import takewhile

from vms.assessment.due_orders import Fate, asked_for_nobody, is_due
from vms.core.intervals import Interval

AT_ONCE = timedelta(minutes=5)
"""Told so soon after it was done, nobody would call it told afterwards."""


class Deadline(StrEnum):
    RESPOND = "respond"
    REPAIR = "repair"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """How an order stood until a step took its firm or a deadline from it."""

    until_at: datetime | None = None
    """None: it stands so now."""
    maintainer_id: int | None = None
    respond_by: datetime | None = None
    repair_by: datetime | None = None
    fate: Fate
    on_site_told_at: datetime | None = None
    """When somebody said that they had been there; None: when they were, or the program says it."""
    repaired_told_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    deadline: Deadline
    maintainer_id: int | None
    kept: bool
    told_afterwards: bool
    """Kept by a word alone that was given when the time was up: until then nobody had said so."""


def judged(stands: Sequence[Stand], period: Interval) -> Iterator[Judged]:
    """`stands`: all of one order, the first one first, the last one as it stands now."""
    if asked_for_nobody(stands[-1].fate, period):
        return
    decided: set[tuple[Deadline, datetime]] = set()
    for place, stand in enumerate(stands):
        for deadline, by in ((Deadline.RESPOND, stand.respond_by), (Deadline.REPAIR, stand.repair_by)):
            if by is None or (deadline, by) in decided or (stand.until_at is not None and stand.until_at < by):
                continue
            decided.add((deadline, by))
            if is_due(by, stand.fate, period):
                yield _judge(deadline, by, _of_its_firm(stands[place:]))


def firm_at(stands: Sequence[Stand], at: datetime) -> int | None:
    """Who had the order then."""
    return next(one.maintainer_id for one in stands if one.until_at is None or one.until_at > at)


def _of_its_firm(stands: Sequence[Stand]) -> list[Stand]:
    """The first and those after it until another firm has the order."""
    firm = stands[0].maintainer_id
    return list(takewhile(lambda one: one.maintainer_id == firm, stands))


def _judge(deadline: Deadline, by: datetime, stands: Sequence[Stand]) -> Judged:
    answers = [answer for stand in stands if (answer := _answer(deadline, stand)) is not None and answer[0] <= by]
    done_at, told_at = min(answers, key=lambda one: one[1], default=(None, None))
    return Judged(
        deadline=deadline,
        maintainer_id=stands[0].maintainer_id,
        kept=done_at is not None,
        told_afterwards=done_at is not None and told_at is not None and told_at > max(by, done_at + AT_ONCE),
    )


def _answer(deadline: Deadline, stand: Stand) -> tuple[datetime, datetime] | None:
    """When it was done, and when that was told."""
    fate = stand.fate
    if deadline is Deadline.RESPOND and fate.on_site_at is not None:
        return fate.on_site_at, stand.on_site_told_at or fate.on_site_at
    if fate.repaired_at is not None:
        return fate.repaired_at, stand.repaired_told_at or fate.repaired_at
    return None
