"""The pretend city is broken and mended while it runs, by the program and by the control interface."""

import asyncio
import json

import pytest

from tests.builders.sim import a_city, a_device, call, exchange, get, parse_http, until
from vms.core.errors import BadInput, NotFound
from vms.sim.city import City, running_city
from vms.sim.control import check_loopback
from vms.sim.faults import CHANGED_SUFFIX, Fault
from vms.sim.personality import habit
from vms.sim.plan import plan_city

CLOCK = "<tds:GetSystemDateAndTime/>"


async def ask(city: City, method: str, path: str, body: object = None) -> tuple[int, dict[str, object]]:
    assert city.control_address is not None
    data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    head = f"{method} {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(data)}\r\nConnection: close\r\n\r\n"
    answer = parse_http(await exchange(*city.control_address, head.encode() + data))
    return answer.status, json.loads(answer.body)


async def test_off_means_connection_refused_and_on_means_back() -> None:
    async with a_device() as (city, device):
        reader, writer = await asyncio.open_connection(device.address, device.onvif_port)
        await city.set_fault(device.address, Fault.OFF, True)
        for port in (device.onvif_port, device.rtsp_port):
            with pytest.raises(ConnectionRefusedError):
                await asyncio.open_connection(device.address, port)
        assert await asyncio.wait_for(reader.read(), 2) == b"", "open connections are dropped"
        writer.close()
        await city.set_fault(device.address, Fault.OFF, False)
        assert (await call(device, CLOCK, login=False)).status == 200


async def test_silence_accepts_and_never_answers() -> None:
    async with a_device() as (city, device):
        await city.set_fault(device.address, Fault.SILENT, True)
        with pytest.raises(TimeoutError):
            await call(device, CLOCK, login=False, timeout_s=0.3)
        await city.set_fault(device.address, Fault.SILENT, False)
        assert (await call(device, CLOCK, login=False)).status == 200


async def test_a_changed_login_and_a_skewed_clock_refuse_the_old_ways() -> None:
    async with a_device() as (city, device):
        await city.set_fault(device.address, Fault.LOGIN_CHANGED, True)
        assert (await call(device, "<tds:GetUsers/>")).status == 400
        assert city.device(device.address).login.password == device.password + CHANGED_SUFFIX
        await city.set_fault(device.address, Fault.LOGIN_CHANGED, False)
        await city.set_fault(device.address, Fault.CLOCK_SKEWED, True)
        assert (await call(device, "<tds:GetUsers/>")).status == 400
        assert (await call(device, "<tds:GetUsers/>", offset_s=3600)).status == 200


async def test_slow_is_slow() -> None:
    async with a_device() as (city, device):
        await city.set_fault(device.address, Fault.SLOW, True)
        with pytest.raises(TimeoutError):
            await call(device, CLOCK, login=False, timeout_s=1.0)


async def test_a_frozen_still_is_the_same_twice_and_a_live_one_is_not() -> None:
    async with a_device(habit("open")) as (city, device):
        path = city.device(device.address).snapshot_path(1, "sub")
        assert (await get(device, path)).body != (await get(device, path)).body
        await city.set_fault(device.address, Fault.FROZEN, True)
        assert (await get(device, path)).body == (await get(device, path)).body


async def test_a_broken_switch_takes_exactly_its_devices_away() -> None:
    async with a_city(40, control=True) as city:
        switch, wired = next(iter(city.switches.items()))
        assert 1 < len(wired) < len(city.sites)
        assert (await ask(city, "POST", "/faults", {"switch": switch, "on": True}))[0] == 200
        for device in city.plan.devices:
            if device.address in wired:
                with pytest.raises(ConnectionRefusedError):
                    await asyncio.open_connection(device.address, device.onvif_port)
            else:
                assert (await call(device, CLOCK, login=False)).status == 200
        _, said = await ask(city, "GET", "/switches")
        assert [s["switch"] for s in said["switches"] if s["broken"]] == [switch]
        assert (await ask(city, "POST", "/reset"))[0] == 200
        for address in wired:
            assert not city.device(address).faults
        assert (await call(city.plan.device(wired[0]), CLOCK, login=False)).status == 200


async def test_the_control_interface_lists_and_breaks_one_channel() -> None:
    async with a_city(40, control=True) as city:
        recorder = next(d for d in city.plan.devices if d.is_recorder)
        body = {"address": recorder.address, "fault": "black", "on": True, "channel": 3}
        assert await ask(city, "POST", "/faults", body) == (200, {"ok": True})
        _, said = await ask(city, "GET", "/devices")
        assert len(said["devices"]) == len(city.plan.devices)
        row = next(d for d in said["devices"] if d["address"] == recorder.address)
        assert row["faults"] == ["black:3"]
        assert row["names"] == [channel.name for channel in recorder.channels]
        assert city.device(recorder.address).faults_of(1) == frozenset()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"\xff\xfe", 400),
        (b"[1]", 400),
        (b"[" * 100_000, 400),
        ({"address": "127.9.9.9", "fault": "off", "on": True}, 404),
        ({"switch": "nothing", "on": True}, 404),
        ({"address": "X", "fault": "explode", "on": True}, 400),
        ({"address": "X", "fault": "black", "on": True, "channel": 9}, 400),
        ({"address": "X", "fault": "black", "on": True, "channel": "1"}, 400),
        ({"address": "X", "fault": "off", "on": "yes"}, 400),
        ({"address": "X", "fault": "off", "on": True, "colour": "red"}, 400),
        ({"fault": "off", "on": True}, 400),
    ],
)
async def test_a_wrong_order_is_refused_with_a_reason(body: object, status: int) -> None:
    async with a_city(1, control=True) as city:
        if isinstance(body, dict) and body.get("address") == "X":
            body = {**body, "address": next(iter(city.sites))}
        answered, said = await ask(city, "POST", "/faults", body)
        assert answered == status
        assert said["error"]
        assert not city.device(next(iter(city.sites))).all_faults()


async def test_an_unknown_path_is_not_found() -> None:
    async with a_city(1, control=True) as city:
        assert (await ask(city, "DELETE", "/devices"))[0] == 404


async def test_unknown_addresses_and_channels_are_named() -> None:
    async with a_device() as (city, device):
        with pytest.raises(NotFound, match=r"127\.1\.1\.1"):
            await city.set_fault("127.1.1.1", Fault.OFF, True)
        with pytest.raises(BadInput, match="channel 7"):
            await city.set_fault(device.address, Fault.BLACK, True, channel=7)


def test_the_control_interface_stays_on_loopback() -> None:
    check_loopback("127.0.0.1")
    check_loopback("::1")
    for host in ("0.0.0.0", "192.168.1.1", "example.org", ""):
        with pytest.raises(BadInput, match="loopback"):
            check_loopback(host)


async def test_a_city_that_ends_leaves_no_listener_and_no_task() -> None:
    before = asyncio.all_tasks()
    plan = plan_city(3, first_address="127.20.252.1")
    async with running_city(plan):
        pass
    for device in plan.devices:
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection(device.address, device.onvif_port)
    await until(lambda: asyncio.all_tasks() == before)
