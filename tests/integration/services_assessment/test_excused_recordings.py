"""Recordings that a power cut prevented are not held against the camera; those that it missed otherwise are."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import insert

from tests.builders.stored_cameras import store_camera
from vms.assessment.figure import FigureKind
from vms.assessment.grouping import GroupBy
from vms.assessment.period import Period
from vms.assessment.profile import USUAL, Profile
from vms.services.assessment.assess import Asked, assess
from vms.store.schema import notice_cameras, notices, outage_cameras, outages, recording_days

AUTUMN = Period(first=date(2026, 10, 24), last=date(2026, 10, 26), zone=ZoneInfo("Europe/Berlin"))
START, HOUR = AUTUMN.interval.start, timedelta(hours=1)


def recorded(database, *, charged: bool) -> tuple[float, float]:
    """Hours (recorded, asked for)."""
    profile = Profile(name="p", aims=USUAL.aims, outages_are_charged=charged)
    made = assess(database, Asked(period=AUTUMN, by=GroupBy.TIER, profile=profile), AUTUMN.interval.end)
    ratio = made.total.tally.ratios[FigureKind.RECORDING_INTEGRITY]
    return ratio.part / 3.6e9, ratio.whole / 3.6e9


def test_notices_are_left_out_and_outages_as_the_profile_says(database) -> None:
    camera_id = store_camera(database, START)
    with database.writing() as tx:
        days = ((24, 24, 24, []), (25, 25, 0, []), (26, 24, 18, [[3600.0, 5 * 3600.0], [72000.0, 79200.0]]))
        for day, planned_h, recorded_h, gaps in days:
            told = {"camera_id": camera_id, "day": f"2026-10-{day}", "plan_s": planned_h * 3600.0, "gaps": gaps}
            told |= {"recorded_s": recorded_h * 3600.0, "missing_s": (planned_h - recorded_h) * 3600.0}
            row = insert(recording_days).values(**told, expired_s=0.0, source="g", checked_at=datetime.now(UTC))
            tx.execute(row)
        row = insert(notices).values(kind="power_cut", reason="r", scope={}, asked_by="a", asked_at=START, note="")
        row = row.values(state="approved", start_at=START + 24 * HOUR, end_at=START + 49 * HOUR, cameras=1)
        notice_id = tx.execute(row.returning(notices.c.id)).scalar_one()
        tx.execute(insert(notice_cameras).values(notice_id=notice_id, camera_id=camera_id))
        fell, back = START + 51 * HOUR, START + 55 * HOUR  # the third day from 2 h to 6 h: three of them are in its gap
        row = insert(outages).values(opened_at=fell, found_at=fell, fell_from=fell, kind="switch", cause="1", name="s")
        row = row.values(source="typed", because="", cameras=1).returning(outages.c.id)
        outage = {"outage_id": tx.execute(row).scalar_one(), "camera_id": camera_id}
        tx.execute(insert(outage_cameras).values(**outage, from_at=fell, until_at=back))
    assert recorded(database, charged=True) == (24 + 18, 24 + 24)
    assert recorded(database, charged=False) == (24 + 17, 24 + 20)
