"""Frozen or only still: what is suspected, and what a burst tells. And when bursts are worth their price."""

from datetime import timedelta

import cv2
import numpy as np

from tests.builders.health import GOOD, NOON, a_picture, a_reading, a_watch, watch_through
from tests.builders.pictures import Picture, a_street, by_night, jpeg, sized, statistics_of
from vms.core.geo import Wgs84
from vms.health.fault import FaultKind
from vms.health.pace import phase_of
from vms.health.picture.baseline import Light
from vms.health.picture.daylight import light_by_sun
from vms.health.picture.finding import Finding, Thresholds
from vms.health.picture.frozen import QUIET_FOR, doubt_after, is_believed, is_worth_a_burst, judge_burst, looks_alike
from vms.health.picture.motion import wants_burst
from vms.media.burst import clock_moves, steps_of
from vms.media.diagnosis.decode import decode


def at_second(image: Picture, second: int) -> Picture:
    written = image.copy()
    cv2.putText(written, f"12:00:{second:02}", (20, 50), cv2.FONT_HERSHEY_SIMPLEX, 1.4, (255, 255, 255), 3)
    return written


def noisy(image: Picture, seed: int, levels: float) -> Picture:
    return sized(image + np.random.default_rng(seed).normal(0, levels, image.shape), 960, 540)


def told(pictures: list[Picture]) -> Finding | None:
    decoded = [decode(jpeg(picture)) for picture in pictures]
    moves = clock_moves(decoded[0], decoded[-1])
    return judge_burst(steps_of(decoded), clock_moves=moves, thresholds=Thresholds())


def test_stills_of_a_street_where_people_walk_do_not_look_alike():
    one, two = statistics_of(a_street(1)), statistics_of(a_street(2))
    assert not looks_alike(one.cell_luma, two.cell_luma)
    clock = statistics_of(at_second(a_street(1), 7))
    assert looks_alike(one.cell_luma, clock.cell_luma), "the clock is no life"


def test_a_picture_that_stands_still_with_its_clock_is_frozen():
    found = told([at_second(a_street(1), 7)] * 3)
    assert found is not None and "stands still too" in found.because


def test_a_picture_that_stands_still_under_a_clock_that_goes_on_is_suspected_and_believed_when_it_lasts():
    found = told([at_second(a_street(1), second) for second in (7, 9, 11)])
    assert found is not None and "goes on" in found.because
    doubt = None
    believed = []
    for minute in (0, 10, 20, 30, 40):
        now = NOON + timedelta(minutes=minute)
        doubt = doubt_after(doubt, now)
        believed.append(is_believed(doubt, now))
    assert believed == [False, False, False, True, True]
    late = NOON + timedelta(hours=1)
    assert not is_believed(doubt_after(doubt_after(None, NOON), late), late), "two bursts are too few"


def test_a_still_scene_at_night_lives_by_its_noise():
    scene = by_night(a_street(1))
    assert told([at_second(noisy(scene, seed, 3.0), seed) for seed in (1, 2, 3)]) is None


def test_a_scene_that_hardly_changes_is_not_frozen_while_its_clock_goes_on():
    scene = by_night(a_street(1))
    nearly = [noisy(scene, seed, 0.4) for seed in (1, 2, 3)]
    assert told([at_second(picture, 2 * number) for number, picture in enumerate(nearly)]) is None


def test_after_a_burst_showed_life_no_other_is_spent_for_a_while_unless_it_is_known_to_be_frozen():
    soon, late = NOON + QUIET_FOR / 2, NOON + QUIET_FOR
    assert is_worth_a_burst(quiet_at=None, is_open=False, now=NOON)
    assert not is_worth_a_burst(quiet_at=NOON, is_open=False, now=soon)
    assert is_worth_a_burst(quiet_at=NOON, is_open=True, now=soon)
    assert is_worth_a_burst(quiet_at=NOON, is_open=False, now=late)


def test_a_stream_is_looked_at_once_a_day_at_its_own_time_and_each_time_while_it_jitters():
    day_s, window_s = 86_400.0, 600.0
    midnight = NOON.replace(hour=0)
    looks = [midnight + timedelta(seconds=turn * window_s) for turn in range(144)]
    due = [now for now in looks if wants_burst(a_watch(), now, every_s=day_s, window_s=window_s)]
    assert len(due) == 1
    assert timedelta(0) <= due[0] - midnight - timedelta(seconds=phase_of(1) * day_s) < timedelta(seconds=window_s)
    jitters = watch_through(GOOD, a_reading(picture=a_picture(FaultKind.JITTER)))
    assert all(wants_burst(jitters[-1].watch, now, every_s=day_s, window_s=window_s) for now in looks[:10])


def test_the_sun_tells_day_and_night_but_not_the_dusk_nor_where_nobody_knows_the_place():
    zhengzhou = Wgs84(113.63, 34.75)
    noon = NOON.replace(hour=4)
    assert light_by_sun(zhengzhou, noon) is Light.DAY
    assert light_by_sun(zhengzhou, noon + timedelta(hours=12)) is Light.NIGHT
    assert light_by_sun(Wgs84(-66.37, 34.75), noon) is Light.NIGHT, "on the other side of the earth"
    dusk = [light_by_sun(zhengzhou, noon + timedelta(minutes=minute)) for minute in range(0, 720, 5)]
    assert dusk.index(None) > dusk.index(Light.DAY)
    assert light_by_sun(None, noon) is None
