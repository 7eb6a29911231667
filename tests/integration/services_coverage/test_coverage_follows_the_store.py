"""Coverage in memory follows what is written to the store, and the ranking of an incident shows it."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.builders.coverage import a_building, a_key_place, a_road, a_town, at
from vms.access.agreement import Agreements
from vms.access.decide import IncidentScene
from vms.access.roles import Person, Role
from vms.core.geo import Wgs84
from vms.core.ids import CameraId, IncidentId, UserId
from vms.health.fault import Fault, FaultKind, Severity
from vms.health.layer import Layer
from vms.inventory.camera import Declared, LifeCycle, Pose
from vms.inventory.tier import Tier
from vms.services.coverage.answers import Feed
from vms.services.coverage.coverage_now import CoverageNow
from vms.services.coverage.memory import CoverageMemory
from vms.services.maps.import_map import import_map
from vms.store import cameras, events, faults, key_places
from vms.store.database import Database
from vms.store.faults import OpenedFault
from vms.store.schema import cameras as camera_table
from vms.store.schema import watches
from vms.store.watch_sessions import start_session

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
OPERATOR = Person(user_id=UserId(1), name="li", role=Role.OPERATOR)
SPOT = at(30.0, 0.0)
"""30 m east of the first camera; a building stands 20 m north of it."""


@pytest.fixture
def memory(database: Database) -> CoverageMemory:
    town = a_town(
        buildings=[a_building(20.0, 10.0, 40.0, 30.0)], roads=[a_road((-50.0, 0.0), (100.0, 0.0), name="High Street")]
    )
    import_map(database, town, now=NOW)
    memory = CoverageMemory(database, Agreements(), lambda: NOW)
    memory.load()
    return memory


def hang(
    memory: CoverageMemory,
    name: str,
    x_m: float,
    y_m: float,
    bearing_deg: float,
    life_cycle: LifeCycle = LifeCycle.APPROVED,
    tier: Tier = Tier.GOVERNMENT,
) -> CameraId:
    pose = Pose(position=at(x_m, y_m), bearing_deg=bearing_deg, h_fov_deg=80.0, mount_height_m=3.0)
    with memory.database.writing() as tx:
        declared = Declared(name=name, tier=tier, pose=pose)
        camera_id = cameras.add(tx, declared, life_cycle=life_cycle, now=NOW)
    memory.follow()
    return camera_id


def watched(memory: CoverageMemory, camera_id: CameraId, status: str, fault: FaultKind | None = None) -> None:
    with memory.database.writing() as tx:
        session_id = start_session(tx, 60.0, NOW)
        tx.execute(
            watches.insert().values(
                camera_id=camera_id,
                session_id=session_id,
                status=status,
                since=NOW,
                because="",
                layers={},
                updated_at=NOW,
            )
        )
        if fault is not None:
            found = Fault(kind=fault, layer=Layer.PICTURE, severity=Severity.MAJOR, because="")
            faults.open_faults(tx, [OpenedFault(camera_id, found, NOW)], NOW)
    memory.follow(everybody=True)


def ranked(memory: CoverageMemory, spot: Wgs84 = SPOT, limit: int = 12) -> tuple[Feed, ...]:
    scene = IncidentScene(incident_id=IncidentId(1), position=spot, open=True)
    return CoverageNow(memory).feeds(scene, OPERATOR, limit, NOW)


def test_a_camera_behind_a_building_stands_below_one_that_sees_the_spot(memory: CoverageMemory) -> None:
    behind = hang(memory, "behind", 30.0, 40.0, 180.0)
    sees = hang(memory, "sees", 0.0, 0.0, 90.0)
    feeds = ranked(memory)
    assert [feed.camera_id for feed in feeds] == [sees, behind]
    assert [feed.sees for feed in feeds] == [True, False]
    assert "building hides" in feeds[1].sentence_en


def test_which_key_places_were_covered_is_kept_for_the_assessment(database: Database) -> None:
    import_map(
        database,
        a_town(roads=[a_road((-50.0, 0.0), (100.0, 0.0))], places=[a_key_place(8.0, 0.0), a_key_place(0.0, 500.0)]),
        now=NOW,
    )
    memory = CoverageMemory(database, Agreements(), lambda: NOW)
    memory.load()
    hang(memory, "sees", 0.0, 0.0, 90.0)
    with database.reading() as tx:
        assert key_places.at(tx, NOW + timedelta(hours=1)) == (1, 2)


def test_a_camera_that_nobody_approved_is_not_in_the_ranking(memory: CoverageMemory) -> None:
    pending = hang(memory, "pending", 0.0, 0.0, 90.0, life_cycle=LifeCycle.PENDING)
    assert ranked(memory) == ()
    with memory.database.writing() as tx:
        cameras.set_life_cycle(tx, pending, LifeCycle.APPROVED, NOW)
    memory.follow()
    assert [feed.camera_id for feed in ranked(memory)] == [pending]


def test_a_camera_that_left_is_in_no_answer_before_the_index_knows(memory: CoverageMemory) -> None:
    left, stays = hang(memory, "left", 0.0, 0.0, 90.0), hang(memory, "stays", 0.0, 5.0, 90.0)
    answers = CoverageNow(memory)

    def everybody() -> tuple[set[int], set[int], set[int]]:
        return (
            {feed.camera_id for feed in ranked(memory)},
            {seen.camera_id for seen in answers.at(SPOT, OPERATOR, NOW).seen_by},
            {feature["id"] for feature in json.loads(answers.views_geojson(None))["features"]},
        )

    assert everybody() == ({left, stays},) * 3
    with memory.database.writing() as tx:
        cameras.set_life_cycle(tx, left, LifeCycle.RETIRED, NOW)
    assert everybody() == ({stays},) * 3


@pytest.mark.parametrize(
    ("status", "fault", "says"),
    [
        ("down", None, "down"),
        ("up", FaultKind.TOO_DARK, "picture too dark"),
        ("up", FaultKind.FROZEN, "picture frozen"),
    ],
)
def test_an_ill_camera_comes_last_with_the_reason(
    memory: CoverageMemory, status: str, fault: FaultKind | None, says: str
) -> None:
    ill = hang(memory, "ill", 20.0, 0.0, 90.0)
    far = hang(memory, "looks away", -40.0, 0.0, 270.0)
    watched(memory, ill, status, fault)
    feeds = ranked(memory)
    assert [feed.camera_id for feed in feeds] == [far, ill]
    assert not feeds[1].usable
    assert feeds[1].sentence_en.startswith(says)
    assert feeds[1].sentence_zh.isascii() is False


def test_a_wrong_clock_does_not_blind_a_camera(memory: CoverageMemory) -> None:
    camera_id = hang(memory, "late", 0.0, 0.0, 90.0)
    watched(memory, camera_id, "up", FaultKind.CLOCK_OFF)
    assert ranked(memory)[0].usable


def test_an_ill_camera_that_would_see_the_spot_is_shown_even_where_many_others_are_near(memory: CoverageMemory) -> None:
    ill = hang(memory, "ill", 0.0, 0.0, 90.0)
    for number in range(9):
        hang(memory, f"near {number}", 25.0, -5.0 - number, 180.0)
    watched(memory, ill, "down")
    feeds = ranked(memory, limit=6)
    assert len(feeds) == 6
    assert feeds[-1].camera_id == ill


def test_what_a_camera_sees_is_covered_and_what_it_misses_has_a_cause(memory: CoverageMemory) -> None:
    camera_id = hang(memory, "sees", 0.0, 0.0, 90.0)
    covered = CoverageNow(memory).gaps()
    assert 0.0 < covered.covered_road_m < covered.road_m
    loss = CoverageNow(memory).loss_without([camera_id])
    assert loss is not None
    assert loss.road_m == pytest.approx(covered.covered_road_m), "nobody else sees any of it"
    watched(memory, camera_id, "down")
    assert CoverageNow(memory).loss_without([camera_id]) == loss, "also once it is lost"
    gaps = CoverageNow(memory).gaps()
    assert gaps.covered_road_m == 0.0
    assert gaps.by_cause_m["faulty"] == pytest.approx(covered.covered_road_m)
    spot = CoverageNow(memory).at(SPOT, OPERATOR, NOW)
    assert spot.cause == "faulty"
    assert [row.usable for row in spot.seen_by] == [False]


def test_before_any_stream_was_read_a_camera_has_the_width_that_its_record_says(memory: CoverageMemory) -> None:
    """As the camera of a plan that was put up today: it keeps what the plan promised."""
    pose = Pose(position=at(0.0, 0.0), bearing_deg=90.0, h_fov_deg=80.0, mount_height_m=3.0)
    ids = []
    for width_px in (None, 1920, 3840):
        with memory.database.writing() as tx:
            declared = Declared(name="cam", tier=Tier.GOVERNMENT, pose=pose, width_px=width_px)
            ids.append(cameras.add(tx, declared, life_cycle=LifeCycle.APPROVED, now=NOW))
    memory.follow()
    px_per_m = {one.camera_id: one.density_px_per_m for one in memory.index.candidates(SPOT, 8)}
    unsaid, plain, fine = (px_per_m[camera_id] for camera_id in ids)
    assert unsaid == plain
    assert fine == pytest.approx(2.0 * plain)


def test_a_change_is_in_the_next_answer_of_gaps_prices_and_losses(memory: CoverageMemory) -> None:
    """Nobody follows the news in between."""
    told = CoverageNow(memory)
    first = hang(memory, "第一小学门口", 0.0, 0.0, 90.0)
    watched(memory, first, "up")
    covered_m = told.gaps().covered_road_m
    assert covered_m > 0.0
    with memory.database.writing() as tx:
        dark = Fault(kind=FaultKind.SIGNAL_LOST, layer=Layer.PICTURE, severity=Severity.MAJOR, because="")
        faults.open_faults(tx, [OpenedFault(first, dark, NOW)], NOW)
    assert told.gaps().covered_road_m == 0.0
    with memory.database.writing() as tx:
        pose = Pose(position=at(0.0, 0.0), bearing_deg=90.0, h_fov_deg=80.0, mount_height_m=3.0)
        declared = Declared(name="同一根杆", tier=Tier.GOVERNMENT, pose=pose)
        second = cameras.add(tx, declared, life_cycle=LifeCycle.APPROVED, now=NOW)
    assert told.price_of([second])[second].road_m == pytest.approx(covered_m, abs=0.1)
    with memory.database.writing() as tx:
        third = cameras.add(tx, declared, life_cycle=LifeCycle.APPROVED, now=NOW)
    loss = told.loss_without([second, third])
    assert loss is not None and loss.road_m == pytest.approx(covered_m, abs=0.1)


def test_an_edited_record_is_in_the_next_answer_of_polygons_squares_and_feeds(memory: CoverageMemory) -> None:
    """Nobody follows the news in between."""
    told = CoverageNow(memory)
    camera_id = hang(memory, "东门", 0.0, 0.0, 90.0)
    south_west, north_east = at(-60.0, -60.0), at(110.0, 60.0)
    box = (south_west.lon, south_west.lat, north_east.lon, north_east.lat)

    def polygon() -> object:
        return json.loads(told.views_geojson(None))["features"][0]["geometry"]

    def covered_m() -> float:
        squares = json.loads(told.squares_geojson(box, night=False))["features"]
        return sum(one["properties"]["share"] * one["properties"]["asked_m"] for one in squares)

    drawn, before_m, seen = polygon(), covered_m(), ranked(memory)[0].sees
    assert before_m > 10.0 and seen
    turn(memory, camera_id, 0.0)
    assert polygon() != drawn
    turn(memory, camera_id, 180.0)
    assert covered_m() < before_m - 5.0
    turn(memory, camera_id, 90.0)
    assert [one.sees for one in ranked(memory)] == [True]


def turn(memory: CoverageMemory, camera_id: CameraId, bearing_deg: float) -> None:
    with memory.database.writing() as tx:
        tx.execute(camera_table.update().where(camera_table.c.id == camera_id).values(bearing_deg=bearing_deg))
        events.append(tx, "camera.changed", camera_id, {}, NOW)


def test_a_household_without_consent_sees_but_may_not_be_used(memory: CoverageMemory) -> None:
    hang(memory, "home", 0.0, 0.0, 90.0, tier=Tier.HOUSEHOLD)
    assert [feed.usable for feed in ranked(memory)] == [False]
    assert CoverageNow(memory).at(SPOT, OPERATOR, NOW).cause == "no_consent"


def test_an_incident_inside_a_building_is_seen_from_before_its_wall(memory: CoverageMemory) -> None:
    sees = hang(memory, "sees", 0.0, 0.0, 90.0)
    assert ranked(memory, spot=at(30.0, 12.0))[0].camera_id == sees
    assert ranked(memory, spot=at(30.0, 12.0))[0].sees
