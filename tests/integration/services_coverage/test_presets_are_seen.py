"""A camera that turns covers what it shows now; what it could be turned to is told and not counted. Sensors of one
housing are one camera."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from tests.builders.access import a_person
from tests.builders.coverage import FRAME, a_road, a_town, at
from tests.builders.stored_cameras import store_camera
from vms.access.agreement import Agreements
from vms.access.decide import IncidentScene
from vms.access.roles import Role
from vms.core.errors import BadInput, Conflict, NotFound
from vms.core.ids import CameraId, IncidentId
from vms.coverage.confidence import PoseConfidence
from vms.coverage.sightings import Sight
from vms.health.turning import Position, Preset
from vms.inventory.camera import Pose
from vms.services.coverage.coverage_now import CoverageNow
from vms.services.coverage.memory import CoverageMemory
from vms.services.maps.import_map import import_map
from vms.services.poses.keep_heads import keep_heads
from vms.services.poses.preset_views import head_now, tell_preset
from vms.services.poses.put_sensors import put_sensors
from vms.store import camera_changes, heads
from vms.store.database import Database
from vms.store.heads import HeadSeen, PresetTold
from vms.store.schema import cameras as camera_table
from vms.store.sensors import Sensor

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
KEEPER = a_person(Role.MAINTAINER, name="li")
GATE, ROAD = (
    Preset(token="1", name="gate", at=Position(pan=0.0, tilt=0.0)),
    Preset(token="2", name="road", at=Position(pan=0.5, tilt=0.0)),
)
EAST, SOUTH, WEST = at(30.0, 0.0), at(0.0, -30.0), at(-30.0, 0.0)


@pytest.fixture
def memory(database: Database) -> CoverageMemory:
    lines = [((-60.0, 0.0), (60.0, 0.0)), ((0.0, -60.0), (0.0, 60.0))]
    import_map(database, a_town(roads=[a_road(*line) for line in lines]), now=NOW)
    made = CoverageMemory(database, Agreements(), lambda: NOW)
    made.load()
    return made


def hang(memory: CoverageMemory, *, ptz: bool, bearing_deg: float | None = None) -> CameraId:
    pose = Pose(position=FRAME.origin, bearing_deg=bearing_deg, h_fov_deg=60.0, max_view_m=80.0)
    camera_id = store_camera(memory.database, NOW, pose=pose)
    with memory.database.writing() as tx:
        tx.execute(update(camera_table).where(camera_table.c.id == camera_id).values(ptz=ptz))
    memory.follow()
    return camera_id


def seen(memory: CoverageMemory, camera_id: CameraId, pan: float, **more: object) -> set[CameraId]:
    asked = {"position": Position(pan=pan, tilt=0.0), "moving": False, "presets": None, **more}
    with memory.database.writing() as tx:
        found = keep_heads(tx, [HeadSeen(camera_id=camera_id, at=NOW, **asked)], NOW)  # type: ignore[arg-type]
    memory.follow()
    return found


def told(memory: CoverageMemory, camera_id: CameraId, token: str, bearing_deg: float | None) -> None:
    said = None
    if bearing_deg is not None:
        said = PresetTold(bearing_deg=bearing_deg, tilt_deg=None, h_fov_deg=None, who="li", at=NOW)
    tell_preset(memory.database, camera_id, token, said, KEEPER, lambda: NOW)
    memory.follow()


def covered_m(memory: CoverageMemory) -> float:
    return CoverageNow(memory).gaps().covered_road_m


def sight(memory: CoverageMemory, point) -> tuple[Sight, bool, PoseConfidence]:
    (one,) = CoverageNow(memory).who_sees(point, a_person(Role.ADMIN), 4, NOW)
    return one.sighting.sight, one.sighting.aimed, one.sighting.confidence


def test_who_sees_and_the_gaps_follow_the_head_from_preset_to_preset(memory: CoverageMemory) -> None:
    camera_id = hang(memory, ptz=True)
    assert sight(memory, EAST)[:2] == (Sight.COULD_SEE, False)
    assert covered_m(memory) == 0.0, "nobody knows where it looks"
    seen(memory, camera_id, 0.0, presets=(GATE, ROAD))
    assert covered_m(memory) == 0.0, "presets alone say nothing of the town"
    told(memory, camera_id, "1", 90.0)
    assert sight(memory, EAST) == (Sight.SEES, True, PoseConfidence.VERIFIED)
    assert sight(memory, SOUTH)[:2] == (Sight.COULD_SEE, False)
    east_m = covered_m(memory)
    assert east_m > 40.0
    seen(memory, camera_id, 0.5)
    assert sight(memory, SOUTH) == (Sight.SEES, True, PoseConfidence.DECLARED), "reckoned from one told preset"
    assert sight(memory, EAST)[0] is Sight.COULD_SEE
    assert covered_m(memory) == pytest.approx(east_m, rel=0.05)
    told(memory, camera_id, "2", 270.0)
    assert sight(memory, WEST) == (Sight.SEES, True, PoseConfidence.VERIFIED), "what a person says counts more"
    told(memory, camera_id, "1", None)
    told(memory, camera_id, "2", None)
    assert covered_m(memory) == 0.0
    fresh = CoverageMemory(memory.database, Agreements(), lambda: NOW)
    fresh.load(tell=False)
    assert [view.is_reach for view in fresh.index.views(camera_id)] == [True]


def test_where_no_preset_was_told_the_records_direction_is_where_it_looks(memory: CoverageMemory) -> None:
    camera_id = hang(memory, ptz=True, bearing_deg=90.0)
    assert sight(memory, EAST)[:2] == (Sight.SEES, True)
    assert sight(memory, WEST)[:2] == (Sight.COULD_SEE, False)
    parts = [view.is_reach for view in memory.index.views(camera_id)]
    assert parts == [False, True]
    assert memory.tally.price_of([camera_id])[camera_id].road_m == pytest.approx(covered_m(memory))


def test_a_preset_that_the_device_moved_holds_no_more_and_is_said_to(memory: CoverageMemory) -> None:
    camera_id = hang(memory, ptz=True)
    seen(memory, camera_id, 0.0, presets=(GATE, ROAD))
    told(memory, camera_id, "1", 90.0)
    moved = Preset(token="1", name="gate", at=Position(pan=-0.5, tilt=0.0))
    assert seen(memory, camera_id, 0.0, presets=(moved,)) == {camera_id}
    with memory.database.reading() as tx:
        now = head_now(tx, camera_id)
    (gate,) = now.presets
    assert gate.kept.told is not None
    assert (gate.kept.told.lost_at, gate.aim) == (NOW, None)
    assert now.head is not None
    assert (now.head.preset, now.head.aim) == ("", None)
    assert covered_m(memory) == 0.0
    assert seen(memory, camera_id, 0.0, presets=(moved,)) == set(), "known by now"
    with pytest.raises(NotFound, match="no preset 2"):
        told(memory, camera_id, "2", 10.0)


def test_what_was_said_of_a_preset_is_kept_in_the_records_history(memory: CoverageMemory) -> None:
    camera_id = hang(memory, ptz=True)
    fixed = hang(memory, ptz=False)
    seen(memory, camera_id, 0.0, presets=(GATE, Preset(token="9", name="nowhere")))
    told(memory, camera_id, "1", 90.0)
    told(memory, camera_id, "1", 95.5)
    with memory.database.reading() as tx:
        latest = camera_changes.of_camera(tx, camera_id).items[0]
    assert (latest.change.field, latest.change.before, latest.change.after) == (
        "preset_view", "gate: 90°", "gate: 95.5°",
    )  # fmt: skip
    with pytest.raises(BadInput, match="does not tell where"):
        told(memory, camera_id, "9", 10.0)
    with pytest.raises(Conflict, match="cannot turn"):
        told(memory, fixed, "1", 10.0)


def test_a_head_that_is_gone_meanwhile_is_left_out_and_old_news_are_no_news(memory: CoverageMemory) -> None:
    camera_id = hang(memory, ptz=True)
    seen(memory, camera_id, 0.0, presets=(GATE,))
    with memory.database.writing() as tx:
        assert heads.put_many(tx, [HeadSeen(camera_id=CameraId(999), at=NOW, position=None, moving=False)], NOW) == {}
    before = memory.tally.version
    later = NOW + timedelta(minutes=5)
    with memory.database.writing() as tx:
        same = HeadSeen(camera_id=camera_id, at=later, position=Position(pan=0.0, tilt=0.0), moving=False)
        heads.put_many(tx, [same], later)
    memory.follow()
    assert memory.tally.version == before, "it looks where it looked"


def test_sensors_of_one_housing_have_a_view_each_and_are_one_camera(memory: CoverageMemory) -> None:
    camera_id = hang(memory, ptz=False)
    sensors = [Sensor(number=1, bearing_deg=90.0, h_fov_deg=60.0), Sensor(number=2, bearing_deg=180.0, h_fov_deg=60.0)]
    put_sensors(memory.database, camera_id, sensors, "", KEEPER, NOW)
    memory.follow()
    assert len(memory.index.views(camera_id)) == 2
    assert [sight(memory, point)[0] for point in (EAST, SOUTH, WEST)] == [Sight.SEES, Sight.SEES, Sight.ELSEWHERE]
    both_m = covered_m(memory)
    assert memory.tally.price_of([camera_id])[camera_id].road_m == pytest.approx(both_m), "one fault takes both"
    assert CoverageNow(memory).views_geojson(None).count(b'"part":"view"') == 1
    put_sensors(memory.database, camera_id, [], "", KEEPER, NOW)
    memory.follow()
    assert (len(memory.index.views(camera_id)), covered_m(memory)) == (1, 0.0)
    with pytest.raises(BadInput, match="two or more"):
        put_sensors(memory.database, camera_id, sensors[:1], "", KEEPER, NOW)


def test_an_incident_ranks_the_camera_that_looks_there_before_the_one_that_would_have_to_be_turned(
    memory: CoverageMemory,
) -> None:
    turned, looks = hang(memory, ptz=True), hang(memory, ptz=True)
    for camera_id, bearing_deg in ((turned, 270.0), (looks, 90.0)):
        seen(memory, camera_id, 0.0, presets=(GATE,))
        told(memory, camera_id, "1", bearing_deg)
    scene = IncidentScene(incident_id=IncidentId(1), position=EAST, open=True)
    first, second = CoverageNow(memory).feeds(scene, a_person(Role.ADMIN), 4, NOW)
    assert (first.camera_id, first.sees, first.bearing_deg) == (looks, True, 90.0)
    assert "sees the spot" in first.sentence_en
    assert (second.camera_id, second.sees, second.bearing_deg) == (turned, False, 270.0)
    assert "can be turned to the spot" in second.sentence_en
    assert "可转向现场" in second.sentence_zh
