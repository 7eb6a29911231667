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
    """Kept by a word alone that was given when the time was up, or when the fault was gone: until then nobody had said
    so."""


def judged(stands: Sequence[Stand], period: Interval, announced: Sequence[Interval] = ()) -> Iterator[Judged]:
    """`stands`: all of one order, the first one first, the last one as it stands now. `announced`: approved notices
    (报备) over what it is about; what was up within one is not missed."""
    if asked_for_nobody(stands[-1].fate, period):
        return
    decided: set[tuple[Deadline, datetime]] = set()
    for place, stand in enumerate(stands):
        for deadline, by in ((Deadline.RESPOND, stand.respond_by), (Deadline.REPAIR, stand.repair_by)):
            if by is None or (deadline, by) in decided or (stand.until_at is not None and stand.until_at < by):
                continue
            decided.add((deadline, by))
            if is_due(by, stand.fate, period):
                found = _judge(deadline, by, _of_its_firm(stands[place:]))
                if found.kept or not any(by in one for one in announced):
                    yield found


def firm_at(stands: Sequence[Stand], at: datetime) -> int | None:
    """Who had the order then."""
    return next(one.maintainer_id for one in stands if one.until_at is None or one.until_at > at)


def repair_counts_until(stand: Stand) -> datetime | None:
    """Until when its repair took; None where nobody repaired it, or nobody was said to be there before the fault was
    gone. What is told once it is gone took until then: that the program saw."""
    repaired_at, healed_at = stand.fate.repaired_at, stand.fate.healed_at
    if repaired_at is None or healed_at is None or (stand.repaired_told_at or repaired_at) <= healed_at:
        return repaired_at
    return healed_at if _was_there_when_it_healed(stand) else None


def _of_its_firm(stands: Sequence[Stand]) -> list[Stand]:
    """The first and those after it until another firm has the order."""
    firm = stands[0].maintainer_id
    return list(takewhile(lambda one: one.maintainer_id == firm, stands))


def _judge(deadline: Deadline, by: datetime, stands: Sequence[Stand]) -> Judged:
    answers = [one for stand in stands for one in _answers(deadline, stand) if one.done_at <= by]
    first = min(answers, key=lambda one: (one.when_gone, one.told_at), default=None)
    return Judged(
        deadline=deadline,
        maintainer_id=stands[0].maintainer_id,
        kept=first is not None,
        told_afterwards=first is not None and (first.when_gone or first.told_at > max(by, first.done_at + AT_ONCE)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    done_at: datetime
    told_at: datetime
    when_gone: bool = False
    """Told when the fault was gone, while nobody had said before that he was there."""


def _answers(deadline: Deadline, stand: Stand) -> Iterator[_Answer]:
    """What was said; and what the program saw, where somebody was there when the fault went."""
    fate = stand.fate
    done_at, told_at = fate.repaired_at, stand.repaired_told_at
    if deadline is Deadline.RESPOND and fate.on_site_at is not None:
        done_at, told_at = fate.on_site_at, stand.on_site_told_at
    if done_at is None:
        return
    told_at = told_at or done_at
    healed_at, was_there = fate.healed_at, _was_there_when_it_healed(stand)
    when_gone = healed_at is not None and told_at > healed_at
    yield _Answer(done_at=done_at, told_at=told_at, when_gone=when_gone and not was_there)
    if when_gone and was_there and healed_at is not None:
        yield _Answer(done_at=healed_at, told_at=healed_at)


def _was_there_when_it_healed(stand: Stand) -> bool:
    """Somebody had said so by then."""
    on_site_at, healed_at = stand.fate.on_site_at, stand.fate.healed_at
    return on_site_at is not None and healed_at is not None and (stand.on_site_told_at or on_site_at) <= healed_at
