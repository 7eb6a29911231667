"""Cameras are told to turn a little over real sockets and are brought back, whatever their heads do; whoever is killed
in between brings them back at the next start."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from tests.builders.sim import until
from tests.builders.tasks import TaskCity, a_plan, a_task_city
from vms.access.agreement import Agreements
from vms.app.edges import StillsNow
from vms.core.clock import system_clock
from vms.core.errors import NotAllowed
from vms.core.geo import Wgs84
from vms.core.ids import IncidentId
from vms.health.fault import FaultKind
from vms.health.quiet_hours import QuietHours
from vms.health.turning import Position
from vms.inventory.camera import StreamRole
from vms.inventory.tier import Tier
from vms.linkage.incident import Incident, IncidentSource, IncidentStatus
from vms.services.ptz_check.desk import PtzDesk, PtzPolicy
from vms.services.ptz_check.run_ptz_checks import bring_all_back, turn_all_due
from vms.services.ptz_check.turn_camera import note_where_it_stands, turn_camera
from vms.services.ptz_check.turn_now import turn_now
from vms.sim.pan_tilt import Direction, Head, HeadHabit
from vms.sim.personality import PLAIN
from vms.sim.plan import CityPlan
from vms.store import device_costs, faults, incidents, ptz_checks
from vms.store.database import Database
from vms.store.ptz_checks import PtzTurn
from vms.store.schema import cameras as camera_table
from vms.store.schema import incidents as incident_table
from vms.store.schema import ptz_checks as check_table

ZONE = ZoneInfo("Asia/Shanghai")
POLICY = PtzPolicy(
    zone=ZONE,
    stands_for=timedelta(),
    spacing_s=0.0,
    settle_s=0.15,
    look_every_s=0.02,
    starts_per_s=500.0,
    request_s=3.0,
)


def plan(last: int, tier: Tier = Tier.GOVERNMENT) -> CityPlan:
    made = a_plan(f"127.64.202.{last}", PLAIN)
    (device,) = made.devices
    channels = tuple(replace(channel, ptz=True) for channel in device.channels)
    return replace(made, devices=(replace(device, channels=channels, tier=tier),))


def desk_of(city: TaskCity, **policy: object) -> PtzDesk:
    database = city.database
    with database.writing() as tx:
        live = city.device()
        snapshot = f"http://{live.plan.address}:{live.plan.onvif_port}{live.snapshot_path(1, StreamRole.SUB)}"
        tx.execute(update(camera_table).values(ptz=True, snapshot_uri=snapshot))
    return PtzDesk(
        database=database,
        box=city.desk.box,
        policy=replace(POLICY, **policy),  # type: ignore[arg-type]
        clock=system_clock,
        agreements=Agreements(),
        still=StillsNow(database),
    )


def turn_of(city: TaskCity) -> PtzTurn:
    (address,) = city.addresses
    return PtzTurn(device_id=city.device_ids[address], camera_id=city.camera_ids[address][0])


def head_of(city: TaskCity) -> Head:
    return city.device().head(1)


def pan_of(city: TaskCity) -> float:
    return city.device().panned(1)


def why_open(database: Database, camera_id: int) -> str | None:
    with database.reading() as tx:
        found = faults.standing_faults(tx, [camera_id]).get(camera_id, ())
    return next((fault.because for fault in found if fault.kind is FaultKind.PTZ_FAIL), None)


@pytest.mark.parametrize(
    ("last", "habit", "ok", "because"),
    [
        (1, HeadHabit.TURNS, True, ""),
        (2, HeadHabit.NO_ABSOLUTE, True, ""),
        (3, HeadHabit.FROZEN_STATUS, True, "status_frozen"),
        (4, HeadHabit.LIES, True, "absolute_lies"),
        (5, HeadHabit.STUCK, False, "does_not_turn"),
        (72, HeadHabit.DEGREES, True, ""),
    ],
)
async def test_a_head_is_turned_judged_and_back_where_it_stood(sqlite_database, last, habit, ok, because) -> None:
    async with a_task_city(sqlite_database, plan(last)) as city:
        desk, turn, head = desk_of(city), turn_of(city), head_of(city)
        if habit is not HeadHabit.FROZEN_STATUS:
            head.go_to(Direction(pan=-0.4), 0.0)
        stood = pan_of(city)
        head.habit = habit
        outcome = await turn_camera(desk, turn)
        assert outcome is not None and (outcome.ok, outcome.because) == (ok, because)
        assert abs(pan_of(city) - stood) <= 0.02
        assert head.moves > 1
        assert why_open(sqlite_database, turn.camera_id) is None, "one night's failure is no fault"
        with sqlite_database.reading() as tx:
            assert ptz_checks.turned(tx) == []
            (cost,) = device_costs.of_device(tx, turn.device_id, system_clock().date())
        assert 5 < cost.requests < 80


async def test_a_head_that_is_stuck_two_nights_is_a_fault_until_it_turns_and_one_that_stays_away_is_one_at_once(
    database,
) -> None:
    async with a_task_city(database, plan(6)) as city:
        desk, turn, head = desk_of(city), turn_of(city), head_of(city)
        head.habit = HeadHabit.STUCK
        for _ in range(2):
            await turn_camera(desk, turn)
        assert why_open(database, turn.camera_id) == "does_not_turn"
        long_ago, soon = system_clock() - timedelta(days=7), system_clock() + timedelta(hours=1)
        with database.reading() as tx:
            due = [
                ptz_checks.turns_after(tx, 0, 10, tried_before=long_ago, stuck_before=before)[0]
                for before in (long_ago, soon)
            ]
        assert [len(turns) for turns in due] == [0, 1], "the next night, not only in a week"
        head.habit = HeadHabit.TURNS
        await turn_now(desk, turn.camera_id)
        assert why_open(database, turn.camera_id) is None
        head.habit, head.moves = HeadHabit.DIES_AWAY, 0
        outcome = await turn_camera(desk, turn)
        assert (outcome.ok, outcome.because) == (False, "not_back")
        assert why_open(database, turn.camera_id) == "not_back"


@pytest.mark.parametrize(("last", "habit"), [(7, HeadHabit.TURNS), (10, HeadHabit.LIES)])
async def test_who_is_killed_while_it_stands_away_brings_it_back_at_the_next_start(
    sqlite_database, last, habit
) -> None:
    async with a_task_city(sqlite_database, plan(last)) as city:
        desk, turn, head = desk_of(city, settle_s=30.0), turn_of(city), head_of(city)
        head.habit = HeadHabit.FROZEN_STATUS if habit is HeadHabit.TURNS else habit  # so that it is waited for
        killed = asyncio.create_task(turn_camera(desk, turn))
        await until(lambda: head.moves > 0)
        killed.cancel()
        await asyncio.gather(killed, return_exceptions=True)
        assert abs(pan_of(city)) > 0.05, "it stands away"
        head.habit = habit
        started_anew = desk_of(city)
        assert await bring_all_back(started_anew) == 1
        assert abs(pan_of(city)) <= 0.02
        assert await bring_all_back(started_anew) == 0


async def test_it_is_let_alone_near_an_incident_on_tour_when_it_was_moved_and_where_it_is_not_ours(
    sqlite_database,
) -> None:
    async with a_task_city(sqlite_database, plan(8)) as city:
        desk, turn, head = desk_of(city), turn_of(city), head_of(city)
        head.habit = HeadHabit.TOURS
        assert await turn_camera(desk, turn) is None
        head.habit = HeadHabit.TURNS
        standing = desk_of(city, stands_for=timedelta(hours=1))
        assert await note_where_it_stands(standing, turn)
        assert await turn_camera(standing, turn) is None, "an hour ago nobody looked where it stood"
        elsewhere = replace(turn, noted_at=system_clock() - timedelta(hours=2), noted=Position(pan=0.3, tilt=0.0))
        assert await turn_camera(standing, elsewhere) is None, "somebody has moved it since"
        spot = Wgs84(113.6, 34.7)
        with sqlite_database.writing() as tx:
            tx.execute(update(camera_table).values(lon=spot.lon, lat=spot.lat + 0.003))
            incident = Incident(
                incident_id=IncidentId(0),
                incident_no="",
                source=IncidentSource.ALARM_BOX,
                category="fight",
                level=1,
                reported_at=system_clock(),
                address_text="",
                position=spot,
                summary="",
                status=IncidentStatus.RECEIVED,
            )
            incidents.add(tx, incident, created_by=None, now=system_clock())
        assert await turn_camera(desk, turn) is None
        with sqlite_database.writing() as tx:
            tx.execute(update(incident_table).values(status=IncidentStatus.CLOSED.value))
            tx.execute(update(camera_table).values(tier=Tier.COMMUNITY.value))
        assert await turn_camera(desk, turn) is None
        with pytest.raises(NotAllowed):
            await turn_now(desk, turn.camera_id)
        assert head.moves == 0, "nobody told it to move"


async def test_at_night_each_is_looked_at_first_and_turned_an_hour_later_once_in_so_many_days(sqlite_database) -> None:
    async with a_task_city(sqlite_database, plan(9)) as city:
        begun = datetime.now(ZONE) - timedelta(hours=20)
        minute = begun.hour * 60 + begun.minute
        long_night = QuietHours(from_minute=minute, until_minute=(minute + 21 * 60 + 30) % 1440)
        desk = desk_of(city, stands_for=timedelta(hours=1), hours=long_night)
        assert await turn_all_due(desk) == 0
        assert head_of(city).moves == 0, "only looked at"
        with sqlite_database.writing() as tx:
            tx.execute(update(check_table).values(noted_at=system_clock() - timedelta(minutes=65)))
        assert [await turn_all_due(desk) for _ in range(2)] == [1, 0]
        with sqlite_database.reading() as tx:
            assert ptz_checks.of_camera(tx, turn_of(city).camera_id).ok is True
