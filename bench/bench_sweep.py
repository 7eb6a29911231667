"""Promise: a /16 with 5,000 devices is swept by multicast, unicast and TCP and everybody identified and stored: all of
them found, none twice, in at most 400 MB, with less CPU than onvif-zeep-async would need to ask everybody once.

The pretend cities run in processes of their own. Ours is the whole sweep as a user gets it: multicast on the loopback
interface, two rounds of unicast probes and knocks at eight ports of all 65,534 addresses at the default pace, then
everybody is asked who he is, and is written to a database (SQLite) with findings, progress and events.
onvif-zeep-async has no discovery of its own; its users ask every address. It is measured in the same run on a smaller
set (so many devices, so many dead addresses at one port), and what the whole /16 at the same eight ports would take is
EXTRAPOLATED from that; it stores nothing, and sends the password while it searches.

    python bench/bench_sweep.py [--devices 5000] [--network 127.40.0.0/16] [--peer-devices 60] [--no-peer] [--json]
"""

import argparse
import asyncio
import ipaddress
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter, defaultdict
from pathlib import Path

import uvloop

from vms.core.clock import system_clock
from vms.devices.discovery.request import PORTS
from vms.inventory.networks import Network, NetworkPlan
from vms.inventory.sweep import SweepRequest, SweepState
from vms.inventory.tier import Tier
from vms.services.sweeping.run_sweep import RunSettings, run_sweep
from vms.services.sweeping.start_sweep import Taker, start_sweep
from vms.sim.plan import PASSWORDS, USERNAME
from vms.store import cameras, credentials, devices, sweep_findings, sweeps
from vms.store.database import Database
from vms.store.migrate import upgrade
from vms.store.secret_box import SecretBox

ROOT = Path(__file__).resolve().parent.parent
PORT = 8080
GOAL_MB = 400.0
GOAL_TIMES = 1.0
MOST_PER_CITY = 2500
TOGETHER = 32
KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="


