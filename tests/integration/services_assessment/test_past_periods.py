"""The figures of a month that is over are the same whenever they are asked, whatever became of its cameras since."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import insert, update

from tests.builders.stored_cameras import store_camera
from vms.assessment.figure import FigureKind
from vms.assessment.grouping import GroupBy
from vms.assessment.period import Period
from vms.assessment.profile import USUAL
from vms.assessment.words import in_chinese
from vms.inventory.camera import LifeCycle
from vms.inventory.tier import Tier
from vms.services.assessment.assess import Asked, assess
from vms.services.assessment.note_day import note_day
from vms.services.assessment.plain import plain_assessment
from vms.store import camera_changes, daily_sets
from vms.store.camera_changes import Author, FieldChange
from vms.store.daily_sets import What
from vms.store.schema import cameras, flips, recording_checks, stills, watch_sessions, watches

ZONE = ZoneInfo("Asia/Shanghai")
MAY = Period(first=date(2026, 5, 1), last=date(2026, 5, 31), zone=ZONE)
NOON = datetime(2026, 5, 20, 4, tzinfo=UTC)
JULY = datetime(2026, 7, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def a_town(database) -> list[int]:
    """Six cameras, up all month: a still of each but the last, recordings of the first four of which two reach back as
    far as they must, the first three filed."""
    ids = [
        store_camera(database, MAY.interval.start, name=f"{i}", tier=Tier.UNIT, life_cycle=LifeCycle.APPROVED)
        for i in range(6)
    ]
    with database.writing() as tx:
        run = insert(watch_sessions).values(
            started_at=MAY.interval.start, alive_at=JULY, interval_s=60.0, once=False, figures={}
        )
        session_id = tx.execute(run.returning(watch_sessions.c.id)).scalar_one()
        for i, camera_id in enumerate(ids):
            told = {"camera_id": camera_id, "session_id": session_id, "because": ""}
            tx.execute(insert(flips).values(at=MAY.interval.start, from_status="unknown", to_status="up", **told))
            row = insert(watches).values(status="up", since=MAY.interval.start, layers={}, updated_at=NOON, **told)
            tx.execute(row.values(clock_offset_s=0.1 if i < 5 else None))
            if i < 5:
                tx.execute(insert(stills).values(camera_id=camera_id, at=NOON, file="a", statistics={}))
            if i < 4:
                checked = {"camera_id": camera_id, "checked_at": NOON, "source": "camera", "because": ""}
                tx.execute(
                    insert(recording_checks).values(days_kept=31.0 if i < 2 else 12.0, days_wanted=30, **checked)
                )
            if i < 3:
                tx.execute(update(cameras).where(cameras.c.id == camera_id).values(filing_no="B-1"))
    return ids


def change(database, camera_id: int, now: datetime, **to: object) -> None:
    with database.writing() as tx:
        row = tx.execute(cameras.select().where(cameras.c.id == camera_id)).mappings().one()
        changed = [FieldChange(camera_id=camera_id, field=name, before=row[name], after=to[name]) for name in to]
        camera_changes.keep(tx, changed, Author(who="a"), now)
        tx.execute(update(cameras).where(cameras.c.id == camera_id).values(**to))


def told(database, now: datetime, period: Period = MAY) -> dict[str, object]:
    made = plain_assessment(assess(database, Asked(period=period, by=GroupBy.TIER, profile=USUAL), now))
    return {**made, "groups": made["groups"]}


def shares(made: dict) -> dict[str, tuple[int, int]]:
    return {one["kind"]: (one["part"], one["whole"]) for one in made["total"]["figures"]}


def test_a_month_told_in_june_and_in_july_is_the_same(database) -> None:
    ids = a_town(database)
    note_day(database, ZONE, NOON + timedelta(minutes=30))
    in_june = told(database, MAY.interval.end + 2 * DAY)
    two_days_us = 2 * DAY // timedelta(microseconds=1)  # of the look, and the next
    assert shares(in_june)[FigureKind.RETENTION_COMPLIANCE] == (2, 4)
    assert shares(in_june)[FigureKind.FILING_RATE] == (3, 6)
    assert shares(in_june)[FigureKind.IMAGE_QUALITY_RATE] == (5 * two_days_us, 5 * two_days_us)
    assert shares(in_june)[FigureKind.CLOCK_ACCURACY_RATE] == (5 * two_days_us, 5 * two_days_us)

    june = MAY.interval.end + 10 * DAY
    change(database, ids[0], june, filing_no="", tier="government", retention_days=90)
    change(database, ids[4], june, filing_no="B-9")
    change(database, ids[5], june, life_cycle="retired")
    with database.writing() as tx:
        tx.execute(update(stills).values(at=june))
        tx.execute(insert(stills).values(camera_id=ids[5], at=june, file="b", statistics={}))
        tx.execute(update(recording_checks).values(checked_at=june, days_kept=1.0))
        tx.execute(update(watches).values(clock_offset_s=None))
    note_day(database, ZONE, june)
    assert told(database, JULY) == in_june
    june_told = shares(told(database, JULY, Period(first=date(2026, 6, 1), last=date(2026, 6, 30), zone=ZONE)))
    assert june_told[FigureKind.RETENTION_COMPLIANCE] == (0, 4), "and June has its own"


def test_the_newer_word_of_a_day_counts_and_what_was_looked_at_once_stays(database) -> None:
    ids = a_town(database)
    note_day(database, ZONE, NOON)
    with database.writing() as tx:
        tx.execute(update(stills).values(at=NOON - DAY))
        tx.execute(update(recording_checks).where(recording_checks.c.camera_id == ids[0]).values(days_kept=3.0))
    note_day(database, ZONE, NOON + timedelta(hours=1))
    with database.reading() as tx:
        diagnosed = daily_sets.of_day(tx, NOON.date(), What.DIAGNOSED)
        retained = daily_sets.of_day(tx, NOON.date(), What.RETAINED)
    assert [one for one in ids if one in diagnosed] == ids[:5]
    assert [one for one in ids if one in retained] == [ids[1]]


def test_what_was_not_kept_then_is_said_with_the_day_since_when_it_is(database) -> None:
    a_town(database)
    april = Period(first=date(2026, 4, 1), last=date(2026, 4, 30), zone=ZONE)
    with database.writing() as tx:
        tx.execute(update(cameras).values(created_at=april.interval.start))
    kinds = (FigureKind.RETENTION_COMPLIANCE, FigureKind.IMAGE_QUALITY_RATE, FigureKind.CLOCK_ACCURACY_RATE)

    def reasons() -> set[str]:
        figures = {one["kind"]: one for one in told(database, JULY, april)["total"]["figures"]}
        assert all(figures[kind]["value"] is None for kind in kinds)
        return {figures[kind]["because"] for kind in kinds}

    assert reasons() == {"what is looked at on a day is not kept yet"}
    note_day(database, ZONE, NOON)
    assert reasons() == {"what was looked at on a day was not kept before 2026-05-20"}
    assert in_chinese(reasons().pop()) == "2026-05-20 之前的每日检查情况没有留存"
