"""What the pretend city costs: memory of 2,000 devices, ONVIF answers per second and core, CPU of 50 streams.

Promises: 2,000 devices in one process; 50 simultaneous streams on one core. CPU is the city's own.
"""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.builders.sim import RtspViewer, a_viewer, envelope
from vms.inventory.camera import StreamRole
from vms.sim.device import LiveDevice
from vms.sim.plan import plan_city

FIRST = "127.20.0.1"
DEVICES = 2_000
STREAMS = 50
SECONDS = 10.0
QUESTION = envelope("<tds:GetSystemDateAndTime/>")
REQUEST = (
    b"POST /onvif/device_service HTTP/1.1\r\nHost: x\r\nContent-Type: application/soap+xml; charset=utf-8\r\n"
    b"Content-Length: %d\r\nConnection: close\r\n\r\n%s" % (len(QUESTION), QUESTION)
)


@asynccontextmanager
async def city_process(cameras: int) -> AsyncIterator[psutil.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "vms.sim", "--plain", "--cameras", str(cameras), "--first-address", FIRST,
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        ready = json.loads(await asyncio.wait_for(process.stdout.readline(), 60))
        assert ready["ready"]
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        await process.wait()


def cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


class Asker(asyncio.Protocol):
    def __init__(self) -> None:
        self.done: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self.heard = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.write(REQUEST)  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        self.heard += data

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(bytes(self.heard))


async def ask(addresses: list[str], rounds: int) -> int:
    loop, right = asyncio.get_running_loop(), 0
    width = asyncio.Semaphore(50)

    async def one(address: str) -> bool:
        async with width:
            _, asker = await loop.create_connection(Asker, address, 8080)
            return b"UTCDateTime" in await asyncio.wait_for(asker.done, 20)

    for _ in range(rounds):
        right += sum(await asyncio.gather(*(one(address) for address in addresses)))
    return right


async def watch(viewer: RtspViewer, until_s: float) -> int:
    frames = 0
    while time.monotonic() < until_s:
        await viewer.frame()
        frames += 1
    return frames


async def main() -> None:
    plan = plan_city(DEVICES + 60, first_address=FIRST, personalities=False)
    figures: dict[str, float] = {}
    started = time.monotonic()
    async with city_process(DEVICES + 60 + 60) as process:
        figures["devices"] = len(plan_city(DEVICES + 120, first_address=FIRST, personalities=False).devices)
        figures["start_s"] = round(time.monotonic() - started, 1)
        figures["memory_mb"] = round(process.memory_info().rss / 1e6)
        addresses = [device.address for device in plan.devices[:DEVICES]]
        before = cpu_s(process)
        right = await ask(addresses, 3)
        spent = cpu_s(process) - before
        figures["onvif_answers"] = right
        figures["onvif_answers_per_s_per_core"] = round(right / spent)
        figures["memory_after_mb"] = round(process.memory_info().rss / 1e6)
    plan = plan_city(STREAMS + 20, first_address=FIRST, personalities=False)
    singles = [device for device in plan.devices if not device.is_recorder][:STREAMS]
    for role in (StreamRole.SUB, StreamRole.MAIN):
        async with city_process(STREAMS + 20) as process:
            viewers = [await a_viewer(device, LiveDevice(device).stream_path(1, role)) for device in singles]
            for viewer in viewers:
                assert (await viewer.play()).status == 200
            await asyncio.gather(*(viewer.frame() for viewer in viewers))
            before, since = cpu_s(process), time.monotonic()
            frames = await asyncio.gather(*(watch(viewer, since + SECONDS) for viewer in viewers))
            took = time.monotonic() - since
            figures[f"{role}_streams"] = len(viewers)
            figures[f"{role}_cpu_percent_of_a_core"] = round(100 * (cpu_s(process) - before) / took)
            figures[f"{role}_frames_per_s"] = round(sum(frames) / len(frames) / took, 1)
            figures[f"{role}_memory_mb"] = round(process.memory_info().rss / 1e6)
            for viewer in viewers:
                viewer.close()
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    asyncio.run(main())
