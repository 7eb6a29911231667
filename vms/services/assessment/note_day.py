"""Notes which cameras were looked at today, and how their recordings stood: what an assessment of these days will ask,
however late it is made."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from vms.health.footage import is_too_short
from vms.store import assessment_facts, daily_sets
from vms.store.daily_sets import EMPTY, CameraSet, What, camera_set
from vms.store.database import Database


def note_day(database: Database, zone: ZoneInfo, now: datetime) -> None:
    """Several times a day, each time with what came since. Blocking: some tenths of a second for 100,000 cameras."""
    day = now.astimezone(zone).date()
    with database.reading() as tx:
        found = looked_at(tx, day_start(now, zone))
    with database.writing() as tx:
        for what, cameras in found.items():
            before = daily_sets.of_day(tx, day, what) or EMPTY
            if what is What.RETAINED:
                before -= found[What.CHECKED]  # the newer word counts
            daily_sets.put(tx, day, what, before | cameras)


def looked_at(tx: Connection, since: datetime) -> dict[What, CameraSet]:
    """As far as it is known now."""
    kept = assessment_facts.days_kept(tx, since)
    return {
        What.DIAGNOSED: camera_set(assessment_facts.diagnosed(tx, since)),
        What.CLOCK_READ: camera_set(assessment_facts.with_clock(tx)),
        What.CHECKED: camera_set([one.camera_id for one in kept]),
        What.RETAINED: camera_set([one.camera_id for one in kept if not is_too_short(one.days_kept, one.days_wanted)]),
    }


def day_start(now: datetime, zone: ZoneInfo) -> datetime:
    return datetime.combine(now.astimezone(zone).date(), time(), zone).astimezone(UTC)
