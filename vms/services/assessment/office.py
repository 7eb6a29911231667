"""What the assessment of this office needs besides the period: its profile, its archive, who maintains what."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from vms.assessment.grouping import GroupBy
from vms.assessment.period import Period
from vms.assessment.profile import Profile
from vms.core.ids import OwnerId
from vms.inventory.tier import Tier
from vms.maintenance.assignment import first_that_fits
from vms.maintenance.scope import Scope
from vms.services.archive.archive_memory import ArchiveMemory
from vms.services.assessment.archive_ratios import archive_ratios
from vms.services.assessment.assess import Asked, Assessment, MaintainerOf, assess
from vms.services.assessment.plain import plain_assessment
from vms.services.assessment.profiles import profile_named
from vms.store import maintainers, past_assignments, regions
from vms.store.assessment_facts import AssessedCamera
from vms.store.database import Database


@dataclass(frozen=True, slots=True)
class Question:
    first: date
    last: date
    by: GroupBy
    region: str = ""
    profile: str = ""
    """Empty: the office's default."""


Assess = Callable[[Question, Profile, ZoneInfo, datetime], Assessment]
"""By this profile, whatever the question names. Blocking. Raises BadInput, TryAgain."""


def assess_here(database: Database, archive: ArchiveMemory | None = None) -> Assess:
    """In the thread that asks, which holds the interpreter for seconds where the town is large."""
    return lambda question, profile, zone, now: assess_by(database, question, profile, zone, now, archive=archive)


def assess_office(
    database: Database, question: Question, zone: ZoneInfo, now: datetime, *, assess: Assess
) -> dict[str, Any]:
    """Plain JSON values, see `plain_assessment`. Blocking. Raises BadInput, NotFound, TryAgain."""
    with database.reading() as tx:
        profile = profile_named(tx, question.profile)
    return plain_assessment(assess(question, profile, zone, now))


def assess_by(
    database: Database,
    question: Question,
    profile: Profile,
    zone: ZoneInfo,
    now: datetime,
    *,
    archive: ArchiveMemory | None = None,
) -> Assessment:
    """By this profile, whatever the question names. Blocking. Raises BadInput."""
    period = Period(first=question.first, last=question.last, zone=zone)
    with database.reading() as tx:
        who, names = _maintainers(tx, min(period.interval.end, now))
    return assess(
        database,
        Asked(period=period, by=question.by, profile=profile, within=question.region),
        now,
        archive=None if archive is None else archive_ratios(archive, now),
        maintainer_of=who,
        maintainer_names=names,
    )


def _maintainers(tx: Connection, end: datetime) -> tuple[MaintainerOf, Mapping[int, str]]:
    """By the rules that give out orders, as they were at the period's end; the firms' names are those of now."""
    rules, land = past_assignments.held_at(tx, end) or (maintainers.rules(tx), regions.land(tx))

    def who(camera: AssessedCamera) -> int | None:
        scope = Scope(
            region_code=camera.region_code,
            tier=Tier(camera.tier),
            point_class=camera.point_class,
            owner_id=None if camera.owner_id is None else OwnerId(camera.owner_id),
        )
        rule = first_that_fits(rules, scope, land)
        return None if rule is None else rule.maintainer_id

    return who, maintainers.names(tx)
