"""Which moment of a camera's recordings is played, and what it is worth that something was played."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from vms.core.intervals import Interval
from vms.health.pace import phase_of

FAILURES = 2
"""In a row make a fault: one night's failure may be ours."""
LEAST = timedelta(seconds=30)
"""Of data; in less there may be no key frame."""
SPAN = timedelta(hours=2)
ANOTHER_TIME, TIME_NOT_TOLD = "another_time", "time_not_told"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """`ok` None: it could not be told; nobody is blamed."""

    of: datetime | None
    """The moment that was asked for, in our time."""
    ok: bool | None
    because: str = ""


def some_moment(number: int, oldest: datetime | None, newest: datetime, now: datetime) -> Interval:
    """Two hours within what is kept, other ones each time; a camera's last hours where it tells no beginning."""
    oldest = newest - SPAN if oldest is None else min(oldest, newest)
    share = (phase_of(number) + phase_of(now.date().toordinal())) % 1.0
    start = max(oldest, oldest + (newest - SPAN - oldest) * share)
    return Interval(start, max(min(start + SPAN, newest), start + LEAST))


def moment_in(spans: tuple[Interval, ...]) -> datetime | None:
    """The middle of the longest span; None: nothing long enough."""
    longest = max(spans, key=lambda span: span.length, default=None)
    if longest is None or longest.length < LEAST:
        return None
    middle = longest.start + longest.length / 2
    return middle.replace(microsecond=0)


def judge_moment(asked: datetime, shown: datetime | None, wrong_by: timedelta) -> Sample:
    if shown is None:
        return Sample(of=asked, ok=True, because=TIME_NOT_TOLD)
    if abs(shown - asked) > wrong_by:
        return Sample(of=asked, ok=False, because=ANOTHER_TIME)
    return Sample(of=asked, ok=True)
