"""Promise: 100,000 views in seconds, and "who sees this point, else who is nearest, ranked" in under 5 ms at p99.

Town: the extract given with --map (default: the shared Munich fixture, else the generated town), tiled until it is a
city. Peers in the same run, on the same views: pysovist for the views; for the question shapely's STRtree of the views'
polygons with scipy's cKDTree, which give row numbers only (no distance to the seers, density, state or reason) and are
rebuilt for every change; `kernel` is ours giving as little. One thread; rates and percentiles are its CPU time, so that
neighbours on the machine do not count; `wall_p99_us` is by the clock on the wall.

    python bench/bench_coverage.py [--cameras 100000] [--tiles 12] [--queries 20000] [--map FILE] [--json]
"""

import argparse
import json
import math
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pysovist
import shapely
from scipy.spatial import cKDTree
from tiled_town import RANGE_M, default_map, tile_shifts, tiled

from vms.core.geo import Wgs84
from vms.core.ids import CameraId
from vms.coverage.demand import Demand, demand_of_town
from vms.coverage.gaps import measure_gaps
from vms.coverage.index import CoverageIndex
from vms.coverage.loss import loss_without
from vms.coverage.sightings import Sight
from vms.coverage.tally import Tally
from vms.coverage.view import Views, compute_view, compute_views
from vms.coverage.walls import Walls
from vms.coverage.warm import warm_up
from vms.health.status import Status
from vms.inventory.camera import Pose
from vms.inventory.tier import Tier
from vms.linkage.feed import FeedCandidate
from vms.linkage.rank import rank_feeds
from vms.maps.osm import read_town
from vms.sim.town import generated_town

NOW = datetime(2026, 1, 1, tzinfo=UTC)
WANTED = 16


def tiled_demand(demand: Demand, walls: Walls, tiles: int) -> Demand:
    """The same roads in every tile; places of one name stay one name."""
    shifts = tile_shifts(walls, tiles)
    times = len(shifts)
    return replace(
        demand,
        xy_m=np.concatenate([demand.xy_m + np.array(shift) for shift in shifts]),
        need_px_per_m=np.tile(demand.need_px_per_m, times),
        length_m=np.tile(demand.length_m, times),
        source=np.tile(demand.source, times),
        is_place=np.tile(demand.is_place, times),
        side=np.tile(demand.side, times),
    )


def poses_on_walls(walls: Walls, cameras: int, rng: np.random.Generator) -> list[Pose]:
    """On random walls, looking away from them within 40°."""
    segments = walls.grid.segments[rng.integers(0, len(walls), cameras)]
    along = segments[:, 2:] - segments[:, :2]
    xy = segments[:, :2] + rng.uniform(0.2, 0.8, (cameras, 1)) * along
    outward_deg = np.degrees(np.arctan2(along[:, 1], -along[:, 0])) % 360.0
    bearings = (outward_deg + rng.uniform(-40.0, 40.0, cameras)) % 360.0
    lonlat = walls.frame.to_lonlat_array(xy)
    return [
        Pose(position=Wgs84(lon, lat), bearing_deg=bearing, h_fov_deg=90.0, max_view_m=RANGE_M)
        for (lon, lat), bearing in zip(lonlat.tolist(), bearings.tolist(), strict=True)
    ]


def percentiles_us(seconds: list[float]) -> dict[str, float]:
    p50, p99, worst = np.percentile(np.array(seconds) * 1e6, [50, 99, 100])
    return {"p50_us": round(float(p50), 1), "p99_us": round(float(p99), 1), "max_us": round(float(worst), 1)}


def timed(question: Callable[[Wgs84], object], points: list[Wgs84]) -> dict[str, float]:
    for point in points[:200]:
        question(point)
    cpu, wall = [], []
    for point in points:
        began, started = time.perf_counter(), time.thread_time()
        question(point)
        cpu.append(time.thread_time() - started)
        wall.append(time.perf_counter() - began)
    return {**percentiles_us(cpu), "wall_p99_us": percentiles_us(wall)["p99_us"]}


