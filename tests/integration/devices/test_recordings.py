"""What a recorder says it has recorded: its recordings, and the holes between their first and last moment."""

from datetime import UTC, datetime, timedelta

import pytest

from vms.core.intervals import Interval
from vms.devices.budget import Login
from vms.devices.configure.hand import Hand
from vms.devices.onvif.client import OnvifClient
from vms.devices.recordings import Change, NoSearch, read_recordings, read_spans, spans_of
from vms.inventory.device import AuthScheme, Quirks
from vms.sim.city import running_city
from vms.sim.footage_kept import Footage
from vms.sim.plan import PretendDevice, plan_city

PLAN = plan_city(60, first_address="127.64.120.1")
HOUR = timedelta(hours=1)
NOW = datetime.now(UTC).replace(microsecond=0)


def hand_of(device: PretendDevice) -> Hand:
    return Hand(
        OnvifClient(
            device.address,
            device.onvif_port,
            login=Login(username=device.username, password=device.password),
            quirks=Quirks(auth=AuthScheme(device.personality.auth)),
        )
    )


def a_recorder() -> PretendDevice:
    return next(device for device in PLAN.devices if len(device.channels) > 1)


async def test_a_recorder_tells_its_recordings_and_their_holes() -> None:
    device = a_recorder()
    holes = tuple((NOW - hours * HOUR, NOW - (hours - 1) * HOUR) for hours in (5, 20))
    async with running_city(PLAN) as city:
        live = city.device(device.address)
        live.rare.footage[2] = Footage(since=NOW - 48 * HOUR, holes=holes)
        live.rare.footage[3] = Footage(since=NOW - 72 * HOUR, until=NOW - 10 * HOUR)
        hand = hand_of(device)
        await hand.meet()
        told = {one.token: one for one in await read_recordings(hand)}
        assert len(told) == len(device.channels)
        assert told["Recording_2"].source == device.channels[1].token
        assert told["Recording_2"].earliest == NOW - 48 * HOUR
        assert (told["Recording_3"].latest, told["Recording_3"].is_recording) == (NOW - 10 * HOUR, False)
        second = await read_spans(hand, "Recording_2", NOW - 24 * HOUR, NOW)
        expected = ((24, 20), (19, 5), (4, 0))
        assert second == tuple(Interval(NOW - first * HOUR, NOW - last * HOUR) for first, last in expected)
        third = await read_spans(hand, "Recording_3", NOW - 24 * HOUR, NOW)
        assert third == (Interval(NOW - 24 * HOUR, NOW - 10 * HOUR),)
        assert live.rare.searches == {}


async def test_many_holes_come_page_by_page() -> None:
    device = a_recorder()
    holes = tuple(
        (NOW - n * 60 * timedelta(seconds=1), NOW - (n * 60 - 20) * timedelta(seconds=1)) for n in range(1, 401)
    )
    async with running_city(PLAN) as city:
        city.device(device.address).rare.footage[1] = Footage(since=NOW - 48 * HOUR, holes=holes)
        hand = hand_of(device)
        await hand.meet()
        assert len(await read_spans(hand, "Recording_1", NOW - 24 * HOUR, NOW)) == 401


async def test_a_camera_without_a_search_says_so_by_name() -> None:
    device = next(
        device for device in PLAN.devices if len(device.channels) == 1 and device.personality.label == "plain"
    )
    async with running_city(PLAN):
        hand = hand_of(device)
        await hand.meet()
        with pytest.raises(NoSearch) as refused:
            await read_recordings(hand)
        assert refused.value.code == "search_unsupported"


def test_changes_in_any_order_and_twice_make_the_same_spans() -> None:
    start, end = NOW - 10 * HOUR, NOW

    def change(hours: int, has_data: bool, at_start: bool = False) -> Change:
        return Change(at=NOW - hours * HOUR, has_data=has_data, at_start=at_start)

    told = [change(4, False), change(12, True, True), change(6, False), change(5, True), change(6, False)]
    assert spans_of(told, start, end) == (
        Interval(start, NOW - 6 * HOUR),
        Interval(NOW - 5 * HOUR, NOW - 4 * HOUR),
    )
    assert spans_of([], start, end) == ()
    assert spans_of([change(12, True, True)], start, end) == (Interval(start, end),)
