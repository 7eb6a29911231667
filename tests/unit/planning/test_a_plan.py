"""From a ground to a plan: candidates see what their views see, private areas stay private, turning comes first."""

import numpy as np
import pytest
import shapely

from tests.builders.coverage import a_key_place, a_pose, a_road, a_town
from tests.builders.planning import a_ground, around
from vms.core.errors import BadInput
from vms.coverage.view import compute_view
from vms.inventory.camera import Pose
from vms.planning.candidates import make_candidates
from vms.planning.catalogue import CameraType, Choices, SiteKind
from vms.planning.plan import Wish, make_plan
from vms.planning.private import private_points
from vms.planning.sites import find_sites
from vms.planning.wanted import wanted_in

BLOCK = (-20.0, 8.0, 20.0, 30.0)
"""A building on the north side of the road."""
WIDE = CameraType(name="wide", h_fov_deg=90.0, range_m=50.0, cost=1.0)


def test_a_candidate_sees_what_a_camera_there_sees() -> None:
    ground = a_ground(blocks=[BLOCK, (40.0, -30.0, 60.0, -6.0)])
    choices = Choices(types=(WIDE,))
    wanted = wanted_in(ground.demand, around())
    sites = find_sites(ground.town, ground.walls, around(), np.zeros((0, 2)), wanted.spots.xy_m, choices)
    nobody = private_points((), ground.walls, least_px_per_m=62.5)
    found = make_candidates(sites, choices, ground.walls, wanted.spots, nobody.spots, nobody.area)
    assert len(found) > 20
    for number in range(0, len(found), 7):
        position = ground.walls.frame.to_wgs84(*sites.xy_m[found.site[number]].tolist())
        pose = Pose(
            position=position,
            bearing_deg=float(found.bearing_deg[number]),
            mount_height_m=WIDE.height_m,
            tilt_deg=WIDE.tilt_deg,
            h_fov_deg=WIDE.h_fov_deg,
            max_view_m=WIDE.range_m,
        )
        view = compute_view(pose, ground.walls, width_px=WIDE.width_px)
        away = np.hypot(*(wanted.spots.xy_m - sites.xy_m[found.site[number]]).T)
        expected = {
            spot
            for spot, (x, y) in enumerate(wanted.spots.xy_m.tolist())
            if view.sees(ground.walls.frame.to_wgs84(x, y))
            and view.density_px_per_m(float(away[spot])) >= wanted.spots.need_px_per_m[spot]
        }
        edge = expected ^ set(found.sees(number).tolist())
        assert len(edge) <= 1, "but for a spot exactly on the edge of the sector"


def test_sites_stand_outdoors_apart_and_face_what_is_wanted() -> None:
    ground = a_ground(blocks=[BLOCK, (-20.0, 100.0, 20.0, 130.0)])
    wanted = wanted_in(ground.demand, around())
    cameras = np.array([[70.0, 4.0]])
    sites = find_sites(ground.town, ground.walls, around(), cameras, wanted.spots.xy_m, Choices(spacing_m=15.0))
    assert not ground.walls.inside(sites.xy_m).any()
    assert SiteKind.CAMERA_POLE in sites.kind and SiteKind.CORNER in sites.kind
    assert sites.xy_m[:, 1].max() < 60.0, "the building far from the road carries none"
    away = np.hypot(*(sites.xy_m[:, None, :] - sites.xy_m[None, :, :]).transpose(2, 0, 1))
    assert away[~np.eye(len(sites), dtype=bool)].min() >= 15.0


def test_a_plan_tells_its_curve_its_cost_and_its_bound() -> None:
    ground = a_ground(blocks=[BLOCK, (40.0, -30.0, 60.0, -6.0)])
    plan = make_plan(ground, Wish(area=around(), budget=5.0, prove_s=10.0))
    shares = [one.share for one in plan.cameras]
    assert shares == sorted(shares) and plan.share_before == 0.0
    assert plan.share_after == pytest.approx(shares[-1])
    assert plan.cost == pytest.approx(plan.cameras[-1].spent) and plan.cost <= 5.0
    assert plan.share_after <= plan.share_bound <= 1.0
    assert plan.proven and plan.of_bound >= 0.97
    assert plan.cameras[0].roads == ("High Street",)


