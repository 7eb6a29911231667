"""Habits 22 to 24: event services that are few, forgetful or hasty, read by our own small reader."""

import asyncio
from contextlib import aclosing
from dataclasses import replace

import pytest

from tests.builders.habits import EVENTS_XADDR, city_of, client_of, identified
from vms.core.clock import system_clock
from vms.devices.http import ExchangeFailed
from vms.devices.onvif.client import OnvifClient
from vms.devices.onvif.events import EventReader, NoEvents, Notification, read_events
from vms.sim.faults import Fault
from vms.sim.personality import PLAIN


@pytest.mark.habit(22)
async def test_22_a_subscription_is_ended_in_any_case_also_when_the_reader_is_broken_off() -> None:
    async with city_of(replace(PLAIN, max_pull_points=1)) as (city, device):
        told = await identified(device)
        for _ in range(3):
            events = await read_events(client_of(device, told), EVENTS_XADDR, within_s=0.5)
            assert {event.operation for event in events} == {"Initialized"}
        endless = asyncio.create_task(read_events(client_of(device, told), EVENTS_XADDR, within_s=60))
        pull = city.device(device.address).pull
        async with asyncio.timeout(5):
            while not pull.names():  # noqa: ASYNC110 - the city has no event for it
                await asyncio.sleep(0.005)
        endless.cancel()
        with pytest.raises(asyncio.CancelledError):
            await endless
        assert pull.names() == ()


@pytest.mark.habit(22)
async def test_22_a_device_without_a_pull_point_left_says_so_by_name() -> None:
    async with city_of("no_pull_point_left") as (_, device):
        told = await identified(device)
        with pytest.raises(NoEvents) as none:
            await read_events(client_of(device, told), EVENTS_XADDR, within_s=3)
    assert none.value.code == "events_exhausted"


@pytest.mark.habit(22)
async def test_22_a_subscription_that_the_device_forgot_is_made_anew_but_not_for_ever() -> None:
    async with city_of("forgetful") as (_, device):
        told = await identified(device)
        reader = EventReader(client_of(device, told), EVENTS_XADDR, wait_s=1, floor_s=0.01)
        heard: list[Notification] = []
        with pytest.raises(NoEvents) as none:
            async with aclosing(reader.notifications()) as notifications:
                async for one in notifications:
                    heard.append(one)
    assert none.value.code == "events_forgotten"
    assert len(heard) == 9


@pytest.mark.habit(23)
async def test_23_a_device_that_answers_every_pull_at_once_is_not_asked_without_end() -> None:
    async with city_of("pulls_answer_at_once") as (_, device):
        told = await identified(device)
        reader = EventReader(client_of(device, told), EVENTS_XADDR, wait_s=5, floor_s=0.4)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1.4), aclosing(reader.notifications()) as notifications:
                async for _ in notifications:
                    pass
    assert 2 <= reader.pulls <= 4


@pytest.mark.habit(24)
async def test_24_the_topic_of_an_event_is_not_lost() -> None:
    async with city_of(PLAIN) as (city, device):
        told = await identified(device)
        reading = asyncio.create_task(read_events(client_of(device, told), EVENTS_XADDR, within_s=2))
        pull = city.device(device.address).pull
        async with asyncio.timeout(5):
            while not pull.names():  # noqa: ASYNC110 - the city has no event for it
                await asyncio.sleep(0.005)
        await city.set_fault(device.address, Fault.BLACK, True)
        events = await reading
    changed = [event for event in events if event.operation == "Changed"]
    assert [event.topic for event in changed] == ["tns1:VideoSource/ImageTooDark/ImagingService"]
    assert changed[0].source == (("Source", device.channels[0].token),)
    assert changed[0].data == (("State", "true"),)
    assert changed[0].at is not None
    assert abs((changed[0].at - system_clock()).total_seconds()) < 10


async def test_a_dead_line_is_a_failed_exchange_for_who_reads_events() -> None:
    with pytest.raises(ExchangeFailed):
        await read_events(OnvifClient("127.31.255.1", 9), EVENTS_XADDR, within_s=2)
