"""Control traffic for many devices behind one listener."""

import asyncio
import subprocess
from ipaddress import IPv4Address

import pytest

from vms.core.clock import system_clock
from vms.core.errors import NotFound
from vms.devices.budget import Login
from vms.devices.identify import identify
from vms.devices.poll import probe_control, probe_target
from vms.sim.crowd import running_crowd
from vms.sim.crowd_connection import is_the_polls_question
from vms.sim.faults import Fault
from vms.sim.plan import CityPlan, plan_city
from vms.sim.run import CityOptions

FIRST, PORT = "127.64.64.1", 18_641


def a_plan(cameras: int, *, first: str = FIRST, port: int = PORT) -> CityPlan:
    return plan_city(cameras, first_address=first, onvif_port=port, personalities=False, recorders=False)


def test_a_large_city_is_control_traffic_whether_asked_for_or_not():
    assert CityOptions(cameras=100_000).is_crowd
    assert CityOptions(cameras=40, control_only=True).is_crowd
    assert not CityOptions(cameras=5_000).is_crowd


def test_each_camera_is_a_device_of_its_own_one_address_after_another():
    plan = a_plan(300)
    assert [device.address for device in plan.devices] == [str(IPv4Address(FIRST) + number) for number in range(300)]


async def test_every_address_answers_the_poll_and_late_if_told_to():
    plan = a_plan(200)
    async with running_crowd(plan, delay_s=0.2):
        asked = [probe_control(probe_target(device.address, PORT), system_clock) for device in plan.devices]
        told = await asyncio.gather(*asked)
    assert all(control.answered and abs(control.clock_offset_s or 99) < 2 for _, control in told)
    assert min(control.answer_s for _, control in told) >= 0.2


async def test_the_silent_and_the_switched_off_are_not_confused_and_strangers_are_not_there():
    plan = a_plan(30)
    silent, off, stranger = plan.devices[3].address, plan.devices[5].address, str(IPv4Address(FIRST) + 30)
    async with running_crowd(plan) as crowd:
        await crowd.set_fault(silent, Fault.SILENT, True)
        await crowd.set_fault(off, Fault.OFF, True)
        told = {
            address: await probe_control(probe_target(address, PORT), timeout_s=0.3)
            for address in (silent, off, stranger, plan.devices[0].address)
        }
        with pytest.raises(NotFound):
            crowd.device(stranger)
    assert [control.because for _, control in told.values()] == ["timeout", "closed", "closed", ""]


async def test_a_broken_switch_takes_its_devices_and_gives_them_back():
    plan = a_plan(30)
    async with running_crowd(plan) as crowd:
        switch, wired = next(iter(crowd.switches.items()))
        for broken in (True, False):
            await crowd.set_switch(switch, broken=broken)
            _, control = await probe_control(probe_target(wired[0], PORT))
            assert control.answered is not broken


async def test_whatever_else_is_asked_the_whole_device_answers():
    plan = a_plan(3)
    device = plan.devices[1]
    async with running_crowd(plan) as crowd:
        told = await identify(device.address, PORT, [Login(username=device.username, password=device.password)])
        assert told.serial_no == device.serial_no
        assert crowd.most_at_once == 1


def test_only_the_bare_question_is_answered_from_the_prepared_text():
    request = probe_target("127.0.0.1", 80).request
    assert is_the_polls_question(request)
    assert not is_the_polls_question(request.replace(b"<s:Body>", b"<s:Header><w:Security/></s:Header><s:Body>"))
    assert not is_the_polls_question(request.replace(b"Connection: close\r\n", b""))
    assert not is_the_polls_question(request[:-20])


async def test_nobody_outside_can_reach_it():
    async with running_crowd(a_plan(2)):
        told = subprocess.run(["/bin/ss", "-ltn", f"sport = :{PORT}"], capture_output=True, text=True, check=True)  # noqa: ASYNC221
    assert "%lo:" in told.stdout, told.stdout
