"""The day's summary, retention, and the jobs that run them."""

import asyncio
import os
from datetime import date, datetime, timedelta

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import func, select

from tests.builders.health import GOOD, NOON, UNREACHABLE, watch_through
from tests.builders.polled_city import until
from tests.builders.stored_cameras import store_camera
from vms.core.clock import system_clock
from vms.health.footage import DayOfFootage
from vms.health.watch import Watch
from vms.services.forget_old import forget_old
from vms.services.periodic import PeriodicSettings, periodic_jobs
from vms.services.retention_rules import RetentionRules
from vms.services.summarise_health import METRICS, summarise_day, summarise_missing_days
from vms.store import credential_uses, credentials, daily_numbers, events, fault_list, sign_ins, stills
from vms.store.credential_uses import Purpose, Use
from vms.store.fault_list import FaultFilter
from vms.store.faults import FaultState
from vms.store.recordings import put_days
from vms.store.schema import flips, watch_sessions
from vms.store.secret_box import SecretBox
from vms.store.stills import Still
from vms.store.watch_sessions import beat, start_session
from vms.store.watching import save, transition

DAY_S = 86_400.0


def watched_from_noon_to_midnight(database, *, now: datetime = NOON):
    """A camera up from noon to six, then down until midnight, when the poller is killed."""
    camera_id = store_camera(database, now)
    with database.writing() as tx:
        session_id = start_session(tx, 60.0, now)
    watch = Watch(camera_id=camera_id, session_id=session_id, since=now)
    steps = watch_through(GOOD, UNREACHABLE, UNREACHABLE, UNREACHABLE, watch=watch)
    news = [transition(step, step.watch.since) for step in steps if step.flip]
    with database.writing() as tx:
        save(tx, session_id, news, now)
        evening = now + timedelta(hours=6)
        tx.execute(flips.update().where(flips.c.to_status != "up").values(at=evening))
        beat(tx, session_id, now + timedelta(hours=12))
    return camera_id


def metrics(database, camera_id, day) -> dict[str, float]:
    with database.reading() as tx:
        return {number.metric: number.sum.total for number in daily_numbers.of_camera(tx, camera_id, day)}


def test_a_day_is_summed_up_to_the_second(database):
    camera_id = watched_from_noon_to_midnight(database)
    assert summarise_day(database, NOON.date()) == 1
    hours = {name: value / 3600 for name, value in metrics(database, camera_id, NOON.date()).items()}
    assert hours == {"up_s": 6.0, "suspect_s": 0.0, "down_s": 6.0, "unknown_s": 12.0}


def test_a_summary_made_twice_counts_once(database):
    camera_id = watched_from_noon_to_midnight(database)
    for _ in range(2):
        summarise_day(database, NOON.date())
    assert sum(metrics(database, camera_id, NOON.date()).values()) == DAY_S


def test_days_that_were_missed_are_caught_up_once(database):
    watched_from_noon_to_midnight(database)
    later = NOON + timedelta(days=3)
    assert summarise_missing_days(database, later) == [NOON.date()], "days that nobody watched are left out"
    assert summarise_missing_days(database, later) == []


def a_day_of_footage(day: date) -> DayOfFootage:
    none, whole = timedelta(), timedelta(days=1)
    return DayOfFootage(day=day, planned=whole, recorded=whole, expired=none, missing=none, gaps=())


def test_old_rows_go_but_not_the_last_word_on_a_camera(database, tmp_path):
    camera_id = watched_from_noon_to_midnight(database)
    with database.writing() as tx:
        start_session(tx, 60.0, NOON + timedelta(days=1))
        for day in (NOON.date(), NOON.date() + timedelta(days=30)):
            put_days(tx, camera_id, [(a_day_of_footage(day), NOON)], "camera", NOON)
    rules = RetentionRules(events_days=1, history_days=1, daily_numbers_days=1)
    summarise_day(database, NOON.date())
    result = forget_old(database, tmp_path, rules, NOON + timedelta(days=30))
    assert (result.rows["events"], result.rows["flips"], result.rows["faults"]) == (4, 2, 0)
    assert (result.rows["daily_numbers"], result.rows["recording_days"]) == (len(METRICS), 1)
    with database.reading() as tx:
        assert tx.execute(select(flips.c.to_status)).scalars().all() == ["down"]
        assert tx.execute(select(func.count()).select_from(watch_sessions)).scalar_one() == 2
        assert len(events.after(tx, 0, 10)) == 1, "readers can go on from the newest"
        found = fault_list.page(tx, FaultFilter(state=FaultState.ALL, camera_id=camera_id), now=NOON)
        assert found.total == 1, "an open fault stays"


