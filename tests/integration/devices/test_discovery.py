"""The pretend city is found in every way, identified, and left alone where it may not be contacted."""

import asyncio
import ipaddress
import socket
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest

from tests.builders.devices import a_camera, http, next_address, plain_answers, says
from tests.builders.sim import in_a_hurry
from vms.devices.budget import Login
from vms.devices.discover import discover
from vms.devices.discovery.find import find
from vms.devices.discovery.messages import GROUP_V4, PORT
from vms.devices.discovery.request import DiscoveryRequest, Heard, Limits, Method
from vms.inventory.device import AuthScheme, ObservedDevice
from vms.sim.city import running_city
from vms.sim.plan import CityPlan, plan_city

FIRST = "127.22.160.1"
NETWORK = "127.22.160.0/24"
OURS = (ipaddress.ip_network(NETWORK),)
QUICK = Limits(round_s=0.1, listen_s=0.4, connect_s=0.3)


@pytest.fixture
async def city() -> AsyncIterator[CityPlan]:
    plan = in_a_hurry(plan_city(60, first_address=FIRST))
    async with running_city(plan):
        yield plan


async def everybody(request: DiscoveryRequest) -> list[Heard]:
    async with aclosing(find(request)) as found:
        return [heard async for heard in found]


async def asked(request: DiscoveryRequest, plan: CityPlan | None = None) -> dict[str, ObservedDevice]:
    logins = (
        {one.address: [Login(username=one.username, password=one.password)] for one in plan.devices} if plan else {}
    )
    async with aclosing(discover(request, lambda address, port: logins.get(address, ()))) as found:
        return {device.address: device async for device in found}


@pytest.mark.parametrize(
    ("request_for", "by"),
    [
        (DiscoveryRequest(interfaces=("lo",), methods=(Method.MULTICAST,), allow=OURS, limits=QUICK), "multicast:lo"),
        (DiscoveryRequest(cidrs=(NETWORK,), methods=(Method.UNICAST,), limits=QUICK), "unicast"),
        (DiscoveryRequest(cidrs=(NETWORK,), methods=(Method.SWEEP,), ports=(8080,), limits=QUICK), "sweep"),
    ],
    ids=["multicast", "unicast", "sweep"],
)
async def test_the_city_is_found_by(city: CityPlan, request_for: DiscoveryRequest, by: str) -> None:
    heard = [one for one in await everybody(request_for) if one.may_be_contacted]
    assert {one.address for one in heard} == {device.address for device in city.devices}
    assert {one.by for one in heard} == {by}
    assert len(heard) == len(city.devices)


async def test_every_device_of_the_city_is_identified_whatever_its_habits(city: CityPlan) -> None:
    request = DiscoveryRequest(interfaces=("lo",), cidrs=(NETWORK,), ports=(8080,), allow=OURS, limits=QUICK)
    found = {address: one for address, one in (await asked(request, city)).items() if one.manufacturer}
    assert found.keys() == {device.address for device in city.devices}
    for plan in city.devices:
        device = found[plan.address]
        habit = plan.personality.label
        assert (device.serial_no, device.model, device.macs) == (plan.serial_no, plan.model, plan.macs), habit
        assert [channel.token for channel in device.channels] == [channel.token for channel in plan.channels], habit
        assert [channel.name for channel in device.channels] == [channel.name for channel in plan.channels], habit
        assert all(len(channel.streams) == 2 and channel.snapshot_uri for channel in device.channels), habit
        assert all(channel.pose is not None for channel in device.channels), habit
        assert device.auth is AuthScheme(plan.personality.auth), habit
        assert not device.login_refused, habit
        assert set(device.heard_by) <= {"multicast:lo", "unicast", "sweep"}, habit
        assert device.heard_by, habit


async def test_a_wrong_password_is_tried_once_per_device_and_the_row_says_so(city: CityPlan) -> None:
    wrong = [Login(username="admin", password="wrong")]
    request = DiscoveryRequest(hosts=tuple(f"{one.address}:{one.onvif_port}" for one in city.devices))
    async with aclosing(discover(request, lambda address, port: wrong)) as found:
        devices = [device async for device in found]
    assert len(devices) == len(city.devices)
    for device in devices:
        assert device.login_refused or device.auth is AuthScheme.NONE
        assert device.endpoint_reference
        assert not {"account_locked"} & {problem.code for problem in device.problems}


