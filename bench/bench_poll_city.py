"""A whole city polled once a minute: 100,000 pretend devices, 3 % of them dead, answers after 300 ms, and `vms serve`.

Promises, measured on the poller's own process while the whole path runs (poll, judge, store, metrics) and the API is
asked beside it: CPU ≤ 60 % of one core, memory < 400 MB, no poll more than 2 s late, a store that grows only with
flips, and the API's 99th percentile below 50 ms. The first turn of the wheel, which writes that all are up, is not in
the figures. Afterwards onvif-zeep-async and Prometheus' blackbox exporter ask the same devices the same question.

The defaults are a short run; `--cameras 100000 --interval-s 60 --seconds 300` is the full size, about 8 minutes.
"""

import argparse
import asyncio
import contextlib
import itertools
import json
import os
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import psutil
import tomli_w
from sqlalchemy import func, insert, or_, select

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.peer_blackbox import blackbox
from vms.core.clock import system_clock
from vms.demo.api import Client
from vms.demo.run import free_port
from vms.inventory.camera import Declared, LifeCycle
from vms.inventory.device import ObservedDevice
from vms.inventory.tier import Tier
from vms.sim.plan import PASSWORDS, USERNAME
from vms.store import cameras
from vms.store.camera_board import counts_by_status
from vms.store.database import Database
from vms.store.device_rows import device_columns
from vms.store.migrate import upgrade
from vms.store.schema import cameras as camera_table
from vms.store.schema import devices, events, flips
from vms.store.watch_sessions import poller_figures

FIRST = "127.128.0.1"
PORT = 18_080
OUTSIDERS = Path(__file__).resolve().parent.parent / ".venv-outsiders" / "bin" / "python"
PEER = Path(__file__).resolve().with_name("peer_onvif_zeep_async.py")
DEAD_SHARE, DELAY_MS = 0.03, 300
PEER_DEVICES, PEER_ROUNDS, PEER_PAUSE_S = 200, 3, 4.5
BLACKBOX_PROBES = 3_000
AT_ONCE = 10_000
PROMISED_CORE, PROMISED_MB, PROMISED_LATE_S, PROMISED_API_S = 0.60, 400, 2.0, 0.050
API_EVERY_S = 0.2


def batches(count: int) -> Iterator[range]:
    for first in range(1, count + 1, AT_ONCE):
        yield range(first, min(first + AT_ONCE, count + 1))


def fill(database: Database, count: int) -> None:
    """As discovery would have left them: every device with one approved camera and no video."""
    now = system_clock()
    declared = cameras.new_columns(
        Declared(name="路口", tier=Tier.GOVERNMENT), life_cycle=LifeCycle.APPROVED, owner_id=None, now=now
    )
    for numbers in batches(count):
        found, hung = [], []
        for number in numbers:
            address = str(IPv4Address(FIRST) + number - 1)
            observed = device_columns(ObservedDevice(address=address, port=PORT))
            found.append({**observed, "id": number, "first_seen_at": now, "last_seen_at": now})
            place = {"id": number, "device_id": number, "channel": "VideoSource_1", "name": f"路口{number}"}
            hung.append({**declared, **place})
        with database.writing() as tx:
            tx.execute(insert(devices), found)
            tx.execute(insert(camera_table), hung)


@contextlib.contextmanager
def city(count: int) -> Iterator[dict[str, Any]]:
    """The pretend city's process; what it says at its end comes into what is yielded."""
    command = [
        *(sys.executable, "-m", "vms", "sim", "--plain", "--control-only", "--cameras", str(count)),
        *("--first-address", FIRST, "--port", str(PORT), "--dead-share", str(DEAD_SHARE), "--delay-ms", str(DELAY_MS)),
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert process.stdout is not None
    told: dict[str, Any] = json.loads(process.stdout.readline())
    told["pid"] = process.pid
    try:
        yield told
    finally:
        told["memory_mb"] = peak_mb(process.pid)
        told["cpu_s"] = cpu_s(process.pid)
        process.terminate()
        told |= json.loads(process.stdout.readline() or "{}")
        process.wait(30)


@contextlib.contextmanager
def server(folder: Path, interval_s: float, port: int, password: str) -> Iterator[dict[str, psutil.Process]]:
    """`vms serve`; its processes by name."""
    config = folder / "vms.toml"
    polling = {"interval_s": interval_s}
    config.write_text(tomli_w.dumps({"data_folder": str(folder), "port": port, "polling": polling}))
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "vms", "serve", "--config", str(config)],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, env={**os.environ, "VMS_ADMIN_PASSWORD": password},
        )  # fmt: skip
    try:
        deadline_s = time.monotonic() + 90
        found: dict[str, psutil.Process] = {}
        while len(found) < 4:
            if process.poll() is not None or time.monotonic() > deadline_s:
                raise SystemExit((folder / "log").read_text()[-3000:])
            time.sleep(0.2)
            children = {
                child.cmdline()[-1].rpartition(".")[2]: child for child in psutil.Process(process.pid).children()
            }
            found = {name: child for name, child in children.items() if name in ("web", "poller", "gateway", "jobs")}
        yield found
    finally:
        process.terminate()
        process.wait(60)