def test_who_used_which_credential_is_kept_for_six_months(database, tmp_path):
    with database.writing() as tx:
        used = credentials.put(tx, SecretBox(Fernet.generate_key()), "city", "admin", "pw", NOON)
        for days in (0, 10):
            use = Use(credential_id=used, purpose=Purpose.POLL, who="poller")
            credential_uses.note(tx, [use], NOON + timedelta(days=days))
    assert forget_old(database, tmp_path, RetentionRules(), NOON + timedelta(days=184)).rows["credential_uses"] == 0
    assert forget_old(database, tmp_path, RetentionRules(), NOON + timedelta(days=185)).rows["credential_uses"] == 1
    with database.reading() as tx:
        assert [one.day for one in credential_uses.of_credential(tx, used).items] == [
            (NOON + timedelta(days=10)).date()
        ]


def test_stills_that_no_row_names_are_cleared_away(sqlite_database, tmp_path):
    camera_id = store_camera(sqlite_database, NOON)
    with sqlite_database.writing() as tx:
        stills.put_many(tx, [Still(camera_id=camera_id, at=NOON, file=f"{camera_id}.jpg", statistics={})])
    old_s = system_clock().timestamp() - 7200
    for name in (f"{camera_id}.jpg", "77.jpg", "78.part", "notes.txt"):
        (tmp_path / name).write_bytes(b"")
        os.utime(tmp_path / name, (old_s, old_s))
    (tmp_path / "79.jpg").write_bytes(b"")
    result = forget_old(sqlite_database, tmp_path, RetentionRules(), NOON)
    assert result.still_files == 2
    assert {file.name for file in tmp_path.iterdir()} >= {f"{camera_id}.jpg", "79.jpg", "notes.txt"}


async def test_the_jobs_are_listed_with_their_next_run(sqlite_database, tmp_path):
    async def sweep() -> None: ...

    settings = PeriodicSettings(stills_folder=tmp_path, discover=sweep, discover_every_h=6.0)
    began = system_clock()
    async with periodic_jobs(sqlite_database, settings) as jobs:
        listed = {job.name: job.next_run_at - began for job in jobs.listed()}
        assert set(listed) == {"discovery", "lists", "retention", "summary", "supply"}
        assert listed["discovery"] == pytest.approx(timedelta(hours=6), abs=timedelta(seconds=5))
        assert listed["summary"] < timedelta(minutes=2), "what was missed is caught up soon"
        assert listed["retention"] <= timedelta(days=1)
        await jobs.run_now("summary")
        await jobs.run_now("retention")
        with pytest.raises(KeyError):
            await jobs.run_now("nonsense")


async def test_a_sweep_runs_again_and_again_even_after_it_failed(sqlite_database, tmp_path, caplog):
    swept: list[datetime] = []
    twice = asyncio.Event()

    async def sweep() -> None:
        swept.append(system_clock())
        if len(swept) > 1:
            twice.set()
        raise OSError("the network is away")

    settings = PeriodicSettings(stills_folder=tmp_path, discover=sweep, discover_every_h=0.1 / 3600)
    async with periodic_jobs(sqlite_database, settings):
        await asyncio.wait_for(twice.wait(), 10)
        await until(lambda: "the network is away" in caplog.text, 5, "the failure is logged")


def test_refused_sign_ins_are_forgotten_after_a_day(sqlite_database, tmp_path):
    with sqlite_database.writing() as tx:
        sign_ins.add_refusal(tx, "nobody", "127.0.0.1", NOON)
        sign_ins.add_refusal(tx, "nobody", "127.0.0.1", NOON + timedelta(days=2))
    now = NOON + timedelta(days=2, minutes=1)
    assert forget_old(sqlite_database, tmp_path, RetentionRules(), now).rows["sign_ins"] == 1
    with sqlite_database.reading() as tx:
        assert sign_ins.refusals_since(tx, "nobody", "127.0.0.1", NOON - timedelta(days=1))[0] == 1
