"""Promise: a poll costs at most an eighth of onvif-zeep-async's CPU, and polling 2,000 devices stays below 250 MB.

The pretend city runs in a process of its own with a short delay; ours and the peer run one after the other, each in a
process of its own, and ask the same question (GetSystemDateAndTime). Ours opens a new connection for each poll. The
peer keeps its connections and its set-up is not counted, which is its best case; it cannot but sign its question. CPU
seconds are the process's own (user and system), the least of three rounds in turn for each, since neighbours on the
machine only ever add to them. bench_poll.py measures the whole poller, store and all.

    python bench/bench_devices.py [--devices 2000] [--polls 6000] [--peer-polls 600] [--rounds 3] [--json]
"""

import argparse
import asyncio
import json
import os
import resource
import subprocess
import sys
import time
from ipaddress import IPv4Address
from pathlib import Path

import uvloop

from vms.devices.poll import probe_control, probe_target

ROOT = Path(__file__).resolve().parent.parent
FIRST_ADDRESS = "127.23.0.1"
PORT = 8080
WIDTH = 128
GOAL_TIMES = 8.0
GOAL_MB = 250.0
PEER = """
import asyncio, json, sys, time, resource
from onvif import ONVIFCamera
addresses, port, polls = json.loads(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])

async def main():
    cameras = [ONVIFCamera(address, port, "admin", "any") for address in addresses]
    services = [await camera.create_devicemgmt_service() for camera in cameras]
    free = asyncio.Semaphore(32)
    async def poll(service):
        async with free:
            return (await service.GetSystemDateAndTime()).UTCDateTime is not None
    await asyncio.gather(*(poll(service) for service in services))
    began, wall = time.process_time(), time.perf_counter()
    told = await asyncio.gather(*(poll(services[n % len(services)]) for n in range(polls)))
    cpu_s, wall_s = time.process_time() - began, time.perf_counter() - wall
    for camera in cameras:
        await camera.close()
    print(json.dumps({"cpu_s_per_1000": cpu_s / polls * 1000, "polls": polls, "answered": sum(told), "wall_s": wall_s,
                      "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))

asyncio.run(main())
"""


async def poll_all(addresses: list[str], polls: int) -> dict[str, float]:
    targets = [probe_target(address, PORT) for address in addresses]
    free = asyncio.Semaphore(WIDTH)

    async def poll(number: int) -> bool:
        async with free:
            _, control = await probe_control(targets[number % len(targets)])
            return control.answered and control.clock_offset_s is not None

    await asyncio.gather(*(poll(number) for number in range(len(targets))))
    began, wall = time.process_time(), time.perf_counter()
    told = await asyncio.gather(*(poll(number) for number in range(polls)))
    cpu_s, wall_s = time.process_time() - began, time.perf_counter() - wall
    return {
        "cpu_s_per_1000": cpu_s / polls * 1000,
        "polls": polls,
        "answered": sum(told),
        "wall_s": wall_s,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def ours(addresses: list[str], polls: int) -> None:
    print(json.dumps(uvloop.run(poll_all(addresses, polls))))


def addresses_of(count: int) -> list[str]:
    first = IPv4Address(FIRST_ADDRESS)
    return [str(first + number) for number in range(count)]


def with_onvif_zeep_async() -> str:
    """The Python in whose environment the peer is installed."""
    python = ROOT / ".venv-outsiders" / "bin" / "python"
    if not python.exists():
        sys.exit(f"{python} is not there: make .venv/ready-dev")
    return str(python)


def measured(command: list[str]) -> dict[str, float]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)} if command[1] != "-c" else dict(os.environ)
    told = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=300)
    if told.returncode:
        sys.exit(told.stderr[:3000])
    return dict(json.loads(told.stdout.splitlines()[-1]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--devices", type=int, default=2000)
    parser.add_argument("--polls", type=int, default=6000)
    parser.add_argument("--peer-polls", type=int, default=600)
    parser.add_argument("--peer-devices", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--delay-ms", type=int, default=20)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--ours", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    addresses = addresses_of(options.devices)
    if options.ours:
        ours(addresses, options.polls)
        return
    cameras = options.devices * 11 // 10  # some devices are recorders with four channels
    city = subprocess.Popen(
        [sys.executable, "-m", "vms.sim", "--cameras", str(cameras), "--plain", "--first-address", FIRST_ADDRESS,
         "--port", str(PORT), "--delay-ms", str(options.delay_ms)],
        cwd=ROOT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert city.stdout is not None
        ready = json.loads(city.stdout.readline())
        command = [sys.executable, __file__, "--ours", "--devices", str(options.devices), "--polls", str(options.polls)]
        asked = json.dumps(addresses[: options.peer_devices])
        peer_command = [with_onvif_zeep_async(), "-c", PEER, asked, str(PORT), str(options.peer_polls)]
        rounds = [(measured(command), measured(peer_command)) for _ in range(options.rounds)]
        mine, peer = (min(some, key=lambda one: one["cpu_s_per_1000"]) for some in zip(*rounds, strict=True))
    finally:
        city.terminate()
        city.wait(20)
    times = peer["cpu_s_per_1000"] / mine["cpu_s_per_1000"]
    kept = times >= GOAL_TIMES and mine["peak_mb"] < GOAL_MB and mine["answered"] == mine["polls"]
    figures = {"city": ready, "ours": mine, "onvif_zeep_async": peer, "times_cheaper": times, "promise_kept": kept}
    if options.json:
        print(json.dumps(figures))
    else:
        for name, one in (("ours", mine), ("onvif-zeep-async", peer)):
            cost = f"{one['cpu_s_per_1000']:.3f} CPU s per 1,000 polls, {one['polls'] / one['wall_s']:.0f}/s"
            print(f"{name:17} {cost}, peak {one['peak_mb']:.0f} MB, {one['answered']} of {one['polls']} answered")
        print(f"{times:.1f} times cheaper (goal {GOAL_TIMES:g}); {'kept' if kept else 'NOT KEPT'}")
    sys.exit(0 if kept else 1)


if __name__ == "__main__":
    main()
