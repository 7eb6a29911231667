"""What polling costs: 2,000 pretend devices once a minute, next to onvif-zeep-async in the same run.

Promises: the client asks for at most an eighth of the peer's CPU, and the whole poller stays below 250 MB. Client and
peer ask the same question (GetSystemDateAndTime) at the same pace and store nothing. The whole path (client, wheel,
judging, the store, the heartbeat) is measured beside them, over its second turn; its first turn, which writes that all
are up, is shown too. The whole path's turns are shorter by default; `--whole-interval-s 60` is the full size.

`--layers` also proves streams (every 5th poll) and takes stills (every 10th), which the peer does not do.
"""

import argparse
import asyncio
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import uvloop

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from vms.core.clock import system_clock
from vms.devices.poll import probe_control, probe_target
from vms.inventory.camera import Declared, LifeCycle, StreamRole
from vms.inventory.device import ObservedDevice
from vms.services.polling.settings import PollerSettings
from vms.services.watch_health import run_poller
from vms.sim.device import LiveDevice
from vms.sim.plan import PretendDevice, plan_city
from vms.store import cameras
from vms.store.credentials import StoredLogin
from vms.store.database import Database
from vms.store.device_rows import device_columns
from vms.store.migrate import upgrade
from vms.store.schema import cameras as camera_table
from vms.store.schema import credentials, devices, streams
from vms.store.watch_sessions import poller_figures
from vms.store.watching import statuses

FIRST = "127.23.128.1"
OUTSIDERS = Path(__file__).resolve().parent.parent / ".venv-outsiders" / "bin" / "python"
PEER = Path(__file__).resolve().with_name("peer_onvif_zeep_async.py")
PEER_DEVICES = 100
PEER_ROUNDS = 4
PEER_PAUSE_S = 4.5
"""It keeps a connection for 4 s: polled once a minute, it connects anew each time, as it does here."""
PROMISED_MB = 250
PROMISED_TIMES = 8


def cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def peak_mb() -> float:
    """Of this program alone: `ru_maxrss` would also know the process that it was forked from."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(round(int(line.split()[1]) / 1024, 1) for line in lines if line.startswith("VmHWM"))


def at_once(cameras_: int, interval_s: float) -> tuple[float, int]:
    """The poller's tick and how many devices fall due within it."""
    tick_s = min(1.0, interval_s / 40)
    return tick_s, max(1, round(tick_s * len(the_plan(cameras_)) / interval_s))


def the_plan(cameras_: int) -> tuple[PretendDevice, ...]:
    return plan_city(cameras_, first_address=FIRST, personalities=False).devices


def fill(database: Database, plan: tuple[PretendDevice, ...]) -> None:
    """As discovery would have left it, with one credential per tier."""
    now = system_clock()
    tiers = sorted({device.tier for device in plan})
    with database.writing() as tx:
        for number, tier in enumerate(tiers, start=1):
            row = {"id": number, "name": tier, "username": "", "secret": b"", "version": 1, "changed_at": now}
            tx.execute(credentials.insert().values(row))
        rows = []
        for number, device in enumerate(plan, start=1):
            observed = device_columns(ObservedDevice(address=device.address, port=device.onvif_port))
            more = {"id": number, "first_seen_at": now, "last_seen_at": now}
            rows.append({**observed, **more, "credential_id": tiers.index(device.tier) + 1})
        tx.execute(devices.insert(), rows)
        camera_rows, stream_rows = [], []
        for number, device in enumerate(plan, start=1):
            live = LiveDevice(device)
            for channel in device.channels:
                declared = Declared(name=channel.name, tier=device.tier)
                row = cameras.new_columns(declared, life_cycle=LifeCycle.APPROVED, owner_id=None, now=now)
                path = live.snapshot_path(channel.number, StreamRole.SUB)
                snapshot = f"http://{device.address}:{device.onvif_port}{path}"
                place = {"id": len(camera_rows) + 1, "device_id": number, "channel": channel.token}
                camera_rows.append({**row, **place, "snapshot_uri": snapshot})
                uri = f"rtsp://{device.address}:{device.rtsp_port}{live.stream_path(channel.number, StreamRole.SUB)}"
                size = {"encoding": "H264", "width": 640, "height": 360}
                stream_rows.append({"camera_id": len(camera_rows), "profile": "sub", "role": "sub", "uri": uri, **size})
        tx.execute(camera_table.insert(), camera_rows)
        tx.execute(streams.insert(), stream_rows)


async def whole_path(url: str, folder: Path, cameras_: int, interval_s: float, layers: bool) -> dict[str, Any]:
    """Two turns of the wheel in this process; CPU and memory of each."""
    plan = the_plan(cameras_)
    tiers = sorted({device.tier for device in plan})
    by_tier = {device.tier: device for device in plan}
    logins = {
        number: StoredLogin(
            credential_id=number, username=by_tier[tier].username, password=by_tier[tier].password, version=1
        )
        for number, tier in enumerate(tiers, start=1)
    }
    database = Database(url)
    settings = PollerSettings(
        interval_s=interval_s,
        stream_every=5 if layers else 1_000_000,
        still_every=10 if layers else 1_000_000,
        stills_folder=folder / "stills",
        login_of=logins.get,
    )
    stop = asyncio.Event()
    poller = asyncio.create_task(run_poller(database, settings, stop=stop))
    marks: list[tuple[float, float]] = []
    await asyncio.sleep(1.0)
    for turn in range(3):
        marks.append((cpu_s(), time.monotonic()))
        if turn < 2:
            await asyncio.sleep(interval_s)
    with database.reading() as tx:
        up = sum(row.status == "up" for row in statuses(tx, system_clock()).values())
        told = poller_figures(tx)
    stop.set()
    await poller
    first, second = ((b[0] - a[0]) for a, b in pairwise(marks))
    return {
        "devices": len(plan),
        "cameras_up": up,
        "interval_s": interval_s,
        "first_turn_cpu_s_per_1000": round(first / len(plan) * 1000, 3),
        "cpu_s_per_1000": round(second / len(plan) * 1000, 3),
        "core_share": round(second / interval_s, 4),
        "peak_mb": peak_mb(),
        **(told.figures if told else {}),
    }


