"""Promise: the archive's figures of 100,000 cameras come in ≤ 3 s, also when a process is asked first, and a list by
a rule they break in ≤ 0.3 s. Judging every record anew is background work; its cost is told beside.

    python bench/bench_archive.py [--cameras 20000] [--json]
"""

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench_lists import NOW, fill

from vms.inventory.filters.expression import parse_filter
from vms.services.archive.archive_memory import ArchiveMemory, By
from vms.services.archive.keep_judged import MOST_NEWS, catch_up, judge_every
from vms.store import camera_pages, events
from vms.store.camera_filter import CameraFilter
from vms.store.database import Database
from vms.store.migrate import upgrade

FIGURES_S = 3.0
LIST_S = 0.3
FILTERS = ("breaks=id_missing", "has:breaks", "completeness<50", "breaks in (filing, position_decimals) and tier=unit")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--cameras", type=int, default=20_000)
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'bench.db'}")
        upgrade(database)
        fill(database, chosen.cameras)
        found = measure(database, chosen.cameras)
        database.close()
    print(json.dumps(found, indent=2) if chosen.json else "\n".join(f"{name}: {told}" for name, told in found.items()))
    if not found["kept"]:
        raise SystemExit("a promise is broken")


def measure(database: Database, cameras: int) -> dict[str, Any]:
    found: dict[str, Any] = {"cameras": cameras}
    found["judge every record"] = _timed(lambda: judge_every(database, NOW))
    memory = ArchiveMemory(database)
    slowest = 0.0
    for by in By:
        told = _timed(lambda by=by: memory.figures(by, NOW))
        slowest = max(slowest, told["cpu_s"])
        found[f"figures by {by.value}"] = told
    some = min(cameras, MOST_NEWS - 1)
    with database.writing() as tx:
        events.append_many(tx, "camera.changed", [(number, {}) for number in range(1, some + 1)], NOW)
    found[f"judge {some} that changed"] = _timed(lambda: catch_up(database, NOW, every=False))
    longest = 0.0
    for text in FILTERS:
        told = _timed(lambda text=text: _first_page(database, text))
        longest = max(longest, told["cpu_s"])
        found[text] = told
    found["kept"] = slowest <= FIGURES_S and longest <= LIST_S
    return found


def _first_page(database: Database, text: str) -> int:
    with database.reading() as tx:
        return camera_pages.id_page(tx, CameraFilter(expression=parse_filter(text)), now=NOW, limit=50).total


def _timed(work: Callable[[], object]) -> dict[str, float]:
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return {"cpu_s": round(time.process_time() - cpu, 3), "wall_s": round(time.perf_counter() - wall, 3)}


if __name__ == "__main__":
    main()