def bench_views(poses: list[Pose], walls: Walls) -> tuple[Views, dict[str, float]]:
    started = time.thread_time()
    views = compute_views(poses, walls)
    taken = time.thread_time() - started
    size = sum(array.nbytes for array in views.packed) / 1e6
    sees = float((views.areas_m2() > 0).mean())
    return views, {
        "views_per_s": round(len(poses) / taken),
        "seconds": round(taken, 2),
        "packed_mb": round(size, 1),
        "share_seeing": round(sees, 3),
    }


def bench_pysovist(poses: list[Pose], views: Views, walls: Walls, sample: int) -> dict[str, float]:
    """The peer gets the walls within reach for nothing; its areas must equal ours."""
    lines = shapely.linestrings(walls.grid.segments.reshape(-1, 2, 2))
    tree = shapely.STRtree(lines)
    chosen = [i for i in range(sample * 2) if views[i].area_m2 > 0][:sample]
    jobs = []
    for i in chosen:
        x, y = float(views.packed.x[i]), float(views.packed.y[i])
        reach = shapely.box(x - RANGE_M - 1, y - RANGE_M - 1, x + RANGE_M + 1, y + RANGE_M + 1)
        near = walls.grid.segments[tree.query(reach)].reshape(-1, 2, 2)
        jobs.append((near, (x, y), math.remainder(math.radians(90.0 - poses[i].bearing_deg), math.tau)))
    started = time.thread_time()
    areas = [
        pysovist.isovist(near, spot, max_distance=RANGE_M, fov=math.pi / 2, direction=direction).area
        for near, spot, direction in jobs
    ]
    taken = time.thread_time() - started
    worst = max(abs(a - views[i].area_m2) / a for a, i in zip(areas, chosen, strict=True))
    return {"views_per_s": round(len(jobs) / taken), "worst_difference": float(f"{worst:.1e}")}


def bench_questions(
    index: CoverageIndex, poses: list[Pose], views: Views, points: list[Wgs84]
) -> dict[str, dict[str, float]]:
    def ranked(point: Wgs84) -> object:
        feeds = [
            FeedCandidate(
                camera_id=s.camera_id,
                name="camera",
                tier=Tier.GOVERNMENT,
                position=poses[s.camera_id].position,
                bearing_deg=poses[s.camera_id].bearing_deg,
                sees=s.sees,
                blocked=s.sight is Sight.BLOCKED,
                density_px_per_m=s.density_px_per_m,
                distance_m=s.distance_m,
                status=Status.UP,
                picture_age_s=20.0,
            )
            for s in index.candidates(point, WANTED, least_usable=4)
        ]
        return rank_feeds(point, feeds, limit=WANTED, now=NOW)

    frame = index.walls.frame
    rings = [frame.to_xy_array(view.polygon_lonlat()) for view in views]
    polygons = np.array([shapely.Polygon(ring) if len(ring) else shapely.Polygon() for ring in rings], dtype=object)
    tree = shapely.STRtree(polygons)
    nearest = cKDTree(np.column_stack([views.packed.x, views.packed.y]))

    def peer(point: Wgs84) -> object:
        x, y = frame.to_xy(point)
        return tree.query(shapely.Point(x, y), predicate="intersects"), nearest.query((x, y), k=WANTED)

    checked, agreed = 0, 0
    for point in points[:2_000]:
        seers = {int(i) for i in peer(point)[0]}
        checked += 1
        agreed += seers == {s.camera_id for s in index.who_sees(point)}
    return {
        "row_numbers": timed(lambda point: index.rows_at(point, WANTED), points),
        "index": timed(lambda point: index.candidates(point, WANTED), points),
        "index_and_ranking": timed(ranked, points),
        "peer_strtree_ckdtree": timed(peer, points),
        "agreement": {"points": checked, "equal": agreed},
    }


