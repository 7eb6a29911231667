"""What our looking may cost a device in a day, and who goes first when it gets short."""

from dataclasses import dataclass
from enum import StrEnum

from vms.health.pace import DAY_S


class Reason(StrEnum):
    """Why a device is asked."""

    INCIDENT = "incident"
    WALL = "wall"
    POLL = "poll"
    """Is it there, does it answer; and the proof that it plays where it does not."""
    DIAGNOSIS = "diagnosis"
    """Stills, bursts, recordings, sweeps, and proofs that come round."""


SHARES = {Reason.INCIDENT: 1.0, Reason.WALL: 0.95, Reason.POLL: 0.9, Reason.DIAGNOSIS: 0.75}
"""How much of the day's budget each may use up: what is left above is kept for those who go first. An incident is never
refused."""
BUDGET = "budget"
"""Why a reading says nothing: the day's budget is used up. Nobody is blamed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayBudget:
    """Of one device, a UTC day."""

    requests: int
    sign_ins: int

    def times(self, channels: int) -> "DayBudget":
        """A recorder's: each further channel brings a part of what a camera has, since its control is asked once."""
        if channels <= 1:
            return self
        parts = 1 + (channels - 1) * PART_OF_A_CHANNEL
        return DayBudget(requests=int(self.requests * parts), sign_ins=int(self.sign_ins * parts))


PART_OF_A_CHANNEL = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What one look costs at most, as far as is known before it."""

    requests: int = 1
    sign_ins: int = 0


CONTROL = Price()
STREAM = Price(requests=6, sign_ins=1)
"""DESCRIBE twice, SETUP, PLAY, TEARDOWN, and a second try at most."""
STILL = Price(requests=2, sign_ins=1)
STILL_FROM_STREAM = STREAM
RELEARN = Price(requests=12)
WHO_ANSWERS = Price(requests=3, sign_ins=1)
PULL = Price(requests=9, sign_ins=1)
"""A live pull is opened as a proof is, and may be asked for a key frame: the clock, who signs in, the key frame."""
KEEP_ALIVES_PER_MIN = 3
"""Of a stream that plays: one every half of its session's time-out, which is mostly a minute."""
HEAD = Price(requests=4, sign_ins=1)
"""The clock, where it stands; who answers by Digest is asked that twice."""
HEAD_AND_PRESETS = Price(requests=8, sign_ins=1)
"""And once a day its services and presets."""
CLOCK_REPAIR = Price(requests=8, sign_ins=1)
EVENTS = Price(requests=16, sign_ins=1)
TASK_STEP = Price(requests=16, sign_ins=1)
"""Who answers, read, write, read back up to three times."""


def usual_budget(interval_s: float) -> DayBudget:
    """A proof of life at every poll and some more besides: what a camera costs that answers by its stream alone."""
    polls = DAY_S / interval_s
    return DayBudget(
        requests=int(polls * (CONTROL.requests + STREAM.requests) * SPARE),
        sign_ins=int(polls * STREAM.sign_ins * 2 * SPARE),
    )


SPARE = 1.25


def may_spend(spent_requests: int, spent_sign_ins: int, price: Price, budget: DayBudget, reason: Reason) -> bool:
    """Whether this look still fits into what the day leaves for its reason; for an incident it always does."""
    if reason is Reason.INCIDENT:
        return True
    share = SHARES[reason]
    if spent_requests + price.requests > budget.requests * share:
        return False
    return not price.sign_ins or spent_sign_ins + price.sign_ins <= budget.sign_ins * share


def turns_to_last(spent_requests: int, budget: DayBudget, left_of_day_s: float, interval_s: float) -> int:
    """Turns of the wheel between two polls so that the day's budget lasts till its end; 1 where it does anyway."""
    left = budget.requests * SHARES[Reason.POLL] - spent_requests
    turns_left = left_of_day_s / interval_s
    if left >= turns_left:
        return 1
    return max(1, int(turns_left / left) + 1) if left >= 1 else max(1, int(turns_left))
