"""One order per real cause: random failures of a pretend town, and what a turn of the dispatcher costs.

Scripts: 40 switches with 25 cameras each (a recorder with 8 channels, 17 cameras), polled once a minute with the usual
hysteresis; the real watch judges each look, of which the last before `down` is asked twice, and the real book groups
the falls. Six of ten switches are typed in, two are learnt (one device of each is missing), two are unknown. Every
script also loses single packets. Promises: orders per real cause 1.0 ± 0.05, no camera is called down that is not away,
nobody is in an outage whom nothing had happened to.

Turn: a store with 100,000 cameras on 4,000 switches, 3,000 of them fall at once. Promise: a turn takes less than 1 s.
"""

import argparse
import json
import multiprocessing
import os
import random
import resource
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sqlalchemy import insert

from tests.builders.failing_town import Played, Script, a_town, play, write_script
from tests.builders.fallen_cameras import NOON, FallingTown, a_falling_town
from vms.health.outages.policy import OutagePolicy
from vms.health.policy import Policy
from vms.services.dispatching.find_outages import OutageFinder
from vms.services.dispatching.run_dispatch import Turn
from vms.services.dispatching.settings import DispatchSettings
from vms.store.database import Database
from vms.store.migrate import upgrade
from vms.store.schema import supply_members, supply_nodes

PER_TOWN = 100
PER_SWITCH = 25
PROMISED_OFF = 0.05
PROMISED_TURN_S = 1.0
TURNS = ("fall", "settle", "orders", "rise")
"""In CPU seconds, which other programs on the machine do not stretch."""


def percentile(values: list[float], share: float) -> float | None:
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 1) if ordered else None


def figures(found: list[Played]) -> dict[str, Any]:
    causes, orders = sum(len(one.causes) for one in found), sum(one.orders for one in found)
    seconds = [value for one in found for value in one.detected_s]
    down_s = [value for one in found for value in one.fell_s]
    return {
        "scripts": len(found),
        "causes": causes,
        "orders": orders,
        "per_cause": round(orders / causes, 4) if causes else None,
        "exact": sum(one.orders == len(one.causes) for one in found),
        "false_down": sum(one.false_downs for one in found),
        "strangers": sum(one.strangers for one in found),
        "named_rightly": sum(one.named for one in found),
        "nameable": sum(one.nameable for one in found),
        "down_median_s": round(median(down_s), 1) if down_s else None,
        "down_p95_s": percentile(down_s, 0.95),
        "detected_median_s": round(median(seconds), 1) if seconds else None,
        "detected_p95_s": percentile(seconds, 0.95),
    }


def run_scripts(count: int, seed: int) -> dict[str, Any]:
    by_script: dict[Script, list[Played]] = defaultdict(list)
    chance = random.Random(seed)
    started, used = time.perf_counter(), time.process_time()
    town = a_town(chance)
    for number in range(count):
        if number % PER_TOWN == 0:
            town = a_town(chance)
        script = list(Script)[number % len(Script)]
        by_script[script].append(play(script, town, write_script(script, town, chance), Policy(), OutagePolicy()))
    return {
        "rows": {script.value: figures(found) for script, found in by_script.items()},
        "all": figures([one for found in by_script.values() for one in found]),
        "looks": sum(one.looks for found in by_script.values() for one in found),
        "seconds": round(time.perf_counter() - started, 1),
        "cpu_s": round(time.process_time() - used, 1),
    }


