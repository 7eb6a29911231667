"""What the pretend city costs: memory of 2,000 devices, ONVIF answers per second and core, CPU of 50 streams.

Promises: 2,000 devices in one process; 50 simultaneous streams on one core. CPU is the city's own.
"""

import asyncio
import json
import os
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
STREAMS = {StreamRole.SUB: 50, StreamRole.MAIN: 20}
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


class Watching:
    """Draws a stream without pause, so that nothing piles up before the measurement begins."""

    def __init__(self, viewer: RtspViewer) -> None:
        self.frames = 0
        self._viewer = viewer
        self.task = asyncio.create_task(self._watch())

    async def _watch(self) -> None:
        while True:
            await self._viewer.frame(timeout_s=30)
            self.frames += 1


async def measure_streams(role: StreamRole, figures: dict[str, float]) -> None:
    plan = plan_city(60 + 20, first_address=FIRST, personalities=False)
    singles = [device for device in plan.devices if not device.is_recorder][: STREAMS[role]]
    async with city_process(60 + 20) as process:
        watching = []
        for device in singles:
            viewer = await a_viewer(device, LiveDevice(device).stream_path(1, role))
            assert (await viewer.play(timeout_s=30)).status == 200
            watching.append(Watching(viewer))
        await asyncio.sleep(3.0)
        seen, spent, since = sum(each.frames for each in watching), cpu_s(process), time.monotonic()
        await asyncio.sleep(SECONDS)
        took = time.monotonic() - since
        figures[f"{role}_streams"] = len(watching)
        delivered, spent = sum(each.frames for each in watching) - seen, cpu_s(process) - spent
        figures[f"{role}_cpu_percent_of_a_core"] = round(100 * spent / took)
        figures[f"{role}_cpu_ms_per_frame"] = round(1000 * spent / delivered, 2)
        figures[f"{role}_frames_per_s"] = round(delivered / STREAMS[role] / took, 1)
        figures[f"{role}_memory_mb"] = round(process.memory_info().rss / 1e6)
        for each in watching:
            each.task.cancel()
        await asyncio.gather(*(each.task for each in watching), return_exceptions=True)


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
    for role in (StreamRole.SUB, StreamRole.MAIN):
        await measure_streams(role, figures)
    figures["load_of_the_machine"] = round(os.getloadavg()[0], 1)
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    asyncio.run(main())
