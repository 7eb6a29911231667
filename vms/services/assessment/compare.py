"""Two profiles held against the same days: how the ranking differs."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from vms.assessment.profile import Profile
from vms.services.archive.archive_memory import ArchiveMemory
from vms.services.assessment.assess import Assessment, judged_anew
from vms.services.assessment.office import Question, assess_by
from vms.store.database import Database


@dataclass(frozen=True, slots=True)
class Comparison:
    one: Assessment
    other: Assessment
    """The same groups, in an order of its own."""


def compare_profiles(
    database: Database,
    question: Question,
    one: Profile,
    other: Profile,
    zone: ZoneInfo,
    now: datetime,
    *,
    archive: ArchiveMemory | None = None,
) -> Comparison:
    """Counted once, unless only one of them charges outages. Blocking. Raises BadInput."""
    first = assess_by(database, question, one, zone, now, archive=archive)
    if one.outages_are_charged == other.outages_are_charged:
        return Comparison(first, judged_anew(first, other))
    return Comparison(first, assess_by(database, question, other, zone, now, archive=archive))
