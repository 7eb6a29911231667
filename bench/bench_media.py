"""What pictures cost: a key frame as proof of life next to OpenCV and PyAV, and the live gateway per camera and viewer.

Promises: our proof costs at most a quarter of the CPU of either peer; a viewer who joins a warm camera sees a picture
within 0.3 s at the median. The cameras are the pretend city, in a process of its own; CPU is that of the reader alone.
"""

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ["OPENCV_FFMPEG_CAPTURE_OPTIONS"] = "rtsp_transport;tcp"

import av
import cv2
import psutil
import uvloop

from tests.builders.media_waiting import until_true
from vms.core.errors import TryAgain
from vms.inventory.camera import StreamRole
from vms.media.diagnosis.measure import measure_still
from vms.media.gateway_client import GatewayClient, connect
from vms.media.live import LiveSource, MediaFragment
from vms.media.login import Login
from vms.media.proof import prove_stream
from vms.media.still import fetch_still
from vms.sim.device import LiveDevice
from vms.sim.plan import PretendDevice, plan_city

FIRST = "127.21.16.1"
CAMERAS = 48
PROOFS = 100
SECONDS = 10.0
JOINS = 30


@asynccontextmanager
async def a_process(*arguments: str, ready: bool) -> AsyncIterator[psutil.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", *arguments, stdout=asyncio.subprocess.PIPE if ready else None
    )
    try:
        if ready and process.stdout is not None:
            assert json.loads(await asyncio.wait_for(process.stdout.readline(), 60))["ready"]
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        await process.wait()


def cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


def uri_of(device: PretendDevice, role: StreamRole) -> str:
    return f"rtsp://{device.address}:{device.rtsp_port}{LiveDevice(device).stream_path(1, role)}"


def source_of(device: PretendDevice, role: StreamRole, name: str = "") -> LiveSource:
    login = Login(device.username, device.password)
    return LiveSource(camera=name or device.address, role=role, uri=uri_of(device, role), login=login)


def with_login(device: PretendDevice, role: StreamRole) -> str:
    return uri_of(device, role).replace("rtsp://", f"rtsp://{device.username}:{device.password}@")


def read_with_opencv(uri: str) -> None:
    capture = cv2.VideoCapture(uri, cv2.CAP_FFMPEG)
    assert capture.read()[0]
    capture.release()


def read_with_pyav(uri: str) -> None:
    options = {"rtsp_transport": "tcp", "analyzeduration": "0", "probesize": "32"}
    with av.open(uri, options=options, timeout=(3, 3)) as container:
        stream = container.streams.video[0]
        stream.codec_context.skip_frame = "NONKEY"
        stream.thread_count = 1
        next(container.decode(stream))


def cost_of(read: Callable[[str], None], uris: list[str]) -> tuple[float, float]:
    """CPU and median wall time of one, in milliseconds."""
    spent_s, walls = time.process_time(), []
    for uri in uris:
        began_s = time.perf_counter()
        read(uri)
        walls.append(time.perf_counter() - began_s)
    return (time.process_time() - spent_s) / len(uris) * 1000, statistics.median(walls) * 1000


async def measure_proofs(
    devices: list[PretendDevice], role: StreamRole, peer_proofs: int, figures: dict[str, float]
) -> None:
    device = devices[0]
    login = Login(device.username, device.password)
    keep_running = asyncio.create_task(prove_for_ever(device, role))
    await asyncio.sleep(3)
    keep_running.cancel()
    spent_s, walls = time.process_time(), []
    for _ in range(PROOFS):
        began_s = time.perf_counter()
        assert (await prove_stream(uri_of(device, role), login)).reading.playing
        walls.append(time.perf_counter() - began_s)
    figures[f"{role}_proof_cpu_ms"] = (time.process_time() - spent_s) / PROOFS * 1000
    figures[f"{role}_proof_wall_ms"] = statistics.median(walls) * 1000
    for name, read in (("opencv", read_with_opencv), ("pyav", read_with_pyav)):
        cpu_ms, wall_ms = cost_of(read, [with_login(device, role)] * peer_proofs)
        figures[f"{role}_{name}_cpu_ms"], figures[f"{role}_{name}_wall_ms"] = cpu_ms, wall_ms


async def prove_for_ever(device: PretendDevice, role: StreamRole) -> None:
    """Wakes the camera's encoder, so that the first measured proof does not pay for it."""
    while True:
        await prove_stream(uri_of(device, role), Login(device.username, device.password))