def bench_change(index: CoverageIndex, poses: list[Pose], count: int) -> dict[str, float]:
    computing, putting = [], []
    for i in range(count):
        pose = poses[i]
        started = time.thread_time()
        view = compute_view(pose, index.walls)
        computing.append(time.thread_time() - started)
        started = time.thread_time()
        index.put(CameraId(i), view)
        putting.append(time.thread_time() - started)
    compute, put = percentiles_us(computing), percentiles_us(putting)
    return {"view_p50_us": compute["p50_us"], "put_p50_us": put["p50_us"], "put_p99_us": put["p99_us"]}


def bench_loss(index: CoverageIndex, demand: Demand, rng: np.random.Generator) -> dict[str, float]:
    """What goes blind with 25 neighbours (a switch), and with a fifth of the town."""
    places = np.column_stack([index.packed.x, index.packed.y])[: len(index)]
    tally = Tally(demand, index)
    found: dict[str, float] = {"samples": len(demand)}
    for name, count in (("switch", 25), ("fifth", len(index) // 5)):
        centre = places[rng.integers(len(places))]
        nearest = np.argsort(np.hypot(*(places - centre).T))[:count]
        started = time.thread_time()
        found[f"{name}_road_m"] = round(loss_without(tally, nearest.tolist()).road_m)
        found[f"{name}_ms"] = round((time.thread_time() - started) * 1000, 1)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--cameras", type=int, default=100_000)
    parser.add_argument("--tiles", type=int, default=12)
    parser.add_argument("--queries", type=int, default=20_000)
    parser.add_argument("--peer-sample", type=int, default=200)
    parser.add_argument("--map", type=Path, default=None)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    path = options.map or default_map()
    warm_up()
    rng = np.random.default_rng(1)
    town = generated_town(1) if path is None else read_town(path)
    one = Walls.of_town(town)
    walls = tiled(one, options.tiles)
    poses = poses_on_walls(walls, options.cameras, rng)
    views, figures = bench_views(poses, walls)
    result: dict[str, object] = {"town": town.name, "walls": len(walls), "cameras": options.cameras, "views": figures}
    result["peer_pysovist"] = bench_pysovist(poses, views, walls, options.peer_sample)
    started = time.thread_time()
    index = CoverageIndex.build([CameraId(i) for i in range(len(poses))], poses, walls)
    result["index_build_s"] = round(time.thread_time() - started, 2)
    spots = poses_on_walls(walls, options.queries, rng)
    jitter = rng.uniform(-30.0, 30.0, (len(spots), 2))
    points = [
        walls.frame.to_wgs84(x + dx, y + dy)
        for (x, y), (dx, dy) in zip((walls.frame.to_xy(p.position) for p in spots), jitter.tolist(), strict=True)
    ]
    result["questions"] = bench_questions(index, poses, views, points)
    result["one_changed_camera"] = bench_change(index, poses, 2_000)
    demand = demand_of_town(town, one)
    result["loss"] = bench_loss(index, tiled_demand(demand, one, options.tiles), rng)
    near = CoverageIndex.build([CameraId(i) for i in range(2_000)], poses_on_walls(one, 2_000, rng), one)
    measure_gaps(demand, near)
    started = time.thread_time()
    coverage = measure_gaps(demand, near)
    taken = time.thread_time() - started
    result["gaps"] = {"samples": len(demand), "gaps": len(coverage.gaps), "samples_per_s": round(len(demand) / taken)}
    p99_ms = result["questions"]["index_and_ranking"]["p99_us"] / 1_000.0  # type: ignore[index]
    result["promise"] = {"p99_ms": round(p99_ms, 3), "goal_ms": 5.0, "kept": p99_ms < 5.0}
    print(json.dumps(result, indent=None if options.json else 2))
    return 0 if p99_ms < 5.0 else 1


if __name__ == "__main__":
    sys.exit(main())
