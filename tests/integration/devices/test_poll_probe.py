"""The poll over real sockets, on both event loops that it runs on."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import uvloop

from tests.builders.devices import Asked, a_camera, clock_answer, http, next_address, soap_fault
from vms.devices.budget import RequestBudget
from vms.devices.poll import probe_control, probe_target
from vms.health.reading import ControlReading, NetworkReading

NOW = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)
AHEAD = clock_answer("2026 11 21 12 0 7")


async def poll(
    answer: Callable[[Asked], bytes | None], *, timeout_s: float = 2.0
) -> tuple[NetworkReading, ControlReading]:
    async with a_camera(answer) as camera:
        return await probe_control(probe_target(camera.address, camera.port), lambda: NOW, timeout_s=timeout_s)


@pytest.mark.parametrize("factory", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_a_camera_that_answers_is_up_with_its_clock(factory: Callable[[], asyncio.AbstractEventLoop]) -> None:
    with asyncio.Runner(loop_factory=factory) as runner:
        network, control = runner.run(poll(lambda asked: http(AHEAD)))
    assert network.connected
    assert network.connect_s is not None
    assert 0 < network.connect_s < 1
    assert control.answered
    assert control.clock_offset_s == pytest.approx(7.5, abs=0.2)
    assert control.clock_uncertainty_s == pytest.approx(0.5, abs=0.2)


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    "raw",
    [
        http(AHEAD, length=10),
        http(AHEAD, length=100_000),
        b"HTTP/1.0 200 OK\r\n\r\n" + AHEAD.encode(),
        CHUNKED + b"".join(b"1\r\n%c\r\n" % one for one in AHEAD.encode()) + b"0\r\n\r\n",
    ],
    ids=["too_short", "too_long", "no_length", "chunked"],
)
async def test_the_poll_is_as_lenient_as_the_client(raw: bytes) -> None:
    _, control = await poll(lambda asked: raw)
    assert control.answered
    assert control.clock_offset_s == pytest.approx(7.5, abs=0.2)


async def test_a_closed_door_is_a_reading() -> None:
    network, control = await probe_control(probe_target(next_address(), 9), lambda: NOW)
    assert (network.connected, network.because) == (False, "refused")
    assert not control.answered


async def test_a_camera_that_accepts_and_never_answers_is_connected_and_silent() -> None:
    network, control = await poll(lambda asked: None, timeout_s=0.2)
    assert network.connected
    assert (control.answered, control.because) == (False, "timeout")


async def test_a_camera_that_hangs_up_is_connected_and_silent() -> None:
    network, control = await poll(lambda asked: b"")
    assert network.connected
    assert (control.answered, control.because) == (False, "closed")


async def test_the_poll_never_signs_in_and_never_asks_twice() -> None:
    async with a_camera(lambda asked: http(soap_fault("ter:NotAuthorized"), status=400)) as camera:
        _, control = await probe_control(probe_target(camera.address, camera.port), lambda: NOW)
    assert control.answered
    assert control.because == "login_needed"
    assert [asked.signed for asked in camera.asked] == [False]


async def test_polls_of_one_device_wait_for_each_other_within_a_budget() -> None:
    budget = RequestBudget()
    async with a_camera(lambda asked: http(AHEAD)) as camera:
        target = probe_target(camera.address, camera.port)
        readings = await asyncio.gather(*(probe_control(target, lambda: NOW, budget=budget) for _ in range(5)))
    assert all(control.answered for _, control in readings)
    assert camera.most_at_once == 1


async def test_one_dead_camera_delays_no_other() -> None:
    async with a_camera(lambda asked: None) as dead, a_camera(lambda asked: http(AHEAD)) as alive:
        loop = asyncio.get_running_loop()
        dying = asyncio.create_task(probe_control(probe_target(dead.address, dead.port), lambda: NOW, timeout_s=1))
        began = loop.time()
        _, control = await probe_control(probe_target(alive.address, alive.port), lambda: NOW, timeout_s=1)
        assert control.answered
        assert loop.time() - began < 0.5
        _, silent = await dying
        assert not silent.answered
