"""What ought to be seen and is not, and why."""

import json
import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders.coverage import FRAME, a_building, a_key_place, a_pose, a_road, a_town, at
from vms.coverage.demand import DemandKind, demand_of_town
from vms.coverage.gaps import Coverage, GapCause, gaps_geojson, measure_gaps
from vms.coverage.index import CoverageIndex
from vms.coverage.sightings import ViewState
from vms.coverage.walls import Walls

ROAD = a_road((0, 0), (100, 0), name="High Street")


def measured(town, *poses, states=(), **options) -> Coverage:
    walls = Walls.of_town(town)
    index = CoverageIndex.build(range(1, len(poses) + 1), poses, walls)
    index.set_states(states)
    return measure_gaps(demand_of_town(town, walls, **options), index)


def only(coverage: Coverage):
    (gap,) = coverage.gaps
    return gap


def test_where_nobody_ever_built_a_camera_the_whole_road_is_one_gap():
    gap = only(measured(a_town(roads=[ROAD])))
    assert (gap.kind, gap.cause, gap.name) == (DemandKind.ROAD, GapCause.NONE_BUILT, "High Street")
    assert gap.length_m == pytest.approx(100.0, rel=1e-3)
    assert gap.camera_ids == ()
    assert gap.best_px_per_m == 0.0


def test_a_covered_road_has_no_gap():
    coverage = measured(a_town(roads=[ROAD]), a_pose(-1, 0, max_view_m=120.0, h_fov_deg=30.0))
    assert coverage.gaps == ()
    assert coverage.road_rate == 1.0
    assert coverage.place_rate is None


def test_a_faulty_camera_that_would_cover_is_the_cause_and_is_named():
    camera = a_pose(-1, 0, max_view_m=120.0, h_fov_deg=30.0)
    gap = only(measured(a_town(roads=[ROAD]), camera, states=[(1, ViewState.FAULTY)]))
    assert (gap.cause, gap.camera_ids) == (GapCause.FAULTY, (1,))


def test_a_camera_without_consent_that_would_cover_is_the_cause_and_is_named():
    camera = a_pose(-1, 0, max_view_m=120.0, h_fov_deg=30.0)
    gap = only(measured(a_town(roads=[ROAD]), camera, states=[(1, ViewState.NO_CONSENT)]))
    assert (gap.cause, gap.camera_ids) == (GapCause.NO_CONSENT, (1,))


def test_a_view_below_the_need_is_too_coarse():
    camera = a_pose(-60, 0, max_view_m=200.0, h_fov_deg=120.0)
    gap = only(measured(a_town(roads=[ROAD]), camera))
    assert (gap.cause, gap.camera_ids) == (GapCause.TOO_COARSE, (1,))
    assert 0.0 < gap.best_px_per_m < 25.0


def test_a_building_before_the_camera_is_the_cause_where_it_would_reach():
    house = a_building(20, -30, 30, 30)
    coverage = measured(
        a_town([house], [a_road((40, 0), (70, 0), name="Back Lane")]), a_pose(0, 0, max_view_m=120.0, h_fov_deg=30.0)
    )
    gap = only(coverage)
    assert (gap.cause, gap.camera_ids) == (GapCause.BLOCKED, (1,))


def test_of_several_causes_the_cheapest_remedy_is_named():
    camera = a_pose(-1, 0, max_view_m=120.0, h_fov_deg=30.0)
    both = measured(a_town(roads=[ROAD]), camera, camera, states=[(1, ViewState.NO_CONSENT), (2, ViewState.FAULTY)])
    assert (only(both).cause, only(both).camera_ids) == (GapCause.FAULTY, (2,))


def test_a_camera_of_unknown_direction_covers_nothing():
    gap = only(measured(a_town(roads=[ROAD]), a_pose(50, 0, bearing_deg=None, max_view_m=120.0)))
    assert gap.cause is GapCause.NONE_BUILT


def test_a_road_seen_in_its_middle_has_a_gap_on_either_side():
    town = a_town(roads=[a_road((0, 0), (200, 0), name="Long")])
    coverage = measured(town, a_pose(100, 0, bearing_deg=None, h_fov_deg=360.0, max_view_m=30.0))
    west_to_east = sorted(coverage.gaps, key=lambda gap: gap.line[0].lon)
    built, coarse = GapCause.NONE_BUILT, GapCause.TOO_COARSE
    assert [gap.cause for gap in west_to_east] == [built, coarse, coarse, built]
    assert sum(g.length_m for g in coverage.gaps) == pytest.approx(200.0 - coverage.covered_road_m, rel=1e-6)
    sharp_within_m = 1920 / (2 * math.pi) / 25.0
    assert coverage.covered_road_m == pytest.approx(2 * sharp_within_m, abs=10.0)