def cpu_s(pid: int) -> float:
    used = psutil.Process(pid).cpu_times()
    return float(used.user + used.system)


def peak_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(round(int(line.split()[1]) / 1024, 1) for line in lines if line.startswith("VmHWM"))


class Office(threading.Thread):
    """Asks the API what the maintenance office asks, a few times a second, and keeps how long each answer took."""

    def __init__(self, client: Client, count: int) -> None:
        super().__init__(daemon=True)
        self._client, self._count = client, count
        self.stop = threading.Event()
        self.took_s: dict[str, list[float]] = defaultdict(list)

    def run(self) -> None:
        for turn in itertools.count():
            if self.stop.wait(API_EVERY_S):
                return
            number = turn * 7919 % self._count + 1
            asked: tuple[tuple[str, str, dict[str, Any]], ...] = (
                ("GET cameras", "/cameras", {"limit": 50}),
                ("GET cameras/{id}", f"/cameras/{number}", {}),
                ("GET cameras/{id}/history", f"/cameras/{number}/history", {}),
                ("GET faults", "/faults", {"limit": 50}),
                ("GET health/summary", "/health/summary", {"by": "tier"}),
                ("GET system", "/system", {}),
            )
            name, path, query = asked[turn % len(asked)]
            began_s = time.perf_counter()
            self._client.get(path, **query)
            self.took_s[name].append(time.perf_counter() - began_s)

    def figures(self) -> dict[str, Any]:
        every = [took_s for some in self.took_s.values() for took_s in some]
        return {
            "answers": len(every),
            "p99_ms": round(share_of(every, 0.99) * 1000, 1),
            "by_call_ms": {
                name: {"p50": round(share_of(some, 0.5) * 1000, 1), "p99": round(share_of(some, 0.99) * 1000, 1)}
                for name, some in self.took_s.items()
            },
        }


class Beats(threading.Thread):
    """How late polls began at most, from heartbeat to heartbeat of the poller."""

    def __init__(self, database: Database) -> None:
        super().__init__(daemon=True)
        self._database = database
        self.stop = threading.Event()
        self.latest_s = 0.0

    def run(self) -> None:
        while not self.stop.wait(1.0):
            self.latest_s = max(self.latest_s, _figures(self._database)["lateness_max_s"])