def with_switches(database: Database, town: FallingTown) -> None:
    """Each 25 devices hang on a switch."""
    count = len(town.devices) // PER_SWITCH
    made = {"kind": "switch", "source": "typed", "evidence": {}, "created_at": NOON, "created_by": "bench"}
    nodes = [{"id": number + 1, "name": f"switch {number}", **made} for number in range(count)]
    members = [
        {"node_id": number // PER_SWITCH + 1, "device_id": device_id, "source": "typed", "since": NOON}
        for number, device_id in enumerate(town.devices[: count * PER_SWITCH])
    ]
    with database.writing() as tx:
        tx.execute(insert(supply_nodes), nodes)
        tx.execute(insert(supply_members), members)


def run_turns(cameras: int, faults: int) -> dict[str, Any]:
    chance = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/vms.db")
        upgrade(database)
        town = a_falling_town(database, cameras)
        with_switches(database, town)
        town.restart()
        found: dict[str, Any] = {"cameras": cameras, "faults": faults}
        found["begin"] = timed(town.turn)[0]
        switches = faults * 5 // 6 // PER_SWITCH
        starts = chance.sample(range(cameras // PER_SWITCH), switches)
        fallen = [one for s in starts for one in town.cameras[s * PER_SWITCH : (s + 1) * PER_SWITCH]]
        known = set(fallen)
        fallen += [one for one in chance.sample(town.cameras, faults) if one not in known][: faults - len(fallen)]
        chance.shuffle(fallen)
        town.fall(fallen)
        with multiprocessing.get_context("spawn").Pool(1) as alone:
            found["alone"] = alone.apply(begin_alone, (f"sqlite:///{folder}/vms.db", town.now))
        found["fall"], turn = timed(town.turn)
        found["switches"], found["outages"] = switches, turn.outages.found if turn else 0
        town.now += timedelta(seconds=90)
        found["settle"], later = timed(town.turn)
        found["outages_later"] = later.outages.found if later else 0
        town.now += timedelta(seconds=90)
        found["orders"] = timed(town.turn)[0]
        town.rise(fallen)
        found["rise"] = timed(town.turn)[0]
        town.turn()
        found["idle"] = timed(town.turn)[0]
        found["peak_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)
        database.close()
    return found


def peak_of_own_mb() -> float:
    """Unlike what `getrusage` says, without that of the process that started this one."""
    said = Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]
    return int(said) / 1024


def begin_alone(url: str, now: datetime) -> dict[str, float]:
    """A dispatcher that starts, in a process of its own: what it takes to read the town. Nothing is kept."""
    database = Database(url)
    began_mb = peak_of_own_mb()
    used = time.process_time()
    finder = OutageFinder(database, DispatchSettings())
    news = finder.look(now)
    cpu_s = time.process_time() - used
    peak_mb = peak_of_own_mb()
    database.close()
    return {"news": len(news), "cpu_s": round(cpu_s, 2), "began_mb": round(began_mb), "peak_mb": round(peak_mb)}


def timed(turn: Callable[[], Turn | None]) -> tuple[dict[str, float], Turn | None]:
    started, used = time.perf_counter(), time.process_time()
    done = turn()
    return {
        "s": round(time.perf_counter() - started, 3),
        "cpu_s": round(time.process_time() - used, 3),
    }, done


def show(scripts: dict[str, Any] | None, turns: dict[str, Any] | None) -> None:
    say = sys.stdout.write
    if scripts is not None:
        say(f"{'script':<32}{'scripts':>8}{'causes':>8}{'orders':>8}{'per cause':>10}{'exact':>7}{'false':>6}")
        say(f"{'strange':>8}{'named':>14}{'down s':>8}{'p95 s':>7}{'known s':>9}{'p95 s':>7}\n")
        for name, row in [*scripts["rows"].items(), ("all", scripts["all"])]:
            named = f"{row['named_rightly']}/{row['nameable']}"
            say(f"{name:<32}{row['scripts']:>8}{row['causes']:>8}{row['orders']:>8}{row['per_cause'] or '':>10}")
            say(f"{row['exact']:>7}{row['false_down']:>6}{row['strangers']:>8}{named:>14}")
            say(f"{row['down_median_s'] or '':>8}{row['down_p95_s'] or '':>7}")
            say(f"{row['detected_median_s'] or '':>9}{row['detected_p95_s'] or '':>7}\n")
        say(f"{scripts['looks']} looks, {scripts['seconds']} s, {scripts['cpu_s']} CPU s\n")
    if turns is not None:
        say(json.dumps(turns) + "\n")


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("--scripts", type=int, default=1100)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--cameras", type=int, default=100_000, help="of the turn; 0: leave it out")
    asked.add_argument("--faults", type=int, default=3000)
    asked.add_argument("--json", action="store_true")
    wanted = asked.parse_args()
    loads = [round(one, 2) for one in os.getloadavg()]
    scripts = run_scripts(wanted.scripts, wanted.seed) if wanted.scripts else None
    turns = run_turns(wanted.cameras, wanted.faults) if wanted.cameras else None
    after = [round(one, 2) for one in os.getloadavg()]
    broken = []
    if scripts is not None:
        every = scripts["all"]
        if abs(every["per_cause"] - 1.0) > PROMISED_OFF:
            broken.append(f"{every['per_cause']} orders per cause")
        if every["false_down"] or every["strangers"]:
            broken.append(f"{every['false_down']} falsely down, {every['strangers']} strangers in outages")
    if turns is not None and max(turns[name]["cpu_s"] for name in TURNS) > PROMISED_TURN_S:
        broken.append(f"a turn takes longer than {PROMISED_TURN_S} CPU s")
    if wanted.json:
        print(json.dumps({"scripts": scripts, "turn": turns, "load": loads, "load_after": after, "broken": broken}))
    else:
        show(scripts, turns)
        sys.stdout.write(f"load before {loads}, after {after}; broken promises: {broken or 'none'}\n")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
