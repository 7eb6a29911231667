"""Who sees a point: health and consent are those of this moment, the answer is what the person may know."""

from datetime import UTC, datetime

import pytest

from tests.builders.coverage import a_building, a_road, a_town, at
from vms.access.agreement import Agreements
from vms.access.consent import Consent, ConsentMode
from vms.access.decide import Verdict
from vms.access.roles import Person, Role
from vms.core.ids import CameraId, UserId
from vms.coverage.confidence import PoseConfidence
from vms.coverage.sightings import Sight
from vms.health.fault import Fault, FaultKind, Severity
from vms.health.layer import Layer
from vms.health.status import Status
from vms.inventory.camera import Declared, LifeCycle, Pose
from vms.inventory.tier import Tier
from vms.services.coverage.coverage_now import CoverageNow
from vms.services.coverage.memory import CoverageMemory
from vms.services.maps.import_map import import_map
from vms.store import cameras, consents, events, faults
from vms.store.database import Database
from vms.store.faults import OpenedFault
from vms.store.schema import watches
from vms.store.watch_sessions import start_session

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
OPERATOR = Person(user_id=UserId(1), name="li", role=Role.OPERATOR)
PLANNER = Person(user_id=UserId(2), name="wu", role=Role.PLANNER)
SPOT = at(30.0, 0.0)


@pytest.fixture
def memory(database: Database) -> CoverageMemory:
    town = a_town([a_building(20.0, 10.0, 40.0, 30.0)], [a_road((-50.0, 0.0), (100.0, 0.0), name="High Street")])
    import_map(database, town, now=NOW)
    memory = CoverageMemory(database, Agreements(), lambda: NOW)
    memory.load()
    return memory


def hang(memory: CoverageMemory, name: str, x_m: float, bearing_deg: float, tier: Tier = Tier.GOVERNMENT) -> CameraId:
    pose = Pose(position=at(x_m, 0.0), bearing_deg=bearing_deg, h_fov_deg=80.0)
    with memory.database.writing() as tx:
        declared = Declared(name=name, tier=tier, pose=pose)
        return cameras.add(tx, declared, life_cycle=LifeCycle.APPROVED, now=NOW)


def ask(memory: CoverageMemory, person: Person = OPERATOR, k: int = 16, **options):
    return CoverageNow(memory).who_sees(SPOT, person, k, NOW, **options)


def test_what_happened_is_in_the_next_answer_and_nobody_waits_for_the_thread_that_follows(memory):
    sees, beside = hang(memory, "东门", 0.0, 91.0), hang(memory, "beside", 60.0, 90.0)
    first, second = ask(memory)
    assert [(s.sighting.camera_id, s.sighting.sight) for s in (first, second)] == [
        (sees, Sight.SEES),
        (beside, Sight.ELSEWHERE),
    ]
    assert (first.name, first.status, first.usable, first.decision.verdict) == (
        "东门",
        Status.UNKNOWN,
        True,
        Verdict.ALLOWED,
    )
    assert (first.sighting.confidence, second.sighting.confidence) == (
        PoseConfidence.DECLARED,
        PoseConfidence.EIGHT_WAY,
    )
    with memory.database.writing() as tx:
        session_id = start_session(tx, 60.0, NOW)
        row = {"session_id": session_id, "since": NOW, "because": "", "layers": {}, "updated_at": NOW}
        tx.execute(watches.insert().values(camera_id=sees, status="up", **row))
        found = Fault(kind=FaultKind.FROZEN, layer=Layer.PICTURE, severity=Severity.MAJOR, because="")
        faults.open_faults(tx, [OpenedFault(sees, found, NOW)], NOW)
    (ill, _) = ask(memory)
    assert (ill.status, ill.usable) == (Status.UP, False)
    with memory.database.writing() as tx:
        cameras.set_life_cycle(tx, sees, LifeCycle.RETIRED, NOW)
    assert [seer.sighting.camera_id for seer in ask(memory)] == [beside]


def test_consent_opens_and_closes_with_the_owners_word_and_the_mask_passes_over_the_others(memory):
    public, shop = hang(memory, "public", 5.0, 90.0), hang(memory, "shop", 0.0, 90.0, Tier.UNIT)
    assert [seer.sighting.camera_id for seer in ask(memory, permitted=True)] == [public]
    for mode, verdict, shown in (
        (ConsentMode.ALWAYS, Verdict.ALLOWED, [public, shop]),
        (ConsentMode.ON_REQUEST, Verdict.ASK, [public]),
        (ConsentMode.NEVER, Verdict.REFUSED, [public]),
    ):
        with memory.database.writing() as tx:
            consents.put(tx, Consent(camera_id=shop, mode=mode, given_at=NOW), NOW)
        told = {seer.sighting.camera_id: seer.decision.verdict for seer in ask(memory)}
        assert told == {public: Verdict.ALLOWED, shop: verdict}
        assert [seer.sighting.camera_id for seer in ask(memory, permitted=True)] == shown
    assert ask(memory, PLANNER, permitted=True) == ()
    assert [seer.usable for seer in ask(memory, PLANNER)] == [False, False]


def test_a_new_map_is_left_to_the_thread_that_follows(memory):
    hang(memory, "sees", 0.0, 91.0)
    import_map(memory.database, a_town([a_building(10.0, -30.0, 15.0, 30.0)]), now=NOW)
    later = hang(memory, "later", 58.0, 270.0)
    assert len(ask(memory)) == 1
    memory.follow()
    sights = {seer.sighting.camera_id: seer.sighting.sight for seer in ask(memory)}
    assert Sight.BLOCKED in sights.values()
    assert sights[later] is Sight.SEES


def test_asking_writes_nothing(memory):
    hang(memory, "sees", 0.0, 91.0)
    with memory.database.reading() as tx:
        before = events.latest_id(tx)
    ask(memory)
    with memory.database.reading() as tx:
        assert events.latest_id(tx) == before


def test_a_changed_map_leaves_the_views_alone_that_it_does_not_touch(memory):
    near, far = hang(memory, "near", 0.0, 91.0), hang(memory, "far", 90.0, 91.0)
    memory.follow()
    index, pieces = memory.index, memory.index.view(far).pieces
    houses = [a_building(20.0, 10.0, 40.0, 30.0, height_m=6.0), a_building(10.0, -30.0, 15.0, 30.0)]
    import_map(memory.database, a_town(houses, [a_road((-50.0, 0.0), (100.0, 0.0), name="High Street")]), now=NOW)
    memory.follow()
    assert memory.index is index
    assert memory.index.view(far).pieces[0].tolist() == pieces[0].tolist()
    sights = {seer.sighting.camera_id: seer.sighting.sight for seer in ask(memory)}
    assert sights == {near: Sight.BLOCKED, far: Sight.ELSEWHERE}
    fresh = CoverageMemory(memory.database, Agreements(), lambda: NOW)
    fresh.load()
    assert fresh.index.view(near).area_m2 == pytest.approx(memory.index.view(near).area_m2, rel=1e-3)
    assert fresh.totals.covered_road_m == pytest.approx(memory.totals.covered_road_m, rel=1e-2)
