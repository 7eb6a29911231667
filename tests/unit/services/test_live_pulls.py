from vms.core.errors import TryAgain
from vms.services.polling.live_pulls import LivePulls

HERE = "127.0.0.1"


async def pulling(streams: int) -> LivePulls:
    async def ask() -> dict[str, int]:
        return {HERE: streams}

    pulls = LivePulls(ask)
    await pulls.follow()
    return pulls


async def test_where_nobody_looks_a_stream_may_be_tried_even_where_only_one_is_borne():
    pulls = await pulling(0)
    assert pulls.leaves_room(HERE, 1, 1)
    assert LivePulls().leaves_room(HERE, 1, 1)


async def test_while_somebody_looks_room_is_left_for_one_more_who_comes():
    assert not (await pulling(1)).leaves_room(HERE, 1, 2)
    assert (await pulling(1)).leaves_room(HERE, 1, 3)
    assert not (await pulling(2)).leaves_room(HERE, 8, 3)
    assert (await pulling(1)).leaves_room("127.0.0.2", 1, 1), "only of that device"


async def test_a_limit_that_is_not_known_is_two_for_each_channel():
    pulls = await pulling(1)
    assert not pulls.leaves_room(HERE, 1, 0)
    assert pulls.leaves_room(HERE, 2, 0)


async def test_a_gateway_that_is_away_pulls_nothing():
    answers = [TryAgain("away")]

    async def ask() -> dict[str, int]:
        if answers:
            raise answers.pop()
        return {HERE: 1}

    pulls = LivePulls(ask)
    await pulls.follow()
    assert pulls.leaves_room(HERE, 1, 1)
    await pulls.follow()
    assert not pulls.leaves_room(HERE, 1, 1)
