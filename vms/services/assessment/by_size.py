"""Small assessments are counted where they are asked for, large ones beside: a start of a process costs a second."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from vms.assessment.period import Period
from vms.assessment.profile import Profile
from vms.services.assessment.assess import Assessment
from vms.services.assessment.office import Assess, Question
from vms.store import cameras
from vms.store.database import Database

SMALL = 100_000
"""Days of cameras, where a camera costs BEFORE days before its first."""
BEFORE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class BySize:
    database: Database
    here: Assess
    beside: Assess
    small: int = SMALL

    def __call__(self, question: Question, profile: Profile, zone: ZoneInfo, now: datetime) -> Assessment:
        """Blocking. Raises BadInput, TryAgain."""
        days = len(Period(first=question.first, last=question.last, zone=zone).days)
        with self.database.reading() as tx:
            is_large = cameras.are_more_than(tx, self.small // (BEFORE + days))
        return (self.beside if is_large else self.here)(question, profile, zone, now)
