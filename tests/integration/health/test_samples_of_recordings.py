"""A moment of a recorder's footage is really played over real sockets: the right minute, by its own clock; what does
not play twice is a fault; what lies costs one camera; whom somebody looks through is let alone."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import text, update

from tests.builders.sim import until
from tests.builders.tasks import TaskCity, a_recorder, a_task_city
from vms.access.decide import LookKind
from vms.core.clock import system_clock
from vms.core.errors import Conflict
from vms.core.ids import CameraId, UserId
from vms.health.fault import FaultKind
from vms.health.quiet_hours import QuietHours
from vms.inventory.tier import Tier
from vms.services.recordings.check_device import CheckDesk, check_device
from vms.services.recordings.play_now import play_now
from vms.services.recordings.play_sample import play_sample
from vms.services.recordings.policy import RecordingPolicy
from vms.services.recordings.run_checks import run_checks
from vms.services.recordings.run_samples import play_all_due, run_samples
from vms.sim.footage_kept import ReplayHabit
from vms.sim.personality import PLAIN
from vms.sim.plan import CityPlan
from vms.store import device_costs, faults, looks, recording_list, recordings
from vms.store.looks import Look
from vms.store.recording_list import RecordingFilter
from vms.store.recording_targets import SampleTurn
from vms.store.schema import camera_devices
from vms.store.schema import cameras as camera_table
from vms.store.secret_box import SecretBox

DAY = timedelta(days=1)
NOW = datetime.now(UTC).replace(microsecond=0)
ZONE = ZoneInfo("Asia/Shanghai")


def hours_from(ago: timedelta) -> QuietHours:
    """Eleven hours; each device's own time lies within the first ten."""
    begin = (datetime.now(ZONE) - ago).time()
    minute = begin.hour * 60 + begin.minute
    return QuietHours(from_minute=minute, until_minute=(minute + 660) % 1440)


POLICY = RecordingPolicy(
    zone=ZONE,
    starts_per_s=200.0,
    spacing_s=0.0,
    request_s=3.0,
    sample_s=3.0,
    sample_hours=hours_from(timedelta(hours=10)),
)


def plan(last: int, **habits: object) -> CityPlan:
    return a_recorder(f"127.64.201.{last}", 2, replace(PLAIN, **habits))  # type: ignore[arg-type]


def desk_of(city: TaskCity, **policy: object) -> CheckDesk:
    made = replace(POLICY, **policy)  # type: ignore[arg-type]
    return CheckDesk(database=city.database, box=city.desk.box, policy=made, clock=system_clock)


def turn_of(city: TaskCity, at: int = 0) -> SampleTurn:
    (address,) = city.addresses
    return SampleTurn(
        device_id=city.device_ids[address],
        camera_id=city.camera_ids[address][at],
        oldest_at=NOW - 20 * DAY,
        newest_at=NOW - timedelta(minutes=1),
    )


def check_of(city: TaskCity, camera_id: int):
    with city.database.reading() as tx:
        return recordings.check_of(tx, camera_id)


def open_kinds(city: TaskCity, camera_id: int) -> dict[FaultKind, str]:
    with city.database.reading() as tx:
        return {fault.kind: fault.because for fault in faults.standing_faults(tx, [camera_id]).get(camera_id, ())}


async def looked_through(city: TaskCity) -> CheckDesk:
    """All of its cameras have been checked before."""
    with city.database.writing() as tx:
        tx.execute(update(camera_table).values(created_at=NOW - 400 * DAY))
        tx.execute(update(camera_devices).values(from_at=NOW - 400 * DAY))
    desk = desk_of(city)
    await check_device(desk, turn_of(city).device_id)
    return desk


async def test_a_moment_is_played_once_in_so_many_days_and_what_it_cost_is_counted(database) -> None:
    async with a_task_city(database, plan(1)) as city:
        desk = await looked_through(city)
        first, second = turn_of(city).camera_id, turn_of(city, 1).camera_id
        assert await play_all_due(desk_of(city, sample_hours=hours_from(timedelta(hours=12)))) == 0, (
            "by day nobody is bothered"
        )
        assert [await play_all_due(desk) for _ in range(3)] == [1, 1, 0], "one camera of a device at a time"
        for camera_id in (first, second):
            check = check_of(city, camera_id)
            assert (check.played_ok, check.play_because, check.play_failures) == (True, "", 0)
            assert check.play_of is not None and check.oldest_at <= check.play_of <= check.newest_at
        await check_device(desk, turn_of(city).device_id)
        assert check_of(city, first).played_ok is True, "the daily look leaves it"
        with database.reading() as tx:
            listed = recording_list.page(tx, RecordingFilter(plan=""), sort="-days_kept", limit=1, offset=1)
            (cost,) = device_costs.of_device(tx, turn_of(city).device_id, NOW.date())
        assert cost.sign_ins == 2 + 2 * 2
        assert (listed.total, len(listed.items), listed.items[0].days_wanted) == (2, 1, 30)