async def test_addresses_outside_the_allowed_networks_are_rows_and_are_never_contacted(city: CityPlan) -> None:
    allowed = city.devices[0].address
    request = DiscoveryRequest(
        interfaces=("lo",),
        hosts=(f"{city.devices[1].address}:8080", "8.8.8.8:80"),
        allow=(ipaddress.ip_network(f"{allowed}/32"),),
        limits=QUICK,
    )
    devices = await asked(request, city)
    for address, device in devices.items():
        refused = "not_allowed" in {problem.code for problem in device.problems}
        assert refused is (address != allowed)
        assert bool(device.manufacturer) is (address == allowed)
    assert "8.8.8.8" in devices


async def test_a_named_host_that_does_not_answer_is_a_row() -> None:
    silent, absent = next_address(), next_address()
    async with a_camera(lambda asked: http("<html>a web server</html>"), address=silent) as web:
        hosts = (f"{silent}:{web.port}", f"{absent}:9", f"{next_address()}", "no-such-host.invalid:80")
        request = DiscoveryRequest(hosts=hosts, ports=(9,), limits=QUICK)
        async with aclosing(discover(request)) as found:
            rows = {device.address: {problem.code for problem in device.problems} async for device in found}
    assert rows[silent] == {"not_onvif"}
    assert rows[absent] == {"refused"}
    assert rows["no-such-host.invalid"] == {"name_unknown"}
    assert len(rows) == 4


async def test_a_host_without_port_is_found_on_a_usual_one() -> None:
    async with a_camera(says(plain_answers())) as camera:
        request = DiscoveryRequest(hosts=(camera.address,), ports=(9, camera.port), limits=QUICK)
        async with aclosing(discover(request)) as found:
            (device,) = [device async for device in found]
    assert (device.port, device.model, device.heard_by) == (camera.port, "P-1", ("sweep",))


async def test_the_sweep_never_signs_in() -> None:
    async with a_camera(says(plain_answers())) as camera:
        request = DiscoveryRequest(
            cidrs=(f"{camera.address}/32",), ports=(camera.port,), methods=(Method.SWEEP,), limits=QUICK
        )
        assert len(await everybody(request)) == 1
    assert camera.operations == ["GetSystemDateAndTime"]
    assert camera.signed_operations == []


async def test_nonsense_on_the_multicast_group_is_a_problem_of_its_sender() -> None:
    """A noisy neighbour answers each probe with garbage, twice."""
    loop = asyncio.get_running_loop()
    group = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    group.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    group.bind((GROUP_V4, PORT))
    loopback = socket.inet_aton("127.0.0.1")
    group.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, socket.inet_aton(GROUP_V4) + loopback)
    group.setblocking(False)
    noisy = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    noisy.bind(("127.22.161.7", 0))

    def answer() -> None:
        _, asker = group.recvfrom(65_535)
        for garbage in (b"\x00\xff not xml", b"<a>" * 500, b"<!DOCTYPE a><a/>", b"<a/>" * 2):
            noisy.sendto(garbage, asker)

    loop.add_reader(group.fileno(), answer)
    try:
        allow = (ipaddress.ip_network("127.22.161.0/24"),)
        request = DiscoveryRequest(interfaces=("lo",), methods=(Method.MULTICAST,), allow=allow, limits=QUICK)
        heard = [one for one in await everybody(request) if one.address == "127.22.161.7"]
    finally:
        loop.remove_reader(group.fileno())
        group.close()
        noisy.close()
    (one,) = heard
    assert [problem.code for problem in one.problems] == ["answer_unreadable"]


async def test_an_unknown_interface_hears_nobody_and_harms_nobody() -> None:
    request = DiscoveryRequest(
        interfaces=("no-such-if0",), methods=(Method.MULTICAST,), limits=Limits(listen_s=0.1, round_s=0.1)
    )
    assert await everybody(request) == []


async def test_breaking_off_leaves_no_task_behind(city: CityPlan) -> None:
    before = len(asyncio.all_tasks())
    found = discover(DiscoveryRequest(cidrs=(NETWORK,), limits=QUICK))
    await anext(found)
    await found.aclose()
    await asyncio.sleep(0)
    assert len(asyncio.all_tasks()) <= before
