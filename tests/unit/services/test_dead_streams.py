"""A recorder with many dead streams: each is judged in bounded time, none hides a live one, no round takes long."""

from itertools import pairwise

import pytest

from tests.builders.visited_devices import INTERVAL_S, Behind, Visited, visited_devices
from vms.health.fault import FaultKind
from vms.health.status import Status

CHANNELS = 16


def told_dead(visited: Visited) -> set[int]:
    """Whose stream has its fault; the recorder itself answers."""
    watches = visited.book.watches()
    return {one.camera_id for one in watches if any(fault.kind is FaultKind.STREAM_DEAD for fault in one.open_faults)}


@pytest.mark.parametrize(("timeout_s", "within_turns"), [(5.0, 24), (0.1, 14)])
async def test_every_dead_channel_is_told_within_bounded_time(tmp_path, timeout_s, within_turns):
    behind = Behind(plays=lambda camera_id: False, timeout_s=timeout_s)
    visited = visited_devices(behind, tmp_path, channels=CHANNELS, streams=True)
    took_s = [await visited.turn(turn) for turn in range(within_turns)]
    assert told_dead(visited) == set(range(1, CHANNELS + 1))
    assert max(took_s) <= INTERVAL_S * 0.75, "the next turn finds the device free"


async def test_the_living_are_proven_in_their_turn_whatever_the_others_do(tmp_path):
    alive = {3, 9, 14}
    behind = Behind(plays=lambda camera_id: camera_id in alive)
    visited = visited_devices(behind, tmp_path, channels=CHANNELS, streams=True)
    for turn in range(40):
        await visited.turn(turn)
    for camera_id in alive:
        proven = behind.proofs[camera_id]
        pauses = [later - earlier for earlier, later in pairwise(proven)]
        assert max(pauses) <= 11 * INTERVAL_S, "one turn is lost to those that died all at once"
        assert max(pauses[2:]) <= 6 * INTERVAL_S, "every fifth turn, once the dead ones are known"
        assert visited.status(camera_id) is Status.UP
    assert told_dead(visited) == set(range(1, CHANNELS + 1)) - alive


async def test_one_that_dies_behind_many_dead_ones_is_seen_and_seen_to_come_back(tmp_path):
    dead = set(range(1, 15))
    behind = Behind(plays=lambda camera_id: camera_id not in dead)
    visited = visited_devices(behind, tmp_path, channels=CHANNELS, streams=True)
    for turn in range(40):
        await visited.turn(turn)
    assert visited.status(16) is Status.UP
    dead.add(16)
    for turn in range(40, 49):
        await visited.turn(turn)
    assert 16 in told_dead(visited), "who is not judged yet goes first"
    dead.clear()
    for turn in range(49, 60):
        await visited.turn(turn)
    assert {visited.status(one) for one in range(1, CHANNELS + 1)} == {Status.UP}