async def measure_stills(devices: list[PretendDevice], figures: dict[str, float]) -> None:
    device = devices[0]
    login = Login(device.username, device.password)
    uri = f"http://{device.address}:{device.onvif_port}{LiveDevice(device).snapshot_path(1, StreamRole.SUB)}"
    still = await fetch_still(uri, login)
    spent_s = time.process_time()
    for _ in range(50):
        still = await fetch_still(uri, login)
    figures["still_cpu_ms"] = (time.process_time() - spent_s) / 50 * 1000
    measure_still(still.jpeg)
    spent_s = time.process_time()
    for _ in range(50):
        measure_still(still.jpeg)
    figures["picture_statistics_cpu_ms"] = (time.process_time() - spent_s) / 50 * 1000


async def answers(client: GatewayClient) -> bool:
    try:
        await client.status()
    except TryAgain:
        return False
    return True


async def look(client: GatewayClient, source: LiveSource, until_s: float) -> int:
    fragments = 0
    async with aclosing(client.open(source)) as messages:
        async for message in messages:
            fragments += isinstance(message, MediaFragment)
            if time.monotonic() > until_s:
                break
    return fragments


async def first_picture_ms(client: GatewayClient, source: LiveSource) -> float:
    began_s = time.perf_counter()
    async with aclosing(client.open(source)) as messages:
        async for message in messages:
            if isinstance(message, MediaFragment):
                break
    return (time.perf_counter() - began_s) * 1000


async def measure_steady(
    client: GatewayClient, gateway: psutil.Process, sources: list[LiveSource]
) -> tuple[float, float]:
    """CPU in percent of a core, and fragments for each viewer and second."""
    for source in {source.camera: source for source in sources}.values():
        await first_picture_ms(client, source)
    settle_s = 2.0
    looks = [asyncio.create_task(look(client, source, time.monotonic() + settle_s + SECONDS)) for source in sources]
    await asyncio.sleep(settle_s)
    before_s, since_s = cpu_s(gateway), time.monotonic()
    await asyncio.sleep(SECONDS - 0.5)
    spent_s, took_s = cpu_s(gateway) - before_s, time.monotonic() - since_s
    fragments = await asyncio.gather(*looks)
    return 100 * spent_s / took_s, statistics.mean(fragments) / (settle_s + SECONDS)


async def measure_gateway(devices: list[PretendDevice], figures: dict[str, float]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "gateway.sock"
        async with a_process("vms.media.run_gateway", "--socket", str(path), ready=False) as gateway:
            client = connect(path)
            await until_true(lambda: answers(client))
            figures["gateway_idle_mb"] = gateway.memory_info().rss / 1e6
            colds = [await first_picture_ms(client, source_of(device, StreamRole.SUB)) for device in devices[:10]]
            figures["join_cold_median_ms"] = statistics.median(colds)
            warm = source_of(devices[0], StreamRole.SUB)
            await client.warm(warm, seconds=60)
            joins = [await first_picture_ms(client, warm) for _ in range(JOINS)]
            figures["join_warm_median_ms"], figures["join_warm_max_ms"] = statistics.median(joins), max(joins)
            for role, count in ((StreamRole.SUB, 40), (StreamRole.MAIN, 10)):
                sources = [source_of(device, role) for device in devices[:count]]
                percent, rate = await measure_steady(client, gateway, sources)
                figures[f"gateway_{role}_percent_per_camera_and_viewer"] = percent / count
                figures[f"gateway_{role}_pictures_per_s"] = rate
            figures["gateway_40_cameras_mb"] = gateway.memory_info().rss / 1e6
            one = source_of(devices[0], StreamRole.SUB)
            percent, rate = await measure_steady(client, gateway, [one] * 100)
            figures["gateway_100_viewers_of_one_camera_percent"] = percent
            figures["gateway_100_viewers_pictures_per_s"] = rate


async def main(peer_proofs: int) -> None:
    plan = plan_city(CAMERAS, first_address=FIRST, personalities=False)
    devices = [device for device in plan.devices if not device.is_recorder]
    figures: dict[str, float] = {}
    async with a_process("vms.sim", "--plain", "--cameras", str(CAMERAS), "--first-address", FIRST, ready=True):
        for role in StreamRole:
            await measure_proofs(devices, role, peer_proofs, figures)
        await measure_stills(devices, figures)
        await measure_gateway(devices, figures)
    print(json.dumps({name: round(value, 2) for name, value in figures.items()}, indent=2))
    for role in StreamRole:
        cheapest = min(figures[f"{role}_opencv_cpu_ms"], figures[f"{role}_pyav_cpu_ms"])
        assert figures[f"{role}_proof_cpu_ms"] * 4 < cheapest, "the proof is not cheap any more"
    assert figures["join_warm_median_ms"] < 300


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer-proofs", type=int, default=5, help="of each peer and stream; OpenCV takes 2 s each")
    uvloop.run(main(parser.parse_args().peer_proofs))
