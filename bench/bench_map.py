"""Promise: a town of a million buildings is taken in with bounded memory, and its map is drawn without waiting.

City: blocks of houses between named streets, written as an OpenStreetMap extract (PBF). Each step runs in a process of
its own, whose peak of resident memory is told; the floor is what a process takes that has only loaded the program.
Rates and times of tiles are CPU time, so that neighbours on the machine do not count; `seconds` is by the clock on the
wall. Tiles: random places, zooms 10 to 16, cold (nothing kept) and warm (cells kept).

    python bench/bench_map.py [--buildings 20000] [--tiles 200] [--json]
"""

import argparse
import gzip
import json
import math
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import osmium
import osmium.osm.mutable as mutable

from vms.core.geo import LocalFrame, Wgs84
from vms.maps.cells import mercator
from vms.services.maps.import_file import import_file
from vms.services.maps.tile_maker import TileMaker
from vms.services.maps.town_now import town_now
from vms.store import map_versions
from vms.store.database import Database
from vms.store.migrate import upgrade

MIDDLE = Wgs84(113.62, 34.75)
PER_BLOCK = 20
BLOCK_M = 100.0
ROUNDS = (10, 11, 12, 13, 14, 15, 16)


def write_city(path: Path, buildings: int, *, changed: int = 0) -> None:
    """`changed`: so many of the houses are a storey higher."""
    rng = random.Random(1)
    side = math.ceil(math.sqrt(buildings / PER_BLOCK))
    frame = LocalFrame(MIDDLE)
    writer = osmium.SimpleWriter(str(path), bufsz=8 << 20)
    west, south = -side * BLOCK_M / 2, -side * BLOCK_M / 2
    node, houses = 0, []

    def put(x: float, y: float) -> int:
        nonlocal node
        node += 1
        place = frame.to_wgs84(x, y)
        writer.add_node(mutable.Node(id=node, location=(place.lon, place.lat)))
        return node

    crossings = [[put(west + i * BLOCK_M, south + j * BLOCK_M) for j in range(side + 1)] for i in range(side + 1)]
    for number in range(buildings):
        block, at = divmod(number, PER_BLOCK)
        x = west + (block // side) * BLOCK_M + 12 + (at % 5) * 16
        y = south + (block % side) * BLOCK_M + 12 + (at // 5) * 20
        wide, deep = rng.uniform(8, 14), rng.uniform(8, 17)
        corners = [(x, y), (x + wide, y), (x + wide, y + deep / 2), (x + wide / 2, y + deep / 2)]
        corners += [(x + wide / 2, y + deep), (x, y + deep)]
        nodes = [put(*corner) for corner in corners]
        houses.append((nodes, rng.choice((2, 3, 6, 6, 11, 18, 33))))
    for number, (nodes, levels) in enumerate(houses):
        tags = {"building": "yes", "building:levels": str(levels + (number < changed))}
        writer.add_way(mutable.Way(id=number + 1, nodes=[*nodes, nodes[0]], tags=tags))
    way = buildings
    for i in range(side + 1):
        kind = "primary" if i % 10 == 0 else "residential"
        for first in range(0, side, 10):
            last = min(first + 10, side)
            way += 1
            along = [crossings[i][j] for j in range(first, last + 1)]
            writer.add_way(mutable.Way(id=way, nodes=along, tags={"highway": kind, "name": f"{i}街"}))
            way += 1
            across = [crossings[j][i] for j in range(first, last + 1)]
            writer.add_way(mutable.Way(id=way, nodes=across, tags={"highway": kind, "name": f"{i}路"}))
    writer.close()


def step(name: str, url: str, path: Path | None = None, tiles: int = 0) -> dict[str, float]:
    """In a process of its own."""
    command = [sys.executable, __file__, "--step", name, "--url", url, "--path", str(path or ""), "--tiles", str(tiles)]
    answer = subprocess.run(command, check=True, capture_output=True, env=os.environ)
    return json.loads(answer.stdout)


def run_step(asked: argparse.Namespace) -> dict[str, float]:
    database = Database(asked.url)
    upgrade(database)
    told: dict[str, float] = {}
    begun, begun_cpu = time.perf_counter(), time.process_time()
    if asked.step == "import":
        done = import_file(database, Path(asked.path))
        told = {"buildings": done.buildings, "roads": done.roads, "places": done.places}
        told |= {"added": done.added, "changed": done.changed, "removed": done.removed}
    elif asked.step == "load":
        with database.reading() as tx:
            told = {"buildings": len(town_now(tx).buildings)}
    elif asked.step == "tiles":
        told = time_tiles(database, asked.tiles)
    told["seconds"] = round(time.perf_counter() - begun, 2)
    told["cpu_s"] = round(time.process_time() - begun_cpu, 2)
    told["peak_mb"] = round(peak_kb() / 1024)
    return told


def peak_kb() -> int:
    """Of this program alone; what rusage tells begins with the process that started it."""
    status = Path("/proc/self/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1])


def time_tiles(database: Database, tiles: int) -> dict[str, float]:
    maker = TileMaker(database)
    with database.reading() as tx:
        box = map_versions.current(tx)[0].box
    assert box is not None
    rng = random.Random(2)
    maker.tile(0, 0, 0)
    cold, warm, sizes = [], [], []
    for number in range(tiles):
        zoom = ROUNDS[number % len(ROUNDS)]
        lon, lat = rng.uniform(box[0], box[2]) / 1e7, rng.uniform(box[1], box[3]) / 1e7
        x, y = mercator(np.array([lon]), np.array([lat]))
        column, row = int(x[0] * (1 << zoom)), int(y[0] * (1 << zoom))
        for times, forget_cells in ((cold, True), (warm, False)):
            maker._tiles.clear()
            if forget_cells:
                maker._cells.clear()
            begun = time.process_time()
            _, content = maker.tile(zoom, column, row)
            times.append((time.process_time() - begun) * 1000)
        sizes.append(len(gzip.decompress(content)) if content else 0)
    return {
        "cold_p50_ms": round(float(np.percentile(cold, 50)), 1),
        "cold_p99_ms": round(float(np.percentile(cold, 99)), 1),
        "warm_p50_ms": round(float(np.percentile(warm, 50)), 1),
        "warm_p99_ms": round(float(np.percentile(warm, 99)), 1),
        "largest_tile_kb": round(max(sizes) / 1000),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--buildings", type=int, default=20_000)
    parser.add_argument("--tiles", type=int, default=200)
    parser.add_argument("--json", action="store_true")
    for hidden in ("--step", "--url", "--path"):
        parser.add_argument(hidden, default="", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.step:
        print(json.dumps(run_step(asked)))
        return
    with tempfile.TemporaryDirectory() as folder:
        extract, later = Path(folder, "city.osm.pbf"), Path(folder, "later.osm.pbf")
        write_city(extract, asked.buildings)
        write_city(later, asked.buildings, changed=10)
        url = f"sqlite:///{Path(folder, 'vms.db')}"
        found = {
            "extract_mb": round(extract.stat().st_size / 1e6, 1),
            "floor": step("floor", url),
            "import": step("import", url, extract),
            "store_mb": round(sum(file.stat().st_size for file in Path(folder).glob("vms.db*")) / 1e6, 1),
            "second_import": step("import", url, later),
            "load": step("load", url),
            "tiles": step("tiles", url, tiles=asked.tiles),
        }
    first = found["import"]
    found["buildings_per_cpu_s"] = round(first["buildings"] / first["cpu_s"])
    found["load_average"] = round(os.getloadavg()[0], 1)
    if asked.json:
        print(json.dumps(found))
        return
    for name, told in found.items():
        print(f"{name:16} {told}")


if __name__ == "__main__":
    main()