def test_a_key_place_indoors_is_asked_for_at_its_wall():
    school = a_building(20, -10, 40, 10)
    town = a_town([school], [], [a_key_place(30, 0, "North School")])
    assert only(measured(town)).name == "North School"
    seen = measured(
        town,
        a_pose(30, 20, bearing_deg=180.0),
        a_pose(30, -20, bearing_deg=0.0),
        a_pose(8, 0),
        a_pose(52, 0, bearing_deg=270.0),
    )
    assert seen.gaps == ()
    assert seen.place_rate == 1.0


def test_a_place_needs_more_pixels_than_a_road():
    camera = a_pose(-40, 0)
    town = a_town(roads=[a_road((-3, 0), (-1, 0))], places=[a_key_place(-2, 0)])
    coverage = measured(town, camera)
    assert [(g.kind, g.cause) for g in coverage.gaps] == [(DemandKind.PLACE, GapCause.TOO_COARSE)]


def test_tunnels_and_unwanted_kinds_ask_for_nothing():
    roads = [a_road((0, 0), (50, 0), tunnel=True), a_road((0, 9), (50, 9), kind="footway")]
    assert measured(a_town(roads=roads), kinds=frozenset({"primary"})).road_m == 0.0
    assert measured(a_town(roads=roads)).road_m == pytest.approx(50.0, rel=1e-3)


def test_both_sides_of_a_road_are_asked_for_and_together_are_as_long():
    coverage = measured(a_town(roads=[ROAD]), both_sides=True)
    assert coverage.road_m == pytest.approx(100.0, rel=1e-3)
    assert len(coverage.gaps) == 2
    sides = sorted(FRAME.to_xy(gap.line[0])[1] for gap in coverage.gaps)
    assert sides == pytest.approx([-4.0, 4.0], abs=1e-3)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.floats(-80, 80), st.floats(-80, 80)), min_size=2, max_size=6),
    st.lists(st.tuples(st.floats(-80, 80), st.floats(-80, 80), st.floats(0, 360), st.integers(0, 2)), max_size=6),
)
def test_covered_and_missing_metres_make_the_whole_and_every_sample_has_its_reason(corners, cameras):
    house = a_building(-20, -20, 20, 20)
    town = a_town([house], [a_road(*corners)])
    walls = Walls.of_town(town)
    poses = [a_pose(x, y, bearing_deg=b) for x, y, b, _ in cameras]
    index = CoverageIndex.build(range(1, len(poses) + 1), poses, walls)
    index.set_states((i, ViewState(c[3])) for i, c in enumerate(cameras, start=1))
    demand = demand_of_town(town, walls)
    coverage = measure_gaps(demand, index)
    whole = coverage.covered_road_m + sum(coverage.missing_road_m().values())
    assert whole == pytest.approx(coverage.road_m)
    assert sum(gap.length_m for gap in coverage.gaps) == pytest.approx(sum(coverage.missing_road_m().values()))
    for row in range(len(demand)):
        seers = index.who_sees(walls.frame.to_wgs84(*demand.xy_m[row]))
        enough = [s for s in seers if s.sees and s.density_px_per_m >= demand.need_px_per_m[row]]
        usable = [s for s in enough if s.state is ViewState.USABLE]
        assert (coverage.cause[row] == 0) == bool(usable)
        assert coverage.seen_by[row] == len(usable)
        if not usable and any(s.state is ViewState.FAULTY for s in enough):
            assert coverage.cause[row] == 1


def test_gaps_are_geojson_as_long_as_they_say():
    bent = a_road((0, 0), (60, 0), (60, 80), name="Bent")
    document = json.loads(json.dumps(gaps_geojson(measured(a_town(roads=[bent], places=[a_key_place(5, 5)])).gaps)))
    place, road = document["features"]
    assert place["geometry"]["type"] == "Point"
    line = shapely.LineString(FRAME.to_xy_array(np.array(road["geometry"]["coordinates"])))
    assert line.length == pytest.approx(140.0, abs=3.0)
    assert road["properties"] == {
        "kind": "road",
        "cause": "none_built",
        "name": "Bent",
        "length_m": 140.0,
        "best_px_per_m": 0.0,
        "camera_ids": [],
    }


def test_an_empty_town_asks_for_nothing():
    coverage = measured(a_town())
    assert coverage.gaps == ()
    assert coverage.road_rate is None


def test_a_town_may_be_warmed_up_and_the_kernels_answer_rightly():
    from vms.coverage.warm import warm_up

    warm_up()
    assert at(0, 0)