async def client_alone(cameras_: int, interval_s: float) -> dict[str, Any]:
    """One turn of every device by the poller's client, after a short one to warm up."""
    targets = [probe_target(device.address, device.onvif_port) for device in the_plan(cameras_)]
    tick_s, together = at_once(cameras_, interval_s)
    await asyncio.gather(*(probe_control(target) for target in targets[:100]))
    began, answered = cpu_s(), 0
    for first in range(0, len(targets), together):
        some = targets[first : first + together]
        *told, _ = await asyncio.gather(*(probe_control(target) for target in some), asyncio.sleep(tick_s))
        answered += sum(control.answered and control.clock_offset_s is not None for _, control in told)
    used = cpu_s() - began
    return {
        "polls": len(targets),
        "answered": answered,
        "interval_s": interval_s,
        "cpu_s_per_1000": round(used / len(targets) * 1000, 3),
        "peak_mb": peak_mb(),
    }


@asynccontextmanager
async def city_process(cameras_: int) -> AsyncIterator[None]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "vms.sim", "--plain", "--cameras", str(cameras_), "--first-address", FIRST,
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        assert json.loads(await asyncio.wait_for(process.stdout.readline(), 120))["ready"]
        yield
    finally:
        process.terminate()
        await process.wait()


async def child(*command: str, given: bytes = b"") -> dict[str, Any]:
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe)
    try:
        out, _ = await process.communicate(given)
    finally:
        if process.returncode is None:
            process.kill()
    if process.returncode:
        raise SystemExit(f"{' '.join(command[:4])} failed")
    found: dict[str, Any] = json.loads(out)
    return found


async def ask_with_peer(cameras_: int, interval_s: float) -> dict[str, Any]:
    if not OUTSIDERS.exists():
        raise SystemExit(f"{OUTSIDERS} is not there: make .venv/ready-dev")
    tick_s, together = at_once(cameras_, interval_s)
    some = the_plan(cameras_)[:PEER_DEVICES]
    asked = {
        "devices": [(one.address, one.onvif_port, one.username, one.password) for one in some],
        "rounds": PEER_ROUNDS,
        "together": together,
        "tick_s": tick_s,
        "pause_s": PEER_PAUSE_S,
    }
    return await child(str(OUTSIDERS), str(PEER), given=json.dumps(asked).encode())


async def main(asked: argparse.Namespace) -> bool:
    """True where the promises are kept."""
    with tempfile.TemporaryDirectory(prefix="vms-bench-poll-") as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'vms.db'}"
        database = Database(url)
        upgrade(database)
        fill(database, the_plan(asked.cameras))
        database.close()
        ours = (sys.executable, __file__, "--cameras", str(asked.cameras))
        async with city_process(asked.cameras):
            client = await child(*ours, "--as", "client", "--interval-s", str(asked.interval_s))
            peer = await ask_with_peer(asked.cameras, asked.interval_s)
            layers = ("--layers",) if asked.layers else ()
            pace = ("--interval-s", str(asked.whole_interval_s))
            whole = await child(*ours, "--as", "poller", "--url", url, "--folder", str(folder), *pace, *layers)
    times = peer["cpu_s_per_1000"] / client["cpu_s_per_1000"]
    whole_times = peer["cpu_s_per_1000"] / whole["cpu_s_per_1000"]
    figures = {
        "client": client,
        "onvif-zeep-async": peer,
        "whole_path": whole,
        "client_times_cheaper": round(times, 1),
        "whole_path_times_cheaper_than_the_bare_peer": round(whole_times, 1),
        "load_of_the_machine": round(os.getloadavg()[0], 1),
    }
    print(json.dumps(figures, indent=1))
    all_answered = client["answered"] == client["polls"] and whole["cameras_up"] == asked.cameras
    kept = times >= PROMISED_TIMES and whole["peak_mb"] < PROMISED_MB and all_answered
    print(f"promised: client ≥ {PROMISED_TIMES} × cheaper, < {PROMISED_MB} MB: {'kept' if kept else 'BROKEN'}")
    return kept


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cameras", type=int, default=2_000)
    parser.add_argument("--interval-s", type=float, default=60.0, help="of the client and the peer")
    parser.add_argument("--whole-interval-s", type=float, default=20.0, help="of the whole path")
    parser.add_argument("--layers", action="store_true")
    parser.add_argument("--as", dest="role", choices=["poller", "client"], help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.role == "poller":
        work = whole_path(options.url, options.folder, options.cameras, options.interval_s, options.layers)
        print(json.dumps(uvloop.run(work)))
    elif options.role == "client":
        print(json.dumps(uvloop.run(client_alone(options.cameras, options.interval_s))))
    else:
        sys.exit(0 if asyncio.run(main(options)) else 1)
