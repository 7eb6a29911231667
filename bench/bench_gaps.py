"""Promise: gaps of 500,000 samples × 100,000 views in 3 s from nothing; a changed camera with all counters in 1 ms.

Town: the extract given with --map (default: the shared Munich fixture, else the generated town), tiled until it has so
many samples, both sides of each street asked for by day and by night. Peer in the same run, on the same views and
samples: shapely's STRtree of the samples asked with the views' polygons, which counts how many views hold each sample;
it knows no density, no states, no causes, and has to be asked again for every change. One thread; seconds are its CPU
time, so that neighbours on the machine do not count; `wall` is by the clock on the wall.

    python bench/bench_gaps.py [--cameras 100000] [--samples 500000] [--changes 2000] [--map FILE] [--json]
"""

import argparse
import json
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import shapely
from bench_coverage import default_map, percentiles_us, poses_on_walls, tiled, tiled_demand

from vms.core.ids import CameraId
from vms.coverage.demand import Demand, demand_of_town
from vms.coverage.gaps import gaps_of
from vms.coverage.index import CoverageIndex
from vms.coverage.sightings import ViewState
from vms.coverage.stretches import Stretches, codes_of, stretches_of
from vms.coverage.tally import Tally
from vms.coverage.totals import covered_now, totals_of
from vms.coverage.view import Views, compute_views
from vms.coverage.walls import Walls
from vms.coverage.warm import warm_up
from vms.maps.osm import read_town
from vms.sim.town import generated_town


def taken(work: Callable[[], object]) -> tuple[object, dict[str, float]]:
    began, started = time.perf_counter(), time.thread_time()
    result = work()
    cpu, wall = time.thread_time() - started, time.perf_counter() - began
    return result, {"s": round(cpu, 3), "wall_s": round(wall, 3)}


def peer_counts(views: Views, demand: Demand) -> np.ndarray:
    """How many polygons hold each sample."""
    polygons = np.array([views[row].shape_xy(arc_step_deg=1.0) for row in range(len(views))], dtype=object)
    tree = shapely.STRtree(shapely.points(demand.xy_m))
    started = time.thread_time()
    _, sample = tree.query(polygons, predicate="intersects")
    counts = np.bincount(sample, minlength=len(demand))
    peer_counts.asked_s = round(time.thread_time() - started, 3)  # type: ignore[attr-defined]
    return counts


def changes(tally: Tally, views: Views, ids: list[CameraId], many: int, rng: np.random.Generator) -> dict[str, object]:
    """State changes and moves in turn, each with all its counters; and how many samples each touched."""
    index, states, moves = tally.index, [], []
    for turn in range(many):
        camera_id = ids[int(rng.integers(0, len(ids)))]
        other = views[int(rng.integers(0, len(views)))]
        started = time.thread_time()
        with tally.changing([camera_id]):
            if turn % 2:
                index.put(camera_id, other)
            else:
                index.set_state(camera_id, ViewState(int(rng.integers(0, 3))))
        (moves if turn % 2 else states).append(time.thread_time() - started)
    return {"state": percentiles_us(states), "pose": percentiles_us(moves)}


def bench(cameras: int, samples: int, many: int, file: Path | None) -> dict[str, object]:
    rng = np.random.default_rng(7)
    town = read_town(file) if file else generated_town(1)
    one = Walls.of_town(town)
    few = demand_of_town(town, one, both_sides=True)
    tiles = max(1, int(np.ceil(np.sqrt(samples / len(few)))))
    walls, demand = tiled(one, tiles), tiled_demand(few, one, tiles)
    ids = [CameraId(number) for number in range(1, cameras + 1)]
    views = compute_views(poses_on_walls(walls, cameras, rng), walls)
    index = CoverageIndex.of_views(ids, views)
    tally, from_nothing = taken(lambda: Tally(demand, index))
    assert isinstance(tally, Tally)
    found: dict[str, object] = {
        "samples": len(demand),
        "cameras": cameras,
        "from_nothing": from_nothing,
        "bytes_a_sample": round(sum(a.nbytes for a in (*tally.counts[:4], *tally.samples)) / len(demand), 1),
    }
    counts, peer = taken(lambda: peer_counts(views, demand))
    tally_all = Tally(Demand(**{**_fields(demand), "need_px_per_m": np.zeros(len(demand))}), index)
    same = float((tally_all.seen_by == counts).mean())
    found["peer_strtree"] = {**peer, "asked_s": peer_counts.asked_s, "same_counts_share": round(same, 6)}  # type: ignore[attr-defined]
    changes(tally, views, ids, 50, rng)
    found["one_change"] = changes(tally, views, ids, many, rng)
    stretches, listed = taken(lambda: stretches_of(tally.demand, codes_of(tally)))
    assert isinstance(stretches, Stretches)
    some = Stretches(stretches.first[:5000], stretches.end[:5000], stretches.code[:5000])
    _, described = taken(lambda: gaps_of(tally, some))
    _, told = taken(lambda: (totals_of(tally), covered_now(tally)))
    _, priced = taken(lambda: tally.price_of(ids[:1000]))
    found |= {
        "gaps": len(stretches),
        "find_gaps": listed,
        "describe_5000_gaps": described,
        "totals": told,
        "price_of_1000": priced,
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "load": round(os.getloadavg()[0], 1),
    }
    return found


def _fields(demand: Demand) -> dict[str, object]:
    return {name: getattr(demand, name) for name in Demand.__slots__}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cameras", type=int, default=100_000)
    parser.add_argument("--samples", type=int, default=500_000)
    parser.add_argument("--changes", type=int, default=2000)
    parser.add_argument("--map", type=Path, default=default_map())
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    warm_up()
    found = bench(asked.cameras, asked.samples, asked.changes, asked.map)
    if asked.json:
        print(json.dumps(found, indent=1))
        return 0
    for name, value in found.items():
        print(f"{name:>20}  {value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
