"""What is looked at beyond the control, and when."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders.health import ANSWERED, GOOD, NOON, SILENT, UNREACHABLE, a_picture, a_reading, watch_through
from vms.access.consent import Consent, ConsentMode
from vms.core.ids import CameraId
from vms.health.fault import FaultKind
from vms.health.looks import may_keep_stills, wants_still, wants_stream
from vms.health.reading import StreamReading
from vms.health.watch import Watch
from vms.inventory.tier import Tier

BLACK = replace(GOOD, picture=a_picture(FaultKind.TOO_DARK))
BRIGHT_DAY = replace(GOOD, picture=a_picture())
DEAD = replace(GOOD, stream=StreamReading(playing=False, because="no_media"))
EVERY = 10
OFF_TURN = 4
"""Camera 1 is due at turns 9, 19, …"""


def after(*readings) -> Watch:
    return watch_through(*readings)[-1].watch


def test_a_healthy_stream_is_proven_on_the_slow_wheel():
    looks = [wants_stream(after(GOOD), ANSWERED, turn, EVERY) for turn in range(20)]
    assert [turn for turn, wanted in enumerate(looks) if wanted] == [9, 19]


def test_before_a_silent_control_is_believed_the_stream_is_asked():
    assert wants_stream(after(GOOD), SILENT, OFF_TURN, EVERY)
    assert wants_stream(after(GOOD, UNREACHABLE), SILENT, OFF_TURN, EVERY)


def test_a_camera_that_is_down_is_not_asked_for_its_stream_at_every_turn():
    assert not wants_stream(after(*[UNREACHABLE] * 3), SILENT, OFF_TURN, EVERY)


def test_a_camera_that_comes_back_is_asked_for_its_stream_at_once():
    assert wants_stream(after(*[UNREACHABLE] * 3), ANSWERED, OFF_TURN, EVERY)


def test_a_stream_in_doubt_is_looked_at_again_at_once():
    assert wants_stream(after(GOOD, DEAD), ANSWERED, OFF_TURN, EVERY)


def test_a_still_that_looks_bad_is_followed_by_another_at_once():
    assert not wants_still(after(BRIGHT_DAY), ANSWERED, OFF_TURN, EVERY)
    assert wants_still(after(BLACK), ANSWERED, OFF_TURN, EVERY)
    assert not wants_still(after(BLACK, BLACK), ANSWERED, OFF_TURN, EVERY), "decided: the slow wheel is enough"
    assert wants_still(after(BLACK, BLACK, BRIGHT_DAY), ANSWERED, OFF_TURN, EVERY), "and again when it gets better"


def test_a_silent_device_is_not_asked_for_pictures():
    assert not wants_still(after(BLACK), SILENT, 9, EVERY)


def test_a_picture_fault_left_from_before_a_restart_waits_for_the_slow_wheel():
    watch = replace(after(GOOD), open_faults=after(BLACK, BLACK).open_faults)
    assert not wants_still(watch, ANSWERED, OFF_TURN, EVERY)
    assert wants_still(watch, ANSWERED, 9, EVERY)


def test_a_look_at_nothing_wants_nothing_more():
    assert not wants_still(after(a_reading()), ANSWERED, OFF_TURN, EVERY)


@pytest.mark.parametrize(
    ("tier", "mode", "more", "kept"),
    [
        (Tier.GOVERNMENT, None, {}, True),
        (Tier.COMMUNITY, None, {}, True),
        (Tier.HOUSEHOLD, None, {}, False),
        (Tier.HOUSEHOLD, ConsentMode.ALWAYS, {}, True),
        (Tier.UNIT, ConsentMode.NEAR_INCIDENT, {}, False),
        (Tier.UNIT, ConsentMode.NEVER, {}, False),
        (Tier.UNIT, ConsentMode.ALWAYS, {"withdrawn_at": NOON}, False),
        (Tier.UNIT, ConsentMode.ALWAYS, {"paused_until": NOON + timedelta(hours=1)}, False),
        (Tier.UNIT, ConsentMode.ALWAYS, {"paused_until": NOON - timedelta(hours=1)}, True),
    ],
)
def test_stills_are_kept_only_where_the_owner_has_nothing_against_it(tier, mode, more, kept):
    consent = mode and Consent(camera_id=CameraId(1), mode=mode, given_at=NOON, **more)
    assert may_keep_stills(tier, consent, NOON) is kept
