"""A plan is asked for, worked out from the store, compared, exported and turned into draft records; once only."""

import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import openpyxl
import pytest

from tests.builders.coverage import FRAME, a_building, a_key_place, a_road, a_town, at
from vms.access.agreement import Agreements
from vms.access.roles import Person, Role
from vms.core.errors import BadInput, Conflict
from vms.core.ids import CameraId, UserId
from vms.coverage.gap_steps import GapState
from vms.inventory.camera import Declared, LifeCycle, Pose
from vms.inventory.tier import Tier
from vms.maintenance.policy import OrderPolicy
from vms.planning.catalogue import CameraType
from vms.services.archive.move_life_cycle import Move, move_life_cycle
from vms.services.coverage.keep_gaps import GapKeeper
from vms.services.coverage.memory import CoverageMemory
from vms.services.maps.import_map import import_map
from vms.services.plans.apply_plan import apply_plan
from vms.services.plans.compare_plans import compare_plans
from vms.services.plans.desk import ask_for_plan, cancel_plan, remove_plan
from vms.services.plans.export_plan import plan_geojson, plan_sheet
from vms.services.plans.keep_private import keep_private
from vms.services.plans.polygons import read_polygons
from vms.services.plans.request import PlanRequest, read_back
from vms.services.plans.run_plans import PlanToDo, do_plan
from vms.services.work_orders.open_by_hand import ByHand, open_by_hand
from vms.store import (
    camera_changes,
    cameras,
    coverage_gap_list,
    plan_gaps,
    plans,
    sensors,
    work_order_steps,
    work_orders,
)
from vms.store.database import Database
from vms.store.plans import PlanState, StoredPlan

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
PLANNER = Person(user_id=UserId(1), name="li", role=Role.PLANNER)
ADMIN = Person(user_id=UserId(2), name="wang", role=Role.ADMIN)


