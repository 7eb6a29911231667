"""Random failures of a pretend town, judged by the real watch: one order per real cause, and nobody falsely down."""

import random
from statistics import median

from tests.builders.failing_town import Played, Script, a_town, play, write_script
from vms.health.outages.policy import OutagePolicy
from vms.health.policy import Policy

SCRIPTS = 110
PER_TOWN = 22


def played_scripts(count: int, seed: int) -> list[Played]:
    chance = random.Random(seed)
    found = []
    town = a_town(chance)
    for number in range(count):
        if number % PER_TOWN == 0:
            town = a_town(chance)
        script = list(Script)[number % len(Script)]
        found.append(play(script, town, write_script(script, town, chance), Policy(), OutagePolicy()))
    return found


def test_one_order_per_real_cause_and_nobody_falsely_down() -> None:
    found = played_scripts(SCRIPTS, seed=11)
    causes = sum(len(one.causes) for one in found)
    orders = sum(one.orders for one in found)
    assert abs(orders / causes - 1.0) <= 0.05, f"{orders} orders for {causes} causes"
    assert sum(one.false_downs for one in found) == 0
    assert sum(one.strangers for one in found) == 0, "a camera that nothing had happened to is in an outage"
    assert sum(one.left_open for one in found) == 0
    assert sum(one.missed for one in found) == 0
    blips = [one for one in found if one.script is Script.BLIP]
    assert sum(one.orders for one in blips) == 0
    switches = [seconds for one in found if one.script is Script.SWITCH for seconds in one.detected_s]
    assert median(switches) <= 180.0, "hysteresis takes two to three minutes; the grouping must not add to it"


def test_a_single_camera_is_known_to_stand_alone_soon_where_nobody_beside_it_is_in_doubt() -> None:
    chance = random.Random(5)
    town = a_town(chance)
    found = [
        play(Script.CAMERA, town, write_script(Script.CAMERA, town, chance), Policy(), OutagePolicy())
        for _ in range(15)
    ]
    assert median(seconds for one in found for seconds in one.detected_s) <= 200.0
    assert median(seconds for one in found for seconds in one.fell_s) <= 184.0
