"""Two profiles held against the same days: how the ranking differs."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from vms.assessment.profile import Profile
from vms.services.assessment.assess import Assessment, judged_anew
from vms.services.assessment.office import Assess, Question


@dataclass(frozen=True, slots=True)
class Comparison:
    one: Assessment
    other: Assessment
    """The same groups, in an order of its own."""


def compare_profiles(
    question: Question, one: Profile, other: Profile, zone: ZoneInfo, now: datetime, *, assess: Assess
) -> Comparison:
    """Counted once, unless only one of them charges outages. Blocking. Raises BadInput, TryAgain."""
    first = assess(question, one, zone, now)
    if one.outages_are_charged == other.outages_are_charged:
        return Comparison(first, judged_anew(first, other))
    return Comparison(first, assess(question, other, zone, now))