def share_of(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def rows(database: Database) -> dict[str, int]:
    """Of the poller's own: flips, and the news of flips and faults."""
    news = or_(events.c.kind.startswith("camera."), events.c.kind.startswith("fault."))
    with database.reading() as tx:
        return {
            "flips": int(tx.execute(select(func.count()).select_from(flips)).scalar_one()),
            "events": int(tx.execute(select(func.count()).select_from(events).where(news)).scalar_one()),
        }


def store_mb(folder: Path) -> float:
    """The database with its journals."""
    return sum(file.stat().st_size for file in folder.glob("vms.db*")) / 2**20


def whole_path(folder: Path, asked: argparse.Namespace) -> dict[str, Any]:
    database = Database(f"sqlite:///{folder / 'vms.db'}")
    upgrade(database)
    fill(database, asked.cameras)
    port, password = free_port(), secrets.token_urlsafe(18)
    with server(folder, asked.interval_s, port, password) as processes:
        client = _signed_in(port, password)
        _until_all_are_seen(database, asked)
        poller = processes["poller"].pid
        office = Office(client, asked.cameras)
        office.start()
        _until_the_next_beat(database)
        beats = Beats(database)
        beats.start()
        before, before_mb = rows(database), store_mb(folder)
        began_cpu_s = {name: cpu_s(process.pid) for name, process in processes.items()}
        began_s, began = time.monotonic(), _figures(database)
        time.sleep(asked.seconds)
        used_s = {name: cpu_s(process.pid) - began_cpu_s[name] for name, process in processes.items()}
        took_s, told = time.monotonic() - began_s, _figures(database)
        for thread in (office, beats):
            thread.stop.set()
            thread.join()
        polls = told["polls"] - began["polls"]
        with database.reading() as tx:
            statuses = {str(status): number for status, number in counts_by_status(tx, system_clock()).items()}
        after = rows(database)
        return {
            "devices": asked.cameras,
            "interval_s": asked.interval_s,
            "seconds": round(took_s, 1),
            "polls": polls,
            "core_share": round(used_s["poller"] / took_s, 4),
            "core_share_of_each": {name: round(some_s / took_s, 4) for name, some_s in used_s.items()},
            "cpu_s_per_1000": round(used_s["poller"] / polls * 1000, 4),
            "peak_mb": peak_mb(poller),
            "latest_s": beats.latest_s,
            "latest_since_the_start_s": told["lateness_worst_s"],
            "overruns": told["overruns"] - began["overruns"],
            "statuses": statuses,
            "new_rows": {name: after[name] - before[name] for name in after},
            "store_grew_mb": round(store_mb(folder) - before_mb, 3),
            "api": office.figures(),
            "poller_says": told,
        }


def _signed_in(port: int, password: str) -> Client:
    deadline_s = time.monotonic() + 90
    while True:
        try:
            return Client(f"http://127.0.0.1:{port}", "admin", password)
        except Exception:
            if time.monotonic() > deadline_s:
                raise
            time.sleep(0.3)


def _until_all_are_seen(database: Database, asked: argparse.Namespace) -> None:
    """Every live device is up and every dead one has been given up: then the store has no reason to grow."""
    alive = asked.cameras - round(asked.cameras * DEAD_SHARE)
    deadline_s = time.monotonic() + 6 * asked.interval_s + 60
    while time.monotonic() < deadline_s:
        with database.reading() as tx:
            counts = {str(status): number for status, number in counts_by_status(tx, system_clock()).items()}
        if counts.get("up", 0) == alive and counts.get("down", 0) == asked.cameras - alive:
            return
        time.sleep(1.0)
    raise SystemExit(f"not everything was seen: {counts}")


def _until_the_next_beat(database: Database) -> None:
    """What it says then is of the first turns no more."""
    for _ in range(2):
        known, deadline_s = _figures(database), time.monotonic() + 60
        while _figures(database) == known and time.monotonic() < deadline_s:
            time.sleep(0.2)


def _figures(database: Database) -> dict[str, Any]:
    with database.reading() as tx:
        told = poller_figures(tx)
    return dict(told.figures) if told else {}


def ask_with_zeep(alive: list[str]) -> dict[str, Any]:
    if not OUTSIDERS.exists():
        raise SystemExit(f"{OUTSIDERS} is not there: make .venv/ready-dev")
    asked = {
        "devices": [(address, PORT, USERNAME, PASSWORDS[Tier.GOVERNMENT]) for address in alive[:PEER_DEVICES]],
        "rounds": PEER_ROUNDS,
        "together": PEER_DEVICES,
        "tick_s": 1.0,
        "pause_s": PEER_PAUSE_S,
    }
    done = subprocess.run([OUTSIDERS, PEER], input=json.dumps(asked).encode(), stdout=subprocess.PIPE, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main(asked: argparse.Namespace) -> bool:
    """True where the promises are kept."""
    load = [round(os.getloadavg()[0], 1)]
    with tempfile.TemporaryDirectory(prefix="vms-bench-poll-city-") as name:
        folder = Path(name)
        with city(asked.cameras) as pretend:
            ours = whole_path(folder, asked)
            load.append(round(os.getloadavg()[0], 1))
            with Database(f"sqlite:///{folder / 'vms.db'}").reading() as tx:
                up = tx.exec_driver_sql(
                    "select d.address from devices d join cameras c on c.device_id = d.id "
                    "join watches w on w.camera_id = c.id where w.status = 'up' limit 3000"
                ).fetchall()
            alive = [row[0] for row in up]
            zeep = {} if asked.alone else ask_with_zeep(alive)
            exporter = {} if asked.alone else asyncio.run(blackbox(folder, alive, PORT, BLACKBOX_PROBES))
    figures = {
        "whole_path": ours,
        "onvif-zeep-async": zeep,
        "blackbox_exporter": exporter,
        "city": pretend,
        "load_of_the_machine": [*load, round(os.getloadavg()[0], 1)],
    }
    print(json.dumps(figures, indent=1))
    alive_now = asked.cameras - round(asked.cameras * DEAD_SHARE)
    kept = {
        f"CPU ≤ {PROMISED_CORE:.0%} of a core": ours["core_share"] <= PROMISED_CORE,
        f"memory < {PROMISED_MB} MB": ours["peak_mb"] < PROMISED_MB,
        f"no poll more than {PROMISED_LATE_S:g} s late": ours["latest_s"] <= PROMISED_LATE_S,
        "no turn left out": ours["overruns"] == 0,
        "every live device is up": ours["statuses"].get("up", 0) == alive_now,
        "the store grows with flips only": ours["new_rows"]["flips"] == 0 and ours["new_rows"]["events"] == 0,
        "one connection at a time": pretend.get("most_at_once", 0) <= 1 or not asked.alone,
        f"API p99 < {PROMISED_API_S * 1000:g} ms": ours["api"]["p99_ms"] < PROMISED_API_S * 1000,
    }
    for promise, holds in kept.items():
        print(f"promised: {promise}: {'kept' if holds else 'BROKEN'}")
    return all(kept.values())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cameras", type=int, default=2000)
    parser.add_argument("--interval-s", type=float, default=10.0)
    parser.add_argument("--seconds", type=float, default=20.0, help="that are measured, after everything was seen")
    parser.add_argument("--alone", action="store_true", help="without the peers")
    sys.exit(0 if main(parser.parse_args()) else 1)
