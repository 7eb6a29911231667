"""The index and the ranking together, against a computation that knows neither."""

import math

import numpy as np
import shapely

from tests.builders.coverage import FRAME, a_pose, at, walls_of
from tests.builders.linkage import NOW, a_candidate
from vms.core.geo import Wgs84
from vms.coverage.index import CoverageIndex
from vms.coverage.sightings import Sight, Sighting, ViewState
from vms.health.status import Status
from vms.inventory.camera import Pose
from vms.linkage.feed import FeedCandidate, Permission, RankedFeed
from vms.linkage.rank import rank_feeds

BLOCKS = [(x, y, x + 31.0, y + 24.0) for x in range(-200, 200, 47) for y in range(-200, 200, 41)]
WALLS = walls_of(*BLOCKS)
SOLID = shapely.union_all([shapely.box(*block) for block in BLOCKS])
HIDING = SOLID.buffer(-1e-6)
shapely.prepare(HIDING)
CAMERAS = 150
RANGE_M = 120.0
WIDTH_PX, FOV_DEG = 4_000, 90.0


def a_city() -> tuple[list[Pose], list[Status], list[Permission]]:
    rng = np.random.default_rng(11)
    poses: list[Pose] = []
    while len(poses) < CAMERAS:
        x, y = (float(v) for v in rng.uniform(-210, 210, 2))
        if SOLID.distance(shapely.Point(x, y)) > 0.5:
            poses.append(a_pose(x, y, bearing_deg=float(rng.uniform(0, 360)), h_fov_deg=FOV_DEG, max_view_m=RANGE_M))
    statuses = [Status(s) for s in rng.choice(list(Status), CAMERAS, p=[0.1, 0.6, 0.1, 0.2])]
    permissions = [Permission(p) for p in rng.choice(list(Permission), CAMERAS, p=[0.8, 0.15, 0.05])]
    return poses, statuses, permissions


POSES, STATUSES, PERMISSIONS = a_city()
XY = [FRAME.to_xy(pose.position) for pose in POSES]


def a_feed(camera_id: int, sees: bool, blocked: bool, distance_m: float, density_px_per_m: float) -> FeedCandidate:
    i = camera_id - 1
    return a_candidate(
        camera_id,
        position=POSES[i].position,
        bearing_deg=POSES[i].bearing_deg,
        sees=sees,
        blocked=blocked,
        distance_m=distance_m,
        density_px_per_m=density_px_per_m,
        status=STATUSES[i],
        permission=PERMISSIONS[i],
        picture_age_s=float(10 * (i % 40)),
    )


def by_brute_force(point: Wgs84) -> list[FeedCandidate]:
    """Every camera of the city, looked at with plain trigonometry and a line drawn across the map."""
    px, py = FRAME.to_xy(point)
    feeds = []
    for i, (x, y) in enumerate(XY):
        distance_m = math.hypot(px - x, py - y)
        toward_deg = math.degrees(math.atan2(px - x, py - y))
        off_axis_deg = abs((toward_deg - POSES[i].bearing_deg + 180.0) % 360.0 - 180.0)
        in_sector = distance_m <= RANGE_M and off_axis_deg <= FOV_DEG / 2.0
        clear = in_sector and not HIDING.intersects(shapely.LineString([(x, y), (px, py)]))
        density = WIDTH_PX / (2.0 * math.tan(math.radians(FOV_DEG / 2.0)) * distance_m)
        feeds.append(a_feed(i + 1, clear, in_sector and not clear, distance_m, density))
    return feeds


def of_sighting(sighting: Sighting) -> FeedCandidate:
    return a_feed(
        sighting.camera_id,
        sighting.sees,
        sighting.sight is Sight.BLOCKED,
        sighting.distance_m,
        sighting.density_px_per_m,
    )


def an_index() -> CoverageIndex:
    index = CoverageIndex.build(range(1, CAMERAS + 1), POSES, WALLS, width_px=WIDTH_PX)
    for i, (status, permission) in enumerate(zip(STATUSES, PERMISSIONS, strict=True), start=1):
        usable = status is not Status.DOWN and permission is Permission.ALLOWED
        index.set_state(i, ViewState.USABLE if usable else ViewState.FAULTY)
    return index


def order(feeds: tuple[RankedFeed, ...]) -> list[tuple[int, bool, str]]:
    return [(feed.camera_id, feed.sees, feed.reason.value) for feed in feeds]


def test_for_a_thousand_points_the_order_equals_the_brute_force_computation_over_all_cameras():
    index = an_index()
    rng = np.random.default_rng(12)
    seen = hidden = 0
    for _ in range(1_000):
        point = at(*(float(v) for v in rng.uniform(-220, 220, 2)))
        sightings = index.candidates(point, 16, least_usable=16)
        feeds = rank_feeds(point, [of_sighting(s) for s in sightings], limit=16, now=NOW)
        expected = rank_feeds(point, by_brute_force(point), limit=16, now=NOW)
        assert order(feeds) == order(expected)
        seen += sum(feed.sees for feed in feeds)
        hidden += sum(feed.candidate.blocked for feed in feeds)
    assert seen > 500
    assert hidden > 1_000


def test_a_camera_behind_a_building_is_never_above_one_of_its_class_that_sees_the_point():
    index = an_index()
    rng = np.random.default_rng(13)
    pairs = 0
    for _ in range(300):
        point = at(*(float(v) for v in rng.uniform(-220, 220, 2)))
        line_of_sight = {f.camera_id: f.sees for f in by_brute_force(point)}
        feeds = rank_feeds(point, [of_sighting(s) for s in index.candidates(point, 40)], limit=40, now=NOW)
        for place, above in enumerate(feeds):
            for below in feeds[place + 1 :]:
                if above.reason is below.reason and line_of_sight[below.camera_id]:
                    assert line_of_sight[above.camera_id]
                    pairs += 1
    assert pairs > 100


def test_the_ill_are_below_everybody_else_wherever_they_look():
    index = an_index()
    feeds = rank_feeds(at(0, 0), [of_sighting(s) for s in index.candidates(at(0, 0), CAMERAS)], limit=CAMERAS, now=NOW)
    assert len(feeds) == CAMERAS
    ill = [STATUSES[feed.camera_id - 1] is Status.DOWN for feed in feeds]
    assert ill == sorted(ill)
    assert any(ill)
