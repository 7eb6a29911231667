"""Another map of the same town while people ask: what was counted holds until what is counted anew takes its place."""

import threading
from datetime import UTC, datetime

import numpy as np
import pytest

from tests.builders.coverage import a_building, a_road, a_town, at
from vms.access.agreement import Agreements
from vms.core.ids import CameraId
from vms.coverage.tally import Tally
from vms.inventory.camera import Declared, LifeCycle, Pose
from vms.inventory.tier import Tier
from vms.services.coverage import memory as coverage_memory
from vms.services.coverage.memory import CoverageMemory
from vms.services.maps.import_map import import_map
from vms.store import cameras
from vms.store.database import Database

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
STREET = a_road((-50.0, 0.0), (150.0, 0.0), name="High Street")
DEADLINE_S = 20.0


def take_in(database: Database, *walls: float) -> None:
    """A house across the street at each of these."""
    import_map(database, a_town([a_building(x, -30.0, x + 5.0, 30.0) for x in walls], [STREET]), now=NOW)


def hang(memory: CoverageMemory, x_m: float) -> CameraId:
    pose = Pose(position=at(x_m, 0.0), bearing_deg=90.0, h_fov_deg=80.0, max_view_m=60.0)
    with memory.database.writing() as tx:
        declared = Declared(name=f"at {x_m}", tier=Tier.GOVERNMENT, pose=pose)
        return cameras.add(tx, declared, life_cycle=LifeCycle.APPROVED, now=NOW)


@pytest.fixture
def memory(sqlite_database: Database) -> CoverageMemory:
    take_in(sqlite_database, 140.0)
    memory = CoverageMemory(sqlite_database, Agreements(), lambda: NOW)
    memory.load()
    for x_m in (-40.0, 0.0, 80.0):
        hang(memory, x_m)
    memory.follow()
    return memory


def counts(tally: Tally) -> list[list[int]]:
    return tally.counts.views.reshape(len(tally.demand), -1).tolist()


def test_the_gap_map_that_is_being_replaced_is_right_until_then(memory: CoverageMemory) -> None:
    index, before = memory.index, memory.tally
    seen = before.seen_by.copy()
    take_in(memory.database, 140.0, 20.0)
    memory.follow()
    assert memory.index is index and memory.tally is not before
    assert counts(before) == counts(Tally(before.demand, index))
    assert counts(memory.tally) == counts(Tally(memory.demand, index))
    assert np.count_nonzero(before.seen_by < seen) > 0, "the house hides ground"


def test_a_map_that_touches_too_many_views_is_taken_in_beside_the_old_one(memory: CoverageMemory, monkeypatch) -> None:
    monkeypatch.setattr(coverage_memory, "MOST_TOUCHED", 1)
    index, seen = memory.index, int(np.count_nonzero(memory.tally.seen_by))
    take_in(memory.database, 140.0, 10.0, -20.0)
    memory.follow()
    assert memory.index is not index
    assert len(memory.index) == 3
    assert int(np.count_nonzero(memory.tally.seen_by)) < seen


def test_who_asks_while_a_map_is_taken_in_gets_the_answer_of_before(memory: CoverageMemory, monkeypatch) -> None:
    monkeypatch.setattr(coverage_memory, "WAITS_AT_MOST_S", 0.01)
    newer = hang(memory, 30.0)
    asks = threading.Thread(target=memory.catch_up)
    with memory._turn:
        asks.start()
        asks.join(DEADLINE_S)
        assert not asks.is_alive()
    assert newer not in memory.known()
    memory.catch_up()
    assert newer in memory.known()
