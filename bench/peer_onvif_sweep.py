"""The peer as its users sweep with it: it has no discovery of its own, so every address is asked whether it answers.

Given as JSON on its input: `devices` (address, port, user name, password each) that are there, `dead` addresses, and
`together` at once. It runs in the outsiders' environment and imports nothing of ours.
"""

import asyncio
import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

import aiohttp
import onvif.exceptions
from onvif import ONVIFCamera


def cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def peak_mb() -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(round(int(line.split()[1]) / 1024, 1) for line in lines if line.startswith("VmHWM"))


async def identify(device: list[Any]) -> bool:
    """The same questions as ours: who is it, its cards, its channels, their streams."""
    camera = ONVIFCamera(*device)
    try:
        await camera.update_xaddrs()
        management = await camera.create_devicemgmt_service()
        told = await management.GetDeviceInformation()
        await management.GetNetworkInterfaces()
        media = await camera.create_media_service()
        for profile in await media.GetProfiles():
            await media.GetStreamUri(
                {
                    "StreamSetup": {"Stream": "RTP-Unicast", "Transport": {"Protocol": "RTSP"}},
                    "ProfileToken": profile.token,
                }
            )
        return bool(told.SerialNumber)
    except (onvif.exceptions.ONVIFError, aiohttp.ClientError, TimeoutError, OSError):
        return False
    finally:
        await camera.close()


async def all_of(devices: list[list[Any]], together: int) -> dict[str, float]:
    free = asyncio.Semaphore(together)

    async def one(device: list[Any]) -> bool:
        async with free:
            return await identify(device)

    began, wall = cpu_s(), time.perf_counter()
    answered = sum(await asyncio.gather(*(one(device) for device in devices)))
    return {
        "asked": len(devices),
        "identified": answered,
        "cpu_s": round(cpu_s() - began, 3),
        "wall_s": round(time.perf_counter() - wall, 3),
    }


async def main(asked: dict[str, Any]) -> dict[str, Any]:
    await all_of(asked["devices"][:2], 2)  # its documents are read once
    there = await all_of(asked["devices"], asked["together"])
    dead = await all_of([[address, *asked["devices"][0][1:]] for address in asked["dead"]], asked["together"])
    return {"there": there, "dead": dead, "peak_mb": peak_mb()}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(json.load(sys.stdin)))))
