"""A camera's calendar and the assessment count one and the same time: what they tell adds up to the microsecond."""

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, update

from tests.builders.stored_cameras import store_camera
from vms.assessment.day_parts import DayPart
from vms.assessment.grouping import GroupBy
from vms.assessment.period import Period
from vms.assessment.profile import USUAL, Profile
from vms.inventory.camera import LifeCycle
from vms.inventory.tier import Tier
from vms.services.assessment.assess import Asked, assess
from vms.services.assessment.profiles import put_profile
from vms.services.camera_days import last_days
from vms.store import camera_changes
from vms.store.camera_changes import Author, FieldChange
from vms.store.database import Database
from vms.store.schema import (
    blind_cameras,
    blind_spells,
    cameras,
    faults,
    flips,
    notice_cameras,
    notices,
    outage_cameras,
    outages,
    watch_sessions,
)

ZONE = ZoneInfo("Europe/Helsinki")
DAYS = 6
PERIOD = Period(first=date(2026, 3, 26), last=date(2026, 3, 31), zone=ZONE)
"""With the night of summer time."""
START = PERIOD.interval.start
NOW = START + timedelta(days=5, hours=7, microseconds=3)
MICROSECOND = timedelta(microseconds=1)


@pytest.fixture
def ids(database: Database) -> list[int]:
    """Eight cameras with a past of every kind, drawn by lot."""
    lot = random.Random(79)

    def stretch() -> tuple[datetime, datetime]:
        since = START + timedelta(microseconds=lot.randrange(-(10**11), 5 * 10**11))
        return since, since + timedelta(microseconds=lot.randrange(1, 2 * 10**11))

    found = [
        store_camera(
            database, START + timedelta(hours=17 * (n - 3)), name=f"{n}", tier=Tier.UNIT, life_cycle=LifeCycle.APPROVED
        )
        for n in range(8)
    ]
    with database.writing() as tx:
        for first, last in ((-20, 30), (31, 80), (79, 200)):
            run = {"started_at": START + timedelta(hours=first), "alive_at": START + timedelta(hours=last)}
            run |= {"interval_s": 60.0, "once": False, "figures": {}}
            session_id = tx.execute(insert(watch_sessions).values(run).returning(watch_sessions.c.id)).scalar_one()
            told = {"session_id": session_id, "because": ""}
            for camera_id in found:
                was, when = "unknown", run["started_at"] + timedelta(seconds=lot.randrange(500))
                while when < min(run["alive_at"], NOW):
                    now = lot.choice([one for one in ("up", "down", "suspect", "unknown") if one != was])
                    step = {"camera_id": camera_id, "at": when, "from_status": was, "to_status": now, **told}
                    tx.execute(insert(flips).values(step))
                    was, when = now, when + timedelta(seconds=lot.randrange(1, 30_000))
            blind = {"session_id": session_id, "ground": "eth0", "because": "", "whole": False}
            since, until = stretch()
            blind |= {"from_at": since, "until_at": until}
            spell_id = tx.execute(insert(blind_spells).values(blind).returning(blind_spells.c.id)).scalar_one()
            tx.execute(insert(blind_cameras), [{"spell_id": spell_id, "camera_id": one} for one in found[:3]])
        for camera_id in found:
            since, until = stretch()
            notice = {
                "kind": "maintenance",
                "reason": "",
                "scope": {"kind": "camera", "values": []},
                "start_at": since,
                "end_at": until,
                "cameras": 1,
            }
            notice |= {"asked_at": START, "asked_by": "a", "state": "approved"}
            notice_id = tx.execute(insert(notices).values(notice).returning(notices.c.id)).scalar_one()
            tx.execute(insert(notice_cameras).values(notice_id=notice_id, camera_id=camera_id))
            since, until = stretch()
            outage = {"kind": "switch", "cause": "7", "name": "", "source": "typed", "because": "", "cameras": 5}
            outage |= {"opened_at": since, "found_at": since, "closed_at": until, "fell_from": since}
            outage_id = tx.execute(insert(outages).values(outage).returning(outages.c.id)).scalar_one()
            fallen = {"outage_id": outage_id, "camera_id": camera_id, "from_at": since, "until_at": until}
            tx.execute(insert(outage_cameras).values(fallen))
            since, until = stretch()
            fault = {"camera_id": camera_id, "kind": "blur", "layer": "picture", "severity": "major", "because": ""}
            tx.execute(insert(faults).values(opened_at=since, closed_at=until, **fault))
        left = FieldChange(camera_id=found[1], field="life_cycle", before="approved", after="retired")
        camera_changes.keep(tx, [left], Author(who="a"), START + timedelta(days=3))
        tx.execute(update(cameras).where(cameras.c.id == found[1]).values(life_cycle="retired"))
    return found


def told_by_calendars(database: Database, ids: list[int]) -> Counter[DayPart]:
    whole: Counter[DayPart] = Counter()
    for camera_id in ids:
        with database.reading() as tx:
            _, days = last_days(tx, camera_id, DAYS, ZONE, NOW)
        assert [day.day for day in days] == list(PERIOD.days)
        for day in days:
            assert sum(day.parts.values(), timedelta()) == day.end - day.start
            whole.update({part: length // MICROSECOND for part, length in day.parts.items()})
    return whole


@pytest.mark.parametrize("charged", [False, True])
def test_the_calendars_of_all_cameras_add_up_to_the_assessment(
    database: Database, ids: list[int], charged: bool
) -> None:
    profile = Profile(name="ours", aims=USUAL.aims, outages_are_charged=charged)
    put_profile(database, profile, is_default=True, who="a", now=START)
    made = assess(database, Asked(period=PERIOD, by=GroupBy.TIER, profile=profile), NOW).total.tally.time_us
    told = told_by_calendars(database, ids)
    assert all(told[part] for part in DayPart if part is not DayPart.OUTAGE)
    assert bool(told[DayPart.OUTAGE]) is not charged
    assert {part: told[DayPart(part)] for part in made if part != "assessable"} == {
        part: us for part, us in made.items() if part != "assessable"
    }
    assert told[DayPart.DOWN] + told[DayPart.ILL] + told[DayPart.GOOD] == made["assessable"]


def test_what_was_announced_before_the_camera_was_there_is_no_notice(sqlite_database: Database) -> None:
    camera_id = store_camera(
        sqlite_database, NOW - timedelta(hours=1), name="1", tier=Tier.UNIT, life_cycle=LifeCycle.APPROVED
    )
    with sqlite_database.writing() as tx:
        told = {
            "kind": "maintenance",
            "reason": "",
            "scope": {"kind": "camera", "values": []},
            "start_at": START,
            "end_at": NOW,
            "cameras": 1,
        }
        told |= {"asked_at": datetime(2026, 3, 1, tzinfo=UTC), "asked_by": "a", "state": "approved"}
        notice_id = tx.execute(insert(notices).values(told).returning(notices.c.id)).scalar_one()
        tx.execute(insert(notice_cameras).values(notice_id=notice_id, camera_id=camera_id))
    whole = told_by_calendars(sqlite_database, [camera_id])
    assert whole[DayPart.NOTICE] == 0
    assert whole[DayPart.UNWATCHED] == timedelta(hours=1) // MICROSECOND
    assert whole[DayPart.NOT_IN_SERVICE] == (NOW - START - timedelta(hours=1)) // MICROSECOND