def cameras_for(count: int) -> int:
    """So many channels that a pretend city has `count` devices: some are recorders with four channels."""
    return next(n for n in range(count, 2 * count + 20) if n - 6 * min(max(1, round(n / 100)), n // 45) >= count)


def start_cities(network: ipaddress.IPv4Network, count: int) -> list[subprocess.Popen[str]]:
    parts = -(-count // MOST_PER_CITY)
    first = int(network[1])
    return [
        subprocess.Popen(
            [sys.executable, "-m", "vms.sim", "--cameras", str(cameras_for(count // parts)), "--plain",
             "--port", str(PORT), "--seed", str(7 + part),
             "--first-address", str(ipaddress.IPv4Address(first + part * (network.num_addresses // parts)))],
            cwd=ROOT, stdout=subprocess.PIPE, text=True,
        )
        for part in range(parts)
    ]  # fmt: skip


def told_by(control: str) -> list[dict[str, str]]:
    with urllib.request.urlopen(f"http://{control}/devices", timeout=120) as answer:
        return list(json.load(answer)["devices"])


def cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def peak_mb() -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(round(int(line.split()[1]) / 1024, 1) for line in lines if line.startswith("VmHWM"))


def plan_of(there: dict[str, str]) -> NetworkPlan:
    """The networks of each tier, with the credential set of that tier."""
    addresses = defaultdict(list)
    for address, tier in there.items():
        addresses[Tier(tier)].append(ipaddress.ip_network(address))
    return NetworkPlan(
        Network(cidr=str(network), tier=tier, credentials=(tier.value,))
        for tier, some in addresses.items()
        for network in ipaddress.collapse_addresses(some)
    )


def ours(network: str, there: dict[str, str], pace_per_s: float) -> None:
    """In a process of its own; prints its figures."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/vms.db")
        upgrade(database)
        box = SecretBox(KEY)
        with database.writing() as tx:
            for tier in Tier:
                credentials.put(tx, box, tier.value, USERNAME, PASSWORDS[tier], system_clock())
        request = SweepRequest(
            cidrs=(network,),
            interfaces=("lo",),
            ports=PORTS,
            methods=("multicast", "unicast", "sweep"),
            allow=(network,),
            pace_per_s=pace_per_s,
        )
        settings = RunSettings()
        taker = Taker(runner="bench", lease_s=settings.lease_s)
        plan = plan_of(there)
        began, wall = cpu_s(), time.perf_counter()
        sweep = start_sweep(database, request, "bench", system_clock(), taker=taker)
        state = uvloop.run(run_sweep(database, box, plan, sweep, stop=asyncio.Event(), settings=settings))
        figures = {"cpu_s": round(cpu_s() - began, 2), "wall_s": round(time.perf_counter() - wall, 2)}
        with database.reading() as tx:
            counts = sweeps.get(tx, sweep.sweep_id).counts
            found = [one for one in sweep_findings.every(tx, sweep.sweep_id) if one.told["answered"]]
            stored = Counter(device.observed.address for device in devices.every(tx))
            channels = Counter((camera.device_id, camera.channel) for camera in cameras.every(tx))
        figures |= {
            "done": state is SweepState.DONE,
            "addresses": counts["addresses"],
            "found": len({one.address for one in found} & there.keys()),
            "identified": sum(bool(one.told["model"]) for one in found if one.address in there),
            "strangers": len({one.address for one in found} - there.keys()),
            "twice": sum(stored.values()) - len(stored) + sum(channels.values()) - len(channels),
            "cameras": len(channels),
            "packets": {area: counts[area] for area in ("sent", "answered") if area in counts},
            "heard_by": counts["heard"],
            "peak_mb": peak_mb(),
        }
        database.close()
    print(json.dumps(figures))


def measured(command: list[str], given: object) -> dict[str, object]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)} if command[0] == sys.executable else dict(os.environ)
    told = subprocess.run(
        command, input=json.dumps(given), capture_output=True, text=True, env=environment, timeout=3600
    )
    if told.returncode:
        sys.exit(told.stderr[-3000:])
    return dict(json.loads(told.stdout.splitlines()[-1]))


def the_peer(network: ipaddress.IPv4Network, there: dict[str, str], count: int) -> dict[str, object]:
    python = ROOT / ".venv-outsiders" / "bin" / "python"
    if not python.exists():
        sys.exit(f"{python} is not there: make .venv/ready-dev")
    some = sorted(there)[:: max(1, len(there) // count)][:count]
    known = [[address, PORT, USERNAME, PASSWORDS[Tier(there[address])]] for address in some]
    dead = [str(one) for one in (network[-2 - n] for n in range(4 * count)) if str(one) not in there]
    told = measured(
        [str(python), str(ROOT / "bench" / "peer_onvif_sweep.py")],
        {"devices": known, "dead": dead, "together": TOGETHER},
    )
    knocks = (network.num_addresses - 2) * len(PORTS) - len(there)
    for unit in ("cpu_s", "wall_s"):
        per_device = told["there"][unit] / told["there"]["asked"]  # type: ignore[index]
        per_dead = told["dead"][unit] / told["dead"]["asked"]  # type: ignore[index]
        told[f"extrapolated_{unit}"] = round(per_device * len(there) + per_dead * knocks, 1)
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--devices", type=int, default=5000)
    parser.add_argument("--network", type=ipaddress.IPv4Network, default=ipaddress.IPv4Network("127.40.0.0/16"))
    parser.add_argument("--peer-devices", type=int, default=60)
    parser.add_argument("--no-peer", action="store_true")
    usual = SweepRequest().pace_per_s
    parser.add_argument("--pace", type=float, default=usual, help=f"packets per second into one /24; {usual:g}")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--ours", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if not options.network.is_loopback:
        sys.exit(f"{options.network} is not on loopback")
    if options.ours:
        ours(str(options.network), json.load(sys.stdin), options.pace)
        return
    cities = start_cities(options.network, options.devices)
    try:
        there = {
            one["address"]: one["tier"]
            for city in cities
            for one in told_by(json.loads(city.stdout.readline())["control"])  # type: ignore[union-attr]
        }
        command = [sys.executable, __file__, "--ours", "--network", str(options.network), "--pace", str(options.pace)]
        mine = measured(command, there)
        peer = {} if options.no_peer else the_peer(options.network, there, options.peer_devices)
    finally:
        for city in cities:
            city.terminate()
        for city in cities:
            city.wait(30)
    times = peer["extrapolated_cpu_s"] / mine["cpu_s"] if peer else None  # type: ignore[operator]
    kept = (
        mine["done"] and mine["found"] == mine["identified"] == len(there)
        and not mine["twice"] and not mine["strangers"]
        and mine["peak_mb"] <= GOAL_MB and (times is None or times >= GOAL_TIMES)
    )  # fmt: skip
    if options.json:
        print(json.dumps({"devices": len(there), "ours": mine, "onvif_zeep_async": peer, "times_cheaper": times,
                          "promise_kept": kept}))  # fmt: skip
    else:
        print(f"{mine['found']} of {len(there)} found, {mine['identified']} identified, {mine['twice']} twice, "
              f"{mine['cameras']} cameras stored; {mine['addresses']} addresses in {mine['wall_s']} s, "
              f"{mine['cpu_s']} CPU s, peak {mine['peak_mb']} MB")  # fmt: skip
        print(f"packets: {mine['packets']}\nheard by: {mine['heard_by']}")
        if peer:
            print(f"onvif-zeep-async, measured: {peer['there']}, dead: {peer['dead']}, peak {peer['peak_mb']} MB")
            print(f"onvif-zeep-async, the whole network at {len(PORTS)} ports EXTRAPOLATED: "
                  f"{peer['extrapolated_wall_s']} s, {peer['extrapolated_cpu_s']} CPU s; ours is "
                  f"{times:.1f} times cheaper")  # fmt: skip
        print("kept" if kept else "NOT KEPT")
    sys.exit(0 if kept else 1)


if __name__ == "__main__":
    main()
