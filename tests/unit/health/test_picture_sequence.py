"""A short sequence: frozen, jittering, turned away."""

from itertools import pairwise

import cv2
import numpy as np
import pytest

from tests.builders.pictures import HEIGHT_PX, WIDTH_PX, Picture, a_street, jpeg
from vms.health.picture.sequence import diagnose_sequence
from vms.media.diagnosis.decode import decode
from vms.media.diagnosis.steps import step_between


def kinds(pictures: list[Picture], quality: int = 85) -> set[str]:
    decoded = [decode(jpeg(picture, quality)) for picture in pictures]
    steps = [step_between(one, two) for one, two in pairwise(decoded)]
    return {finding.kind.value for finding in diagnose_sequence(steps)}


def moved(picture: Picture, right_px: float, down_px: float) -> Picture:
    way = np.array([[1, 0, right_px], [0, 1, down_px]], dtype=np.float32)
    size = (WIDTH_PX, HEIGHT_PX)
    return np.asarray(cv2.warpAffine(picture, way, size, borderMode=cv2.BORDER_REFLECT), dtype=np.uint8)


def test_a_street_where_people_walk_has_nothing() -> None:
    assert kinds([a_street(seed) for seed in range(6)]) == set()


def test_a_picture_that_repeats_is_frozen_though_its_clock_goes_on() -> None:
    pictures = []
    for second in range(5):
        picture = a_street(1)
        cv2.putText(picture, f"12:00:0{second}", (20, 45), cv2.FONT_HERSHEY_SIMPLEX, 1.2, (255, 255, 255), 3)
        pictures.append(picture)
    assert kinds(pictures) == {"frozen"}


def test_two_pictures_are_frozen_only_where_not_one_pixel_differs() -> None:
    assert kinds([a_street(1), a_street(1)]) == {"frozen"}
    nearly = a_street(1)
    nearly[300:310, 400:410] += 3
    assert kinds([a_street(1), nearly]) == set()


def test_a_pole_in_the_wind_jitters() -> None:
    ways = [(0, 0), (14, 3), (-10, -4), (12, 0), (-13, 5), (9, -6)]
    assert kinds([moved(a_street(seed), *way) for seed, way in enumerate(ways)]) == {"jitter"}


def test_a_slow_pan_is_no_jitter() -> None:
    assert kinds([moved(a_street(seed), 12 * seed, 0) for seed in range(6)]) == set()


@pytest.mark.parametrize("seed", range(3))
def test_a_steady_pan_ends_in_another_scene(seed: int) -> None:
    wide = np.concatenate([a_street(seed, street=1), a_street(seed, street=2)], axis=1)
    step = round(0.06 * WIDTH_PX)
    pan = [np.ascontiguousarray(wide[:, n * step : n * step + WIDTH_PX]) for n in range(8)]
    assert kinds(pan) == {"scene_change"}


def test_a_camera_that_turns_away_shows_another_scene() -> None:
    assert kinds([*(a_street(seed) for seed in range(3)), *(a_street(seed, street=7) for seed in range(3))]) == {
        "scene_change"
    }


def test_no_pictures_and_one_picture_say_nothing() -> None:
    assert kinds([]) == kinds([a_street(1)]) == set()