def test_what_is_seen_already_is_not_bought_again() -> None:
    watcher = a_pose(-100.0, 0.0, mount_height_m=4.0, tilt_deg=5.0, h_fov_deg=60.0, max_view_m=110.0)
    watched = a_ground(blocks=[BLOCK, (60.0, 8.0, 90.0, 30.0)], poses=[watcher])
    before = make_plan(watched, Wish(area=around(), budget=2.9))
    assert before.share_before > 0.2
    bought = {row for one in before.cameras for row in one.covers}
    xy = watched.demand.xy_m[sorted(bought)]
    assert xy[:, 0].min() > -45.0, "west of that the camera watches"


def test_no_planned_camera_looks_into_a_marked_yard() -> None:
    town = a_town(roads=[a_road((-60.0, 0.0), (60.0, 0.0))])
    ground = a_ground(town, blocks=[BLOCK, (-20.0, -30.0, 20.0, -6.0)])
    yard = shapely.box(25.0, 4.0, 40.0, 20.0)
    free, bound = (make_plan(ground, Wish(area=around(), budget=8.0, private=private)) for private in ((), (yard,)))
    assert free.refused == 0 and bound.refused > 0 and bound.refused_areas == (0,)
    points = shapely.get_coordinates(yard.buffer(-1.0).segmentize(2.0))
    for one in bound.cameras:
        kind = next(kind for kind in Choices().types if kind.name == one.type)
        pose = Pose(
            position=one.position,
            bearing_deg=one.bearing_deg,
            mount_height_m=kind.height_m,
            tilt_deg=kind.tilt_deg,
            h_fov_deg=kind.h_fov_deg,
            max_view_m=kind.range_m,
        )
        view = compute_view(pose, ground.walls, width_px=kind.width_px)
        here = ground.walls.frame.to_xy(one.position)
        fine = [p for p in points if view.density_px_per_m(float(np.hypot(*(p - here)))) >= 62.5]
        assert not any(view.sees(ground.walls.frame.to_wgs84(*p.tolist())) for p in fine)


def test_a_camera_that_looks_into_a_marked_window_is_told() -> None:
    ground = a_ground(blocks=[BLOCK], poses=[a_pose(0.0, -4.0, bearing_deg=0.0), a_pose(0.0, -4.0, bearing_deg=180.0)])
    window = shapely.box(-2.0, 8.0, 2.0, 9.0)
    plan = make_plan(ground, Wish(area=around(), budget=1.0, private=(window,)))
    assert [(one.row, one.area) for one in plan.onlookers] == [(0, 0)]
    assert plan.onlookers[0].px_per_m > 62.5


def test_turning_a_camera_that_looks_away_comes_before_buying() -> None:
    away = a_pose(0.0, -5.0, bearing_deg=180.0, mount_height_m=4.0, tilt_deg=5.0, h_fov_deg=70.0, max_view_m=80.0)
    ground = a_ground(poses=[away])
    plan = make_plan(ground, Wish(area=around(), budget=1.0))
    (turn,) = plan.turns
    assert turn.bearing_before_deg == pytest.approx(180.0) and turn.gain > 30.0
    assert min(abs(turn.bearing_after_deg - 90.0), abs(turn.bearing_after_deg - 270.0)) <= 40.0
    turned = make_plan(ground, Wish(area=around(), budget=1.0, turn_first=True))
    assert turned.share_after > plan.share_after


def test_back_up_cover_stands_on_another_pole() -> None:
    town = a_town(roads=[a_road((-30.0, 0.0), (30.0, 0.0))], places=[a_key_place(0.0, 0.0)])
    ground = a_ground(town, blocks=[(-30.0, 6.0, 30.0, 20.0), (-30.0, -20.0, 30.0, -6.0)])
    plan = make_plan(ground, Wish(area=around(), budget=30.0, views=2))
    seers = [one.site for one in plan.cameras for row in one.covers if ground.demand.is_place[row]]
    assert len(seers) == len(set(seers)) == 2


def test_an_area_without_anything_to_cover_is_refused() -> None:
    with pytest.raises(BadInput, match="no road and no place"):
        make_plan(a_ground(), Wish(area=shapely.box(500.0, 500.0, 600.0, 600.0), budget=5.0))