@pytest.mark.parametrize(("last", "habits"), [(2, {"clock_offset_s": 37.0}), (3, {"utc_wrong_by_zone": True})])
async def test_the_right_minute_is_fetched_whatever_the_devices_clock_says(sqlite_database, last, habits) -> None:
    async with a_task_city(sqlite_database, plan(last, **habits)) as city:
        live, turn = city.device(), turn_of(city)
        sample = await play_sample(desk_of(city), turn)
        assert sample is not None and (sample.ok, sample.because) == (True, "")
        (asked,) = live.rare.replayed
        error_s = (asked - sample.of).total_seconds() - live.clock_offset_s
        assert abs(error_s) <= 1, "asked for by its clock, told by ours"


async def test_what_does_not_play_twice_is_a_fault_until_it_plays(sqlite_database) -> None:
    async with a_task_city(sqlite_database, plan(4)) as city:
        desk = await looked_through(city)
        turn = turn_of(city)
        because = {}
        for habit in (ReplayHabit.SENDS_NOTHING, ReplayHabit.ENDLESS, ReplayHabit.RUBBISH, ReplayHabit.ANOTHER_TIME):
            city.device().rare.replay = habit
            for night in range(2):
                sample = await play_sample(replace(desk, policy=replace(desk.policy, sample_s=1.0)), turn)
                assert sample is not None and sample.ok is False
                assert (FaultKind.RECORDING_UNPLAYABLE in open_kinds(city, turn.camera_id)) is bool(night)
            because[habit.value] = open_kinds(city, turn.camera_id)[FaultKind.RECORDING_UNPLAYABLE]
            city.device().rare.replay = ReplayHabit.PLAYS
            assert (await play_sample(desk, turn)).ok is True
            assert open_kinds(city, turn.camera_id) == {}
        assert because.pop("endless") in ("too_large", "no_key_frame"), "whichever limit it meets first"
        assert because == {
            "sends_nothing": "no_media",
            "rubbish": "not_a_picture",
            "another_time": "another_time",
        }
        city.device().rare.replay = ReplayHabit.TELLS_NO_TIME
        sample = await play_sample(desk, turn)
        assert (sample.ok, sample.because) == (True, "time_not_told")


async def test_whom_somebody_looks_through_is_let_alone_and_who_has_no_session_left_is_not_blamed(
    sqlite_database,
) -> None:
    async with a_task_city(sqlite_database, plan(5, max_sessions=0)) as city:
        desk = await looked_through(city)
        turn = turn_of(city)
        sample = await play_sample(desk, turn)
        assert sample is not None and (sample.ok, sample.because) == (None, "busy")
        assert check_of(city, turn.camera_id).play_failures == 0
        look = Look(
            at=NOW - 5 * DAY,
            camera_id=CameraId(turn_of(city, 1).camera_id),
            user_id=UserId(1),
            user_name="an operator",
            kind=LookKind.LIVE,
            allowed=True,
            because="",
        )
        with sqlite_database.writing() as tx:
            look_id = await asyncio.to_thread(looks.append, tx, look)
        before = dict(city.device().operations)
        assert await play_sample(desk, turn) is None
        with pytest.raises(Conflict) as refused:
            await play_now(desk, turn.camera_id)
        assert refused.value.code == "let_alone"
        assert city.device().operations == before, "not even asked"
        with sqlite_database.writing() as tx:
            looks.end(tx, look_id, NOW - timedelta(minutes=5))
        assert await play_sample(desk, turn) is None, "it may be taken up again"
        assert (await play_now(desk, turn.camera_id)).because == "busy", "who asks need not wait an hour"


async def test_a_households_recordings_are_not_played_and_nobody_is_even_asked(sqlite_database) -> None:
    async with a_task_city(sqlite_database, plan(6)) as city:
        turn = turn_of(city)
        with sqlite_database.writing() as tx:
            tx.execute(update(camera_table).values(tier=Tier.HOUSEHOLD.value))
        sample = await play_sample(desk_of(city), turn)
        assert sample is not None and (sample.ok, sample.because) == (None, "not_permitted")
        assert city.device().operations == {}


async def test_a_store_that_fails_for_a_while_ends_no_nights_work(sqlite_database, caplog) -> None:
    policy = replace(POLICY, look_every_s=0.01, first_after_s=0.0)
    box = SecretBox(Fernet.generate_key())
    desk = CheckDesk(database=sqlite_database, box=box, policy=policy, clock=system_clock)
    with sqlite_database.writing() as tx:
        tx.execute(text("ALTER TABLE devices RENAME TO hidden"))
    stop = asyncio.Event()
    working = asyncio.gather(run_samples(desk, stop), run_checks(desk, stop))

    def complaints(of: str) -> int:
        return sum(record.getMessage().startswith(of) for record in caplog.records)

    await until(lambda: complaints("samples of recordings cannot") > 1 and complaints("recordings cannot") > 1)
    stop.set()
    await working
