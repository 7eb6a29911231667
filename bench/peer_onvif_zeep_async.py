"""The peer at its best, in the outsiders' environment: everything set up beforehand, nothing judged, nothing stored.

Given as JSON on its input: `devices` (address, port, user name, password each), `rounds`, `together` (asked at once),
`tick_s` between two such groups and `pause_s` between two rounds. It imports nothing of ours.
"""

import asyncio
import json
import resource
import sys
from pathlib import Path
from typing import Any

from onvif import ONVIFCamera


def cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def peak_mb() -> float:
    """Of this program alone: `ru_maxrss` would also know the process that it was forked from."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(round(int(line.split()[1]) / 1024, 1) for line in lines if line.startswith("VmHWM"))


async def poll(asked: dict[str, Any]) -> dict[str, float]:
    cameras = [ONVIFCamera(*device) for device in asked["devices"]]
    services = []
    for camera in cameras:
        await camera.update_xaddrs()
        services.append(await camera.create_devicemgmt_service())
    together, tick_s = asked["together"], asked["tick_s"]
    used, answered = 0.0, 0
    for _ in range(asked["rounds"]):
        await asyncio.sleep(asked["pause_s"])
        began = cpu_s()
        for first in range(0, len(services), together):
            some = services[first : first + together]
            *told, _ = await asyncio.gather(*(one.GetSystemDateAndTime() for one in some), asyncio.sleep(tick_s))
            answered += sum(one.UTCDateTime is not None for one in told)
        used += cpu_s() - began
    for camera in cameras:
        await camera.close()
    polls = asked["rounds"] * len(services)
    return {
        "polls": polls,
        "answered": answered,
        "cpu_s_per_1000": round(used / polls * 1000, 3),
        "peak_mb": peak_mb(),
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(poll(json.load(sys.stdin)))))