def square(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    ring = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return {"type": "Polygon", "coordinates": [[[p.lon, p.lat] for p in (at(x, y) for x, y in ring)]]}


AREA = square(-120.0, -60.0, 120.0, 60.0)


def drawn_at(corner: tuple[float, float]) -> dict[str, Any]:
    """As an office writes it: numbers, whatever they mean."""
    x, y = corner
    return {"type": "Polygon", "coordinates": [[[x, y], [x + 1, y], [x + 1, y + 1], [x, y]]]}


@pytest.fixture
def town(database: Database) -> Database:
    """A road between buildings, a school, and one camera of the office that looks away from all of it."""
    buildings = [a_building(west, 8.0, west + 30.0, 30.0) for west in (-90.0, -20.0, 50.0)]
    roads = [a_road((-100.0, 0.0), (100.0, 0.0), name="人民路")]
    import_map(database, a_town(buildings=buildings, roads=roads, places=[a_key_place(10.0, -3.0, "学校")]), now=NOW)
    pose = Pose(position=at(-100.0, -12.0), bearing_deg=180.0, h_fov_deg=60.0, mount_height_m=4.0, tilt_deg=8.0)
    with database.writing() as tx:
        declared = Declared(name="一号", tier=Tier.GOVERNMENT, pose=pose)
        cameras.add(tx, declared, life_cycle=LifeCycle.APPROVED, now=NOW)
    return database


def asked(database: Database, name: str = "北区补点", **wish: Any) -> StoredPlan:
    return ask_for_plan(database, name, PlanRequest(area=AREA, **{"budget": 6.0, **wish}), PLANNER, NOW)


def worked_out(database: Database, **wish: Any) -> StoredPlan:
    plan = asked(database, **wish)
    with database.writing() as tx:
        taken = plans.take(tx, runner="here", now=NOW, lease_until=NOW + timedelta(minutes=1))
    assert taken is not None and taken.plan_id == plan.plan_id
    assert do_plan(database, Agreements(), PlanToDo(plan_id=plan.plan_id, runner="here"), lambda: NOW)
    with database.reading() as tx:
        return plans.get(tx, plan.plan_id)


def drafts(database: Database) -> list[CameraId]:
    with database.reading() as tx:
        return [one.camera_id for one in cameras.every(tx) if one.life_cycle is LifeCycle.DRAFT]


def test_a_plan_goes_from_a_wish_to_draft_records_once_only(town: Database) -> None:
    plan = worked_out(town)
    assert plan.state is PlanState.DONE and plan.result is not None
    assert plan.result["share_before"] < plan.result["share_after"] <= plan.result["share_bound"]
    assert plan.result["cost"] <= 6.0
    (turn,) = plan.result["turns"]
    assert turn["name"] == "一号" and turn["bearing_before_deg"] == 180.0

    with town.reading() as tx:
        planned = plans.cameras_of(tx, plan.plan_id)
    first = apply_plan(town, plan.plan_id, PLANNER, NOW, numbers=[1])
    assert (first.made, first.before) == (1, 0)
    rest = apply_plan(town, plan.plan_id, PLANNER, NOW)
    assert (rest.made, rest.before) == (len(planned) - 1, 1)
    again = apply_plan(town, plan.plan_id, PLANNER, NOW)
    assert (again.made, again.camera_ids) == (0, rest.camera_ids)
    assert sorted(rest.camera_ids) == sorted(drafts(town))
    with town.reading() as tx:
        made = cameras.get(tx, rest.camera_ids[0])
        history = camera_changes.of_camera(tx, rest.camera_ids[0]).items
    assert made.pose is not None
    assert (made.pose.bearing_deg, made.pose.position.lon) == (planned[0].bearing_deg, planned[0].lon)
    assert history[-1].author.why == f"plan {plan.plan_id}: 北区补点"
    with pytest.raises(Conflict, match="records were made"):
        remove_plan(town, plan.plan_id, PLANNER, NOW)
    with pytest.raises(BadInput, match="has no camera 999"):
        apply_plan(town, plan.plan_id, PLANNER, NOW, numbers=[999])


def test_gaps_that_a_plan_closes_are_marked_when_it_becomes_work(town: Database) -> None:
    memory = CoverageMemory(town, Agreements(), lambda: NOW)
    memory.load()
    GapKeeper(memory).keep(NOW, at_once=True)
    with town.reading() as tx:
        before = plan_gaps.in_box(tx, (-180.0, -90.0, 180.0, 90.0))
    assert before
    plan = worked_out(town, budget=30.0)
    with town.reading() as tx:
        named = {gap_id for one in plans.cameras_of(tx, plan.plan_id) for gap_id in one.about["gap_ids"]}
    assert named and named <= {gap.gap_id for gap in before}
    assert apply_plan(town, plan.plan_id, PLANNER, NOW).gaps == len(named)
    with town.reading() as tx:
        for gap_id in named:
            gap = coverage_gap_list.get(tx, gap_id)
            assert (gap.state, gap.plan_id) == (GapState.PLANNED, plan.plan_id)
            assert [step.step for step in coverage_gap_list.steps(tx, gap_id)].count("plan") == 1


def test_two_plans_stand_side_by_side_and_go_out_as_files(town: Database) -> None:
    small, large = worked_out(town, budget=3.0), worked_out(town, budget=9.0)
    found = compare_plans(town, small.plan_id, large.plan_id)
    assert found.same_area and found.both
    assert len(found.both) + len(found.first.alone) == len(found.first.cameras) < len(found.second.cameras)
    with town.reading() as tx:
        planned = plans.cameras_of(tx, large.plan_id)
    features = plan_geojson(large, planned)["features"]
    assert [one["properties"]["role"] for one in features] == ["area"] + ["camera"] * len(planned)
    book = openpyxl.load_workbook(io.BytesIO(plan_sheet(large, planned, "zh")))
    assert book.sheetnames == ["摄像机", "先调整方向", "看入私密区域", "计算方法"]
    assert book["摄像机"].max_row == 1 + len(planned)
    assert "人民路" in [book["摄像机"].cell(2, 14).value]


def test_a_marked_yard_is_kept_out_of_and_who_looks_in_is_told(town: Database) -> None:
    yard = square(-110.0, -40.0, -90.0, -18.0)
    document = {"type": "Feature", "geometry": yard, "properties": {"name": "后院", "reason": "住户要求"}}
    for expected in (1, 0):
        kept = keep_private(town, read_polygons(json.loads(json.dumps(document))), "li", NOW)
        assert kept.added == expected
    plan = worked_out(town, private_px_per_m=40.0)
    assert plan.result is not None
    (look,) = plan.result["onlookers"]
    assert (look["name"], look["area"]) == ("一号", "后院")
    with pytest.raises(BadInput, match="why is it private"):
        keep_private(town, read_polygons(yard), "li", NOW)


def test_whoever_lost_the_plan_stores_nothing(town: Database) -> None:
    plan = asked(town)
    to_do = PlanToDo(plan_id=plan.plan_id, runner="slow")
    with town.writing() as tx:
        plans.take(tx, runner="slow", now=NOW, lease_until=NOW + timedelta(seconds=10))
    with town.writing() as tx:
        assert plans.take(tx, runner="other", now=NOW, lease_until=NOW) is None, "the lease holds"
        later = NOW + timedelta(seconds=11)
        assert plans.take(tx, runner="other", now=later, lease_until=later) is not None, "it has run out"
    assert not do_plan(town, Agreements(), to_do, lambda: NOW)
    cancelled = cancel_plan(town, plan.plan_id, NOW)
    assert cancelled.state is PlanState.CANCELLED
    assert not do_plan(town, Agreements(), PlanToDo(plan_id=plan.plan_id, runner="other"), lambda: NOW)
    with town.reading() as tx:
        assert plans.get(tx, plan.plan_id).result is None and plans.cameras_of(tx, plan.plan_id) == ()
    remove_plan(town, plan.plan_id, PLANNER, NOW)


def test_what_cannot_be_planned_says_why(town: Database) -> None:
    plan = ask_for_plan(
        town, "海上", PlanRequest(area=square(5000.0, 5000.0, 5100.0, 5100.0), budget=5.0), PLANNER, NOW
    )
    with town.writing() as tx:
        plans.take(tx, runner="here", now=NOW, lease_until=NOW + timedelta(minutes=1))
    assert not do_plan(town, Agreements(), PlanToDo(plan_id=plan.plan_id, runner="here"), lambda: NOW)
    with town.reading() as tx:
        found = plans.get(tx, plan.plan_id)
    assert found.state is PlanState.FAILED and "no road and no place" in found.problem
    with pytest.raises(Conflict, match="only a plan that is done"):
        apply_plan(town, plan.plan_id, PLANNER, NOW)


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ([], "not a GeoJSON object"),
        ({"type": "Point", "coordinates": [1, 2]}, "Polygon or MultiPolygon"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}, "at least 4 positions"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1]]]}, "ends where it starts"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}, "crosses itself"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1e400, 0], [1, 1], [0, 0]]]}, "not a finite number"),
        ({"type": "Polygon", "coordinates": [[["a", 0], [1, 0], [1, 1], ["a", 0]]]}, "not a number"),
        ({"type": "FeatureCollection", "features": []}, "no polygon"),
        (drawn_at((500_000.0, 3_400_000.0)), r"projected coordinates\? WGS-84 degrees are wanted"),
        (drawn_at((31.0, 121.0)), r"longitude and latitude exchanged\?"),
        ({"crs": {"properties": {"name": "EPSG:4547"}}, **drawn_at((113.0, 34.0))}, "coordinates in EPSG:4547"),
    ],
)
def test_an_area_that_is_none_is_refused_with_a_reason(document: object, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        read_polygons(document)


def test_polygons_of_other_coordinate_systems_are_moved_and_unknown_systems_refused() -> None:
    (moved,) = read_polygons(drawn_at((113.631414637, 34.745416415)), system="gcj02")
    assert moved.shape.exterior.coords[0] == pytest.approx((113.625368, 34.746599), abs=1e-6)
    with pytest.raises(BadInput, match="unknown coordinate system; known are wgs84, gcj02, bd09"):
        read_polygons(drawn_at((113.0, 34.0)), system="utm")


def test_a_polygon_is_read_in_metres_of_the_town() -> None:
    (drawn,) = read_polygons(AREA)
    corners = FRAME.to_xy_array([list(corner) for corner in drawn.shape.exterior.coords])
    assert abs(corners[0][0] + 120.0) < 0.01


def test_a_turn_of_a_plan_becomes_an_order_once_and_the_plan_tells_it(town: Database) -> None:
    plan = worked_out(town)
    assert plan.result is not None
    (turn,) = plan.result["turns"]
    assert apply_plan(town, plan.plan_id, PLANNER, NOW, numbers=[1]).orders == 0, "cameras alone were asked for"
    first = apply_plan(town, plan.plan_id, PLANNER, NOW)
    again = apply_plan(town, plan.plan_id, PLANNER, NOW, turns=[turn["camera_id"]])
    assert (first.orders, first.notes, again.orders, again.notes) == (1, 0, 0, 0)
    with town.reading() as tx:
        (told,) = (plans.get(tx, plan.plan_id).result or {})["turns"]
        order = work_orders.get(tx, told["order_id"])
        steps = work_order_steps.of_order(tx, told["order_id"])
    assert (order.number, order.about.camera_id) == (told["order"], turn["camera_id"])
    with town.reading() as tx:
        applied, planned = plans.get(tx, plan.plan_id), plans.cameras_of(tx, plan.plan_id)
    sheet = openpyxl.load_workbook(io.BytesIO(plan_sheet(applied, planned, "zh")))["先调整方向"]
    assert [cell.value for cell in sheet["F"]] == ["工单", order.number]
    assert order.about.cause == (
        f"turn the camera from 180° to {turn['bearing_after_deg']:.0f}°, then set its direction on the map"
    )
    assert (steps[0].who, steps[0].note) == ("li", f"plan {plan.plan_id}: 北区补点")
    with pytest.raises(BadInput, match="turns no camera 999"):
        apply_plan(town, plan.plan_id, PLANNER, NOW, turns=[999])


def test_a_turn_of_a_camera_that_has_an_open_order_is_written_into_that_one(town: Database) -> None:
    plan = worked_out(town)
    assert plan.result is not None
    camera_id = CameraId(plan.result["turns"][0]["camera_id"])
    open_ = open_by_hand(town, ByHand(camera_id=camera_id, reason="支架松动"), ADMIN, OrderPolicy(), NOW)
    done = apply_plan(town, plan.plan_id, PLANNER, NOW)
    assert (done.orders, done.notes) == (0, 1)
    with town.reading() as tx:
        (told,) = (plans.get(tx, plan.plan_id).result or {})["turns"]
        notes = [step.note for step in work_order_steps.of_order(tx, open_.order_id)]
    assert (told["order_id"], told["order"]) == (open_.order_id, open_.number)
    assert notes[-1].startswith(f"plan {plan.plan_id}: 北区补点; turn the camera from 180°")


def test_a_camera_that_left_service_is_given_no_order(town: Database) -> None:
    plan = worked_out(town)
    assert plan.result is not None
    (turn,) = plan.result["turns"]
    move_life_cycle(town, CameraId(turn["camera_id"]), Move(to=LifeCycle.RETIRED, why="拆除"), ADMIN, NOW)
    done = apply_plan(town, plan.plan_id, PLANNER, NOW)
    assert (done.orders, done.notes) == (0, 0)


def test_a_record_tells_of_a_kind_of_camera_that_it_has_no_light_and_where_each_lens_looks(town: Database) -> None:
    dark = CameraType(name="dark", sees_by_night=False, lenses_deg=(0.0, 90.0))
    plan = worked_out(town, types=(dark,))
    made = apply_plan(town, plan.plan_id, PLANNER, NOW).camera_ids
    with town.reading() as tx:
        assert cameras.get(tx, made[0]).declared.supply_light == 1
        lenses = sensors.of_camera(tx, made[0])
        (first, *_) = plans.cameras_of(tx, plan.plan_id)
        kept = read_back(plans.get(tx, plan.plan_id).request)
    assert kept.types == (dark,)
    looks = [first.bearing_deg, (first.bearing_deg + 90.0) % 360.0]
    assert [(one.bearing_deg, one.h_fov_deg) for one in lenses] == [(look, dark.h_fov_deg) for look in looks]
