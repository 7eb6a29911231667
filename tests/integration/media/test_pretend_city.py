"""Our readers and the pretend city get along, and each of its faults gets its name."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest

from vms.core.clock import system_clock
from vms.health.picture.baseline import learn_all
from vms.health.picture.diagnose import diagnose
from vms.inventory.camera import StreamRole
from vms.media.diagnosis.measure import measure_still
from vms.media.gateway import LiveGateway
from vms.media.live import LiveNews, LiveSource, MediaFragment, NewsKind
from vms.media.login import Login
from vms.media.proof import prove_stream
from vms.media.still import fetch_still
from vms.sim.city import City, running_city
from vms.sim.faults import Fault
from vms.sim.plan import plan_city

TEN_PAST_FOUR = datetime(2026, 5, 1, 4, 10, tzinfo=UTC)
"""Each test begins then: at every run the same people and cars pass in front of the camera."""


@dataclass
class OneCamera:
    city: City
    address: str
    login: Login
    stream: str
    snapshot: str

    async def stills(self) -> tuple[bytes, bytes]:
        first = await fetch_still(self.snapshot, self.login)
        await asyncio.sleep(1.1)  # what is looked for is whether the picture changes within a second
        return first.jpeg, (await fetch_still(self.snapshot, self.login)).jpeg


@pytest.fixture
async def camera() -> AsyncIterator[OneCamera]:
    plan = plan_city(1, first_address="127.21.9.1", onvif_port=18_080, rtsp_port=18_554, personalities=False)
    device = plan.devices[0]
    behind = system_clock() - TEN_PAST_FOUR
    async with running_city(plan, None, clock=lambda: system_clock() - behind) as city:
        live = city.device(device.address)
        stream, snapshot = live.stream_uri(1, StreamRole.SUB), live.snapshot_uri(1, StreamRole.SUB)
        yield OneCamera(
            city,
            device.address,
            Login(device.username, device.password),
            urlsplit(stream)._replace(netloc=f"{device.address}:18554").geturl(),
            urlsplit(snapshot)._replace(netloc=f"{device.address}:18080").geturl(),
        )


@pytest.mark.parametrize(
    ("fault", "because"),
    [
        (Fault.OFF, "unreachable"),
        (Fault.SILENT, "timeout"),
        (Fault.STREAM_DEAD, "error_answer"),
        (Fault.LOGIN_CHANGED, "login_refused"),
        (Fault.STALLS_AT_SETUP, "timeout"),
        (Fault.STALLS_IN_MEDIA, "no_media"),
        (Fault.DRIPS, "timeout"),
    ],
)
async def test_a_fault_of_the_stream_has_a_name(camera: OneCamera, fault: Fault, because: str) -> None:
    assert (await prove_stream(camera.stream, camera.login)).reading.playing
    await camera.city.set_fault(camera.address, fault, True)
    assert (await prove_stream(camera.stream, camera.login, timeout_s=0.6)).reading.because == because
    await camera.city.set_fault(camera.address, fault, False)
    assert (await prove_stream(camera.stream, camera.login)).reading.playing


async def test_picture_faults_show_in_the_statistics(camera: OneCamera) -> None:
    first, second = await camera.stills()
    well = measure_still(second).statistics
    normal = learn_all([measure_still(first).statistics, well])
    assert diagnose(well, normal) == ()
    assert first != second, "a live camera never sends the same picture twice"
    shown = {}
    for fault in (Fault.BLACK, Fault.BRIGHT, Fault.BLURRED):
        await camera.city.set_fault(camera.address, fault, True, 1)
        _, second = await camera.stills()
        shown[fault] = diagnose(measure_still(second).statistics, normal)[0].kind.value
        await camera.city.set_fault(camera.address, fault, False, 1)
    assert shown == {Fault.BLACK: "too_dark", Fault.BRIGHT: "too_bright", Fault.BLURRED: "blur"}
    await camera.city.set_fault(camera.address, Fault.FROZEN, True, 1)
    first, second = await camera.stills()
    await camera.city.set_fault(camera.address, Fault.FROZEN, False, 1)
    assert first == second


async def test_it_plays_live_and_survives_its_death(camera: OneCamera) -> None:
    source = LiveSource(camera="1", role=StreamRole.SUB, uri=camera.stream, login=camera.login)
    seen: list[str] = []
    async with LiveGateway() as gateway, aclosing(gateway.open(source)) as messages, asyncio.timeout(30):
        async for message in messages:
            seen.append(message.kind.value if isinstance(message, LiveNews) else type(message).__name__)
            if seen.count("MediaFragment") == 5 and seen[-1] == "MediaFragment":
                await camera.city.set_fault(camera.address, Fault.OFF, True)
            if seen[-1] == NewsKind.STALLED:
                await camera.city.set_fault(camera.address, Fault.OFF, False)
            if "playing" in seen and isinstance(message, MediaFragment) and seen[-2:] == ["MediaFragment"] * 2:
                break
    assert "stalled" in seen
