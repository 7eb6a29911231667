"""The time between failures counts a camera's own falls, each once."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert

from tests.builders.stored_cameras import store_camera
from vms.assessment.figure import FigureKind
from vms.assessment.grouping import GroupBy
from vms.assessment.period import Period
from vms.assessment.profile import USUAL, Profile
from vms.services.assessment.assess import Asked, assess
from vms.store.schema import flips, outage_cameras, outages, watch_sessions

MAY = Period(first=date(2026, 5, 1), last=date(2026, 5, 31), zone=ZoneInfo("Asia/Shanghai"))
START, HOUR = MAY.interval.start, timedelta(hours=1)


def a_run(tx: Connection, first_h: int, last_h: int) -> int:
    row = insert(watch_sessions).values(started_at=START + first_h * HOUR, alive_at=START + last_h * HOUR)
    row = row.values(interval_s=60.0, once=False, figures={}).returning(watch_sessions.c.id)
    return tx.execute(row).scalar_one()


def said(tx: Connection, camera_id: int, run: int, at_h: float, status: str) -> None:
    row = {"camera_id": camera_id, "session_id": run, "from_status": "unknown", "because": ""}
    tx.execute(insert(flips).values(**row, to_status=status, at=START + at_h * HOUR))


def falls(database, *, charged: bool = False) -> int:
    profile = Profile(name="p", aims=USUAL.aims, outages_are_charged=charged)
    made = assess(database, Asked(period=MAY, by=GroupBy.TIER, profile=profile), MAY.interval.end)
    return made.total.tally.ratios[FigureKind.MTBF].whole


def test_a_camera_that_was_dead_before_the_month_does_not_fall_in_it(database) -> None:
    dead = store_camera(database, START - 99 * HOUR)
    with database.writing() as tx:
        first, second, third = a_run(tx, -90, -1), a_run(tx, 1, 50), a_run(tx, 51, 700)
        said(tx, dead, first, -90, "up")
        said(tx, dead, first, -50, "down")
        said(tx, dead, first, -2, "unknown")  # our own side was cut off
        for run, at_h in ((second, 1), (third, 51)):
            said(tx, dead, run, at_h, "suspect")
            said(tx, dead, run, at_h + 0.1, "down")
    assert falls(database) == 0


def test_a_fall_in_an_outage_counts_where_outages_are_charged(database) -> None:
    camera_id = store_camera(database, START - 99 * HOUR)
    with database.writing() as tx:
        run = a_run(tx, -90, 700)
        for at_h, status in ((-90, "up"), (10, "down"), (12, "up"), (100, "down"), (101, "up")):
            said(tx, camera_id, run, at_h, status)
        from_at, until_at = START + 10 * HOUR, START + 12 * HOUR
        row = insert(outages).values(opened_at=from_at, found_at=from_at, fell_from=from_at, kind="switch", cause="1")
        row = row.values(name="s", source="typed", because="", cameras=1).returning(outages.c.id)
        values = {"outage_id": tx.execute(row).scalar_one(), "camera_id": camera_id}
        tx.execute(insert(outage_cameras).values(**values, from_at=from_at, until_at=until_at))
    assert falls(database) == 1
    assert falls(database, charged=True) == 2
