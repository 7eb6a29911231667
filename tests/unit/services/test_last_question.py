"""A lost packet is no dead camera: before a camera falls its device is asked once more."""

from tests.builders.visited_devices import INTERVAL_S, Behind, visited_devices
from vms.health.last_straw import pause_before_last_s
from vms.health.status import Status

HERE = "10.0.0.1"


async def test_a_packet_lost_after_a_short_blip_makes_nobody_down(tmp_path):
    lost = {2, 3, 4}
    behind = Behind(answers=lambda address, question: question not in lost)
    visited = visited_devices(behind, tmp_path, streams=False)
    for turn in range(3):
        await visited.turn(turn)
    assert visited.status(1) is Status.SUSPECT
    await visited.turn(3)
    assert visited.status(1) is Status.UP, "the fifth question was answered"
    asked = behind.questions[HERE]
    assert asked[4] - asked[3] >= pause_before_last_s(INTERVAL_S), "some seconds after the one that got lost"


async def test_a_dead_camera_is_asked_twice_once_and_then_once_a_turn(tmp_path):
    behind = Behind(answers=lambda address, question: question == 1)
    visited = visited_devices(behind, tmp_path, streams=False)
    for turn in range(4):
        await visited.turn(turn)
    assert visited.status(1) is Status.DOWN
    assert len(behind.questions[HERE]) == 1 + 2 + 2
    assert behind.now_s - 3 * INTERVAL_S < 20.0, "it is known soon after the third look began"
    await visited.turn(4)
    assert len(behind.questions[HERE]) == 6


async def test_what_does_not_answer_as_it_should_is_asked_again_too(tmp_path):
    behind = Behind(answers=lambda address, question: question != 3)
    visited = visited_devices(behind, tmp_path, streams=False)
    for turn in range(4):
        await visited.turn(turn)
    assert visited.status(1) is Status.UP
    assert len(behind.questions[HERE]) == 4, "one failure alone decides nothing, and asks for nothing more"


async def test_where_very_many_fall_at_once_nobody_is_asked_twice(tmp_path):
    behind = Behind(answers=lambda address, question: question == 1)
    visited = visited_devices(behind, tmp_path, streams=False)
    for turn in range(3):
        await visited.turn(turn)
    while not visited.visits.asking_again.locked():
        await visited.visits.asking_again.acquire()
    await visited.turn(3)
    assert visited.status(1) is Status.DOWN
    assert len(behind.questions[HERE]) == 4
