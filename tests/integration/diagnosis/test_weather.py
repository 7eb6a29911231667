"""Fog over a small town in the store: one outage, no orders; a covered camera in it is ordered all the same."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from tests.builders.killed import killed_before_commit
from vms.core.geo import Wgs84
from vms.core.ids import CameraId
from vms.health.fault import LAYER_OF, Fault, FaultKind, Severity
from vms.health.picture.finding import Judgement
from vms.health.status import Status
from vms.health.watch import Watch
from vms.inventory.camera import Declared, LifeCycle, Pose
from vms.inventory.tier import Tier
from vms.services.diagnosis.judge_faults import judge_faults
from vms.services.dispatching.judge_outage import judge_outage
from vms.services.dispatching.run_dispatch import Dispatcher
from vms.services.dispatching.settings import DispatchSettings
from vms.store import assessment_facts, cameras, faults, stills
from vms.store import outages as stored_outages
from vms.store.assessment_facts import IdRange
from vms.store.database import Database
from vms.store.faults import ClosedFault, OpenedFault
from vms.store.outages import OutageVerdict
from vms.store.schema import faults as fault_table
from vms.store.schema import outages, work_order_faults, work_orders
from vms.store.stills import Still
from vms.store.watch_sessions import beat, start_session
from vms.store.watching import Transition, save

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 22, 16, tzinfo=UTC)
FOG = FaultKind.LOW_CONTRAST


class FoggyTown:
    def __init__(self, database: Database, now: datetime) -> None:
        self.database, self.now = database, now
        self.restart()
        with database.writing() as tx:
            self.session_id = start_session(tx, 60.0, now)
            self.cameras = [
                cameras.add(
                    tx,
                    Declared(name=f"c{n}", tier=Tier.GOVERNMENT, region_code="410105", pose=_at(n)),
                    life_cycle=LifeCycle.APPROVED,
                    now=now,
                )
                for n in range(20)
            ]
            watches = [
                Transition(watch=Watch(camera_id=one, session_id=self.session_id, status=Status.UP, since=now), at=now)
                for one in self.cameras
            ]
            save(tx, self.session_id, watches, now)
        self.look()

    def restart(self) -> None:
        """Of a dispatcher that writes a few cameras at a time."""
        self.dispatcher = Dispatcher(self.database, DispatchSettings(rows_at_a_time=5))

    def look(self) -> None:
        with self.database.writing() as tx:
            found = [Still(camera_id=one, at=self.now, file=f"{one}.jpg", statistics={}) for one in self.cameras]
            stills.put_many(tx, found)

    def shows(self, some: Sequence[CameraId], kind: FaultKind = FOG) -> None:
        fault = Fault(kind=kind, layer=LAYER_OF[kind], severity=Severity.MAJOR, because="", score=0.9)
        with self.database.writing() as tx:
            faults.open_faults(tx, [OpenedFault(one, fault, self.now) for one in some], self.now)

    def clears(self, some: Sequence[CameraId], kind: FaultKind = FOG) -> None:
        with self.database.writing() as tx:
            faults.close_faults(tx, [ClosedFault(one, kind, self.now) for one in some], self.now)

    def wait(self, minutes: float) -> None:
        """Looked at again, and dispatched some times."""
        for _ in range(4):
            self.now += timedelta(minutes=minutes) / 4
            with self.database.writing() as tx:
                beat(tx, self.session_id, self.now)
            self.look()
            self.dispatcher.turn(self.now)

    def outages(self) -> list[tuple[str, str, int, bool]]:
        with self.database.reading() as tx:
            rows = tx.execute(outages.select().order_by(outages.c.id)).all()
        return [(row.kind, row.name, row.cameras, row.closed_at is None) for row in rows]

    def ordered(self) -> set[tuple[int, str]]:
        """Camera and kind of each fault that an open order is about."""
        link, w, f = work_order_faults.c, work_orders.c, fault_table.c
        statement = select(f.camera_id, f.kind).where(link.order_id == w.id, f.id == link.fault_id)
        with self.database.reading() as tx:
            return {(row.camera_id, row.kind) for row in tx.execute(statement.where(w.closed_at.is_(None)))}


def _at(number: int) -> Pose:
    return Pose(position=Wgs84(113.62 + number % 5 * 0.002, 34.75 + number // 5 * 0.002))


@pytest.fixture
def town(database: Database) -> FoggyTown:
    return FoggyTown(database, NOON)


@pytest.fixture
def small_town(sqlite_database: Database) -> FoggyTown:
    return FoggyTown(sqlite_database, NOON)


def test_fog_is_one_outage_without_orders_and_closes_by_itself(town: FoggyTown) -> None:
    covered, last = town.cameras[3], town.cameras[11]
    town.shows(town.cameras[:12])
    town.shows([covered], FaultKind.OCCLUSION)
    town.wait(minutes=5)
    assert town.outages() == [("weather", "fog over 410105", 12, True)]
    assert town.ordered() == {(covered, "occlusion")}
    town.shows(town.cameras[12:15])
    town.wait(minutes=5)
    assert town.outages()[0][2] == 15
    assert town.ordered() == {(covered, "occlusion")}
    town.clears([one for one in town.cameras[:15] if one != last])
    town.wait(minutes=30)
    assert town.outages()[0][3], "the last one may come out of it yet"
    town.wait(minutes=40)
    assert not town.outages()[0][3]
    town.wait(minutes=5)
    assert town.ordered() == {(covered, "occlusion"), (last, "low_contrast")}


def test_fog_of_which_a_kill_left_a_part_is_whole_after_the_next_look(small_town: FoggyTown) -> None:
    small_town.shows(small_town.cameras[:12])
    small_town.look()
    with killed_before_commit(small_town.database, 3) as kill:
        small_town.dispatcher.turn(small_town.now + timedelta(minutes=1))
    assert kill.came
    assert small_town.outages() == [("weather", "fog over 410105", 5, True)]
    small_town.restart()
    small_town.wait(minutes=5)
    assert small_town.outages() == [("weather", "fog over 410105", 12, True)]
    assert small_town.ordered() == set()


def test_a_few_blurred_cameras_are_ordered_each_on_its_own(small_town: FoggyTown) -> None:
    some = small_town.cameras[:4]
    small_town.shows(some, FaultKind.BLUR)
    small_town.wait(minutes=4)
    assert small_town.outages() == []
    assert small_town.ordered() == {(one, "blur") for one in some}


def test_orders_that_nobody_went_for_are_let_go_when_the_fog_is_known(small_town: FoggyTown) -> None:
    early, later = small_town.cameras[:4], small_town.cameras[4:14]
    small_town.shows(early)
    small_town.wait(minutes=4)
    assert len(small_town.ordered()) == 4
    small_town.shows(later)
    small_town.wait(minutes=4)
    assert (small_town.ordered(), small_town.outages()[0][2]) == (set(), 14)


def test_who_was_ordered_long_before_the_dark_keeps_its_fault_and_its_order(town: FoggyTown) -> None:
    lone, others = town.cameras[3], town.cameras[4:16]
    town.shows([lone], FaultKind.TOO_DARK)
    town.wait(minutes=40)
    assert town.ordered() == {(lone, "too_dark")}
    fell_at = town.now
    town.shows(others, FaultKind.TOO_DARK)
    town.wait(minutes=4)
    assert town.outages() == [("weather", "darkness over 410105", 12, True)]
    assert town.ordered() == {(lone, "too_dark")}
    with town.database.reading() as tx:
        assert tx.execute(select(outages.c.opened_at)).scalar_one() == fell_at
    town.shows(town.cameras[16:18], FaultKind.TOO_DARK)
    town.wait(minutes=4)
    assert (town.outages()[0][2], town.ordered()) == (14, {(lone, "too_dark")})
    town.clears(town.cameras[4:18], FaultKind.TOO_DARK)
    town.wait(minutes=4)
    assert not town.outages()[0][3], "the one that was dark before does not hold it"


def test_who_comes_back_from_a_dead_switch_is_still_in_the_fog(small_town: FoggyTown) -> None:
    small_town.shows(small_town.cameras[:12])
    small_town.wait(minutes=2)
    with small_town.database.writing() as tx:
        stored_outages.unmark_faults(tx, small_town.cameras)
        left = tx.execute(select(fault_table.c.id).where(fault_table.c.outage_id.is_(None))).all()
    assert left == []


def test_darkness_at_night_is_lighting_and_what_a_person_calls_wrong_is_not_found_again(
    sqlite_database: Database,
) -> None:
    town = FoggyTown(sqlite_database, MIDNIGHT)
    town.shows(town.cameras[:12], FaultKind.TOO_DARK)
    town.wait(minutes=3)
    assert town.outages() == [("lighting", "darkness over 410105", 12, True)]
    with town.database.writing() as tx:
        judge_outage(tx, 1, OutageVerdict.WRONG, "office", "somebody turned the exposure down", town.now)
    town.wait(minutes=5)
    assert [one[3] for one in town.outages()] == [False]
    assert len(town.ordered()) == 12


def test_the_assessment_charges_neither_weather_nor_false_alarms_and_excuses_nothing_else(
    sqlite_database: Database,
) -> None:
    town = FoggyTown(sqlite_database, NOON)
    town.shows(town.cameras[:12])
    town.shows(town.cameras[:1], FaultKind.UNREACHABLE)
    town.shows(town.cameras[1:2], FaultKind.OCCLUSION)
    town.shows(town.cameras[15:16], FaultKind.STRIPE)
    town.wait(minutes=5)
    with town.database.writing() as tx:
        (striped,) = tx.execute(select(fault_table.c.id).where(fault_table.c.kind == "stripe")).scalars()
        judge_faults(tx, [striped], Judgement.FALSE, "office", "the blinds", town.now)
    with town.database.reading() as tx:
        everybody = IdRange(town.cameras[0], town.cameras[-1])
        charged = assessment_facts.picture_faults(tx, everybody, NOON, town.now)
        ill = assessment_facts.faults_of_weight(tx, everybody, NOON, town.now)
        away = assessment_facts.fallen_with_others(tx, everybody, NOON, town.now)
        assert charged.camera_ids.tolist() == [town.cameras[1]]
        assert sorted(ill.camera_ids.tolist()) == town.cameras[:2]
        assert away.camera_ids.tolist() == [], "who is unreachable in the fog is unreachable"
