"""Recordings and captions of real sockets' devices are looked at, judged and kept, once a day and never twice."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from sqlalchemy import update

from tests.builders.sim import until
from tests.builders.tasks import TaskCity, a_plan, a_recorder, a_task_city
from vms.core.clock import system_clock
from vms.health.fault import FaultKind
from vms.services.recordings.check_device import CheckDesk, check_device
from vms.services.recordings.check_now import check_now
from vms.services.recordings.policy import RecordingPolicy
from vms.services.recordings.run_checks import check_all_due, run_checks
from vms.sim.faults import Fault as Broken
from vms.sim.footage_kept import Footage
from vms.sim.personality import PLAIN
from vms.sim.plan import CityPlan
from vms.store import cameras, credentials, device_costs, devices, events, faults, recording_targets, recordings
from vms.store.captions import caption_of
from vms.store.database import Database
from vms.store.recordings import StoredPlan
from vms.store.schema import camera_devices
from vms.store.schema import cameras as camera_table

ZONE = ZoneInfo("Asia/Shanghai")
POLICY = RecordingPolicy(
    zone=ZONE,
    starts_per_s=200.0,
    first_after_s=0.0,
    look_every_s=0.05,
    spacing_s=0.0,
    request_s=3.0,
    lag=timedelta(seconds=5),
)
NOW = datetime.now(UTC).replace(microsecond=0)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
TODAY = NOW.astimezone(ZONE).date()
YESTERDAY = TODAY - DAY
_blocks: Iterator[int] = count(os.getpid())


def own_address() -> str:
    return f"127.67.{1 + next(_blocks) % 249}.1"  # block 0 is the demo's


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), ZONE).astimezone(UTC)


def desk_of(city: TaskCity, **policy: object) -> CheckDesk:
    made = replace(POLICY, **policy)  # type: ignore[arg-type]
    return CheckDesk(database=city.database, box=city.desk.box, policy=made, clock=system_clock)


@asynccontextmanager
async def a_city_long_in_charge(database: Database, plan: CityPlan):
    async with a_task_city(database, plan) as city:
        with database.writing() as tx:
            tx.execute(update(camera_table).values(created_at=NOW - 400 * DAY))
            tx.execute(update(camera_devices).values(from_at=NOW - 400 * DAY))
        yield city


def recorder_plan(channels: int, **changes: object) -> CityPlan:
    return a_recorder(own_address(), channels, replace(PLAIN, **changes))  # type: ignore[arg-type]


def only_ids(city: TaskCity) -> list[int]:
    return city.camera_ids[city.addresses[0]]


def device_id(city: TaskCity):
    return city.device_ids[city.addresses[0]]


def open_kinds(database: Database, camera_id: int) -> list[FaultKind]:
    with database.reading() as tx:
        return [fault.kind for fault in faults.standing_faults(tx, [camera_id]).get(camera_id, ())]


def days_of(database: Database, camera_id: int):
    with database.reading() as tx:
        return {day.day: day for day in recordings.days_of(tx, camera_id, TODAY - 400 * DAY, TODAY)}


def check_of(database: Database, camera_id: int):
    with database.reading() as tx:
        return recordings.check_of(tx, camera_id)


async def test_a_recorders_days_are_judged_and_a_hole_of_yesterday_is_a_fault_until_it_is_filled(database):
    async with a_city_long_in_charge(database, recorder_plan(3)) as city:
        whole, holed, short = only_ids(city)
        hole = (noon(YESTERDAY), noon(YESTERDAY) + 3 * HOUR)
        city.device().rare.footage[2] = Footage(since=NOW - 40 * DAY, holes=(hole,))
        city.device().rare.footage[3] = Footage(since=NOW - 12 * DAY)
        await check_device(desk_of(city), device_id(city))
        assert [open_kinds(database, one) for one in (whole, holed, short)] == [
            [],
            [FaultKind.RECORDING_MISSING],
            [FaultKind.RETENTION_SHORT],
        ]
        found = days_of(database, holed)
        assert min(found) == TODAY - 7 * DAY and max(found) == TODAY
        yesterday = found[YESTERDAY]
        assert (yesterday.plan_s, yesterday.recorded_s, yesterday.missing_s) == (86_400, 75_600, 10_800)
        assert yesterday.gaps == ((12 * 3600, 15 * 3600),)
        assert {day.missing_s for day in days_of(database, whole).values()} == {0}
        check = check_of(database, short)
        assert check.source == "recorder" and abs(check.days_kept - 12) < 0.1 and check.because == ""
        with database.reading() as tx:
            cost = device_costs.of_device(tx, device_id(city), NOW.date())[0]
            because = faults.standing_faults(tx, [holed])[holed][0].because
        assert cost.requests > 10 and cost.sign_ins == 1
        assert because == f"3.0 / 24.0 h ({YESTERDAY.isoformat()})"

        await check_device(desk_of(city), device_id(city))
        with database.reading() as tx:
            opened = [event for event in events.after(tx, 0, 1000) if event.kind == "fault.opened"]
        assert len(opened) == 2
        city.device().rare.footage.clear()
        await check_device(desk_of(city), device_id(city))
        assert [open_kinds(database, one) for one in (holed, short)] == [[], []]


async def test_a_look_that_somebody_asks_for_opens_and_closes_as_the_daily_one_does(sqlite_database):
    async with a_city_long_in_charge(sqlite_database, recorder_plan(2)) as city:
        camera_id, _ = only_ids(city)
        midnight = datetime.combine(TODAY, time(), ZONE).astimezone(UTC)
        cases = {
            "a hole of yesterday": Footage(
                since=NOW - 40 * DAY, holes=((noon(YESTERDAY), noon(YESTERDAY) + 3 * HOUR),)
            ),
            "stopped for good": Footage(since=NOW - 40 * DAY, until=min(NOW - 3 * HOUR, midnight - HOUR)),
        }
        for kept in cases.values():
            city.device().rare.footage[1] = kept
            await check_now(desk_of(city), camera_id)
            assert open_kinds(sqlite_database, camera_id) == [FaultKind.RECORDING_MISSING]
            await check_device(desk_of(city), device_id(city))
            assert open_kinds(sqlite_database, camera_id) == [FaultKind.RECORDING_MISSING]
            city.device().rare.footage.clear()
            await check_now(desk_of(city), camera_id)
            assert open_kinds(sqlite_database, camera_id) == []


async def test_the_plan_that_fits_decides_what_is_missing_and_what_is_kept_too_long(sqlite_database):
    office_hours = [[[8 * 60, 10 * 60]]] * 7
    plan = StoredPlan(name="by day", fits={"tiers": ["government"]}, week=office_hours, days_least=5, days_most=20)
    with sqlite_database.writing() as tx:
        recordings.replace_plans(
            tx, [replace(plan, name="others", fits={"tiers": ["household"]}, days_most=None), plan]
        )
    async with a_city_long_in_charge(sqlite_database, recorder_plan(2)) as city:
        hole = (noon(YESTERDAY), noon(YESTERDAY) + 3 * HOUR)
        city.device().rare.footage[1] = Footage(since=NOW - 19 * DAY, holes=(hole,))
        await check_device(desk_of(city), device_id(city))
        first, second = only_ids(city)
        assert days_of(sqlite_database, first)[YESTERDAY].plan_s == 2 * 3600
        assert open_kinds(sqlite_database, first) == []
        assert open_kinds(sqlite_database, second) == [FaultKind.RETENTION_LONG]


async def test_a_clock_that_is_off_by_an_hour_moves_no_hole(sqlite_database):
    async with a_city_long_in_charge(sqlite_database, recorder_plan(2, clock_offset_s=3600.0)) as city:
        camera_id, _ = only_ids(city)
        hole = (noon(YESTERDAY) + HOUR, noon(YESTERDAY) + 2 * HOUR)  # by its own clock
        city.device().rare.footage[1] = Footage(since=NOW - 40 * DAY, holes=(hole,))
        await check_device(desk_of(city), device_id(city))
        ((start_s, end_s),) = days_of(sqlite_database, camera_id)[YESTERDAY].gaps
        assert abs(start_s - 12 * 3600) < 3 and abs(end_s - 13 * 3600) < 3


async def test_who_cannot_tell_is_not_blamed_and_says_why(sqlite_database):
    async with a_city_long_in_charge(sqlite_database, a_plan(own_address(), PLAIN, PLAIN)) as city:
        await city.city.set_fault(city.addresses[1], Broken.OFF, on=True)
        searchless, dead = (city.camera_ids[address][0] for address in city.addresses)
        assert await check_all_due(desk_of(city)) == 2
        assert check_of(sqlite_database, searchless).because == "search_unsupported"
        assert check_of(sqlite_database, dead).because == "unreachable"
        for camera_id in (searchless, dead):
            assert days_of(sqlite_database, camera_id) == {}
            assert open_kinds(sqlite_database, camera_id) == []
        assert await check_all_due(desk_of(city)) == 0


async def test_a_refused_login_is_shown_once_and_remembered(sqlite_database):
    async with a_city_long_in_charge(sqlite_database, recorder_plan(2)) as city:
        await city.city.set_fault(city.addresses[0], Broken.LOGIN_CHANGED, on=True)
        for _ in range(2):
            await check_device(desk_of(city), device_id(city))
        assert city.device().login.refused_in_all == 1
        with sqlite_database.reading() as tx:
            known = devices.get(tx, device_id(city))
            login = credentials.login_of(tx, city.desk.box, known.credential_id)
        assert known.login_refused_version == login.version
        assert check_of(sqlite_database, only_ids(city)[0]).because == "login_refused"


async def test_one_that_is_new_in_our_charge_is_not_held_to_days_before(sqlite_database):
    async with a_task_city(sqlite_database, recorder_plan(2)) as city:
        first, second = only_ids(city)
        city.device().rare.footage[1] = Footage(since=NOW - 3 * DAY)
        await check_device(desk_of(city), device_id(city))
        assert open_kinds(sqlite_database, first) == open_kinds(sqlite_database, second) == []
        assert min(days_of(sqlite_database, first)) == (NOW - 3 * DAY).astimezone(ZONE).date()


async def test_a_caption_that_lacks_the_records_name_or_the_clock_is_a_fault_of_the_caption(sqlite_database):
    async with a_city_long_in_charge(sqlite_database, recorder_plan(3)) as city:
        right, renamed, clockless = only_ids(city)
        texts = city.device().settings.texts
        texts["OSD_2"].text = "IPCamera 01"
        del texts["OSD_clock_3"]
        await check_device(desk_of(city), device_id(city))
        with sqlite_database.reading() as tx:
            told = [caption_of(tx, one) for one in (right, renamed, clockless)]
            name = cameras.get(tx, renamed).declared.name
        assert [(one.name_ok, one.clock_ok) for one in told] == [(True, True), (False, True), (True, False)]
        assert told[1].because == f"IPCamera 01 ≠ {name}"
        assert [open_kinds(sqlite_database, one) for one in (right, renamed, clockless)] == [
            [],
            [FaultKind.OSD_WRONG],
            [FaultKind.OSD_WRONG],
        ]
        texts["OSD_2"].text = name
        await check_device(desk_of(city), device_id(city))
        assert open_kinds(sqlite_database, renamed) == [FaultKind.OSD_WRONG], "captions are read once a week"
        await check_device(desk_of(city), device_id(city), captions_too=True)
        assert open_kinds(sqlite_database, renamed) == []


async def test_who_is_stopped_in_the_middle_goes_on_with_the_devices_that_are_left(sqlite_database):
    plan = a_plan(own_address(), *[PLAIN] * 6)
    async with a_city_long_in_charge(sqlite_database, plan) as city:
        slow = city.addresses[3:]
        for address in slow:
            await city.city.set_fault(address, Broken.SILENT, on=True)
        stop = asyncio.Event()
        running = asyncio.create_task(run_checks(desk_of(city, devices_at_once=6, request_s=30.0), stop))
        quick = [city.camera_ids[address][0] for address in city.addresses[:3]]
        await until(lambda: all(check_of(sqlite_database, one) for one in quick))
        stop.set()
        await running
        left = [city.camera_ids[address][0] for address in slow]
        assert [check_of(sqlite_database, one) for one in left] == [None] * 3
        before = [check_of(sqlite_database, one).checked_at for one in quick]
        for address in slow:
            await city.city.set_fault(address, Broken.SILENT, on=False)
        assert await check_all_due(desk_of(city)) == 3
        assert all(check_of(sqlite_database, one) for one in left)
        assert [check_of(sqlite_database, one).checked_at for one in quick] == before


async def test_the_turns_are_read_in_parts_and_leave_out_nobody(database):
    async with a_city_long_in_charge(database, a_plan(own_address(), *[PLAIN] * 5)) as city:
        with database.reading() as tx:
            found, after = [], 0
            while after is not None:
                turns, last = recording_targets.turns_after(tx, after, 2)
                found += [turn.device_id for turn in turns]
                assert all(turn.checked_at is None for turn in turns)
                after = last
        assert sorted(found) == sorted(city.device_ids.values())
