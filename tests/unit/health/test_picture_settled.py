"""A camera's normal is provisional until a person has seen it or it held for days; what speaks against it is named."""

import numpy as np
import pytest

from tests.builders.pictures import FAULTY, Picture, a_street, by_night, sized, statistics_of
from vms.health.fault import FaultKind
from vms.health.picture.baseline import Baseline, Light, LightBaseline, learn
from vms.health.picture.learning import LEAST_PICTURES
from vms.health.picture.settled import SETTLED_DAYS, Sureness, doubts_about, part_of_day, sureness_of

MORNING, NOON = part_of_day(5), part_of_day(6)


def normal_of(picture: Picture, light: Light = Light.DAY) -> LightBaseline:
    return learn(Baseline(), statistics_of(picture), light).lights[light]


def doubted(normal: LightBaseline, light: Light = Light.DAY) -> set[FaultKind]:
    return {doubt.kind for doubt in doubts_about(normal, light)}


def test_a_normal_is_provisional_until_it_held_for_a_week_and_at_more_than_one_time_of_day():
    def sure(days: int, parts: int, pictures: int = LEAST_PICTURES) -> Sureness:
        return sureness_of(pictures=pictures, days=days, parts=parts, is_confirmed=False)

    assert sure(0, 0, LEAST_PICTURES - 1) is Sureness.UNKNOWN
    assert sure(SETTLED_DAYS - 1, MORNING | NOON) is Sureness.PROVISIONAL
    assert sure(10 * SETTLED_DAYS, MORNING) is Sureness.PROVISIONAL
    assert sure(SETTLED_DAYS, MORNING | NOON) is Sureness.SETTLED


def test_a_person_s_word_is_enough():
    assert sureness_of(pictures=1, days=1, parts=MORNING, is_confirmed=True) is Sureness.CONFIRMED


def test_the_hours_of_a_day_are_four_parts():
    assert len({part_of_day(hour) for hour in range(24)}) == 4
    assert part_of_day(0) == part_of_day(5) != part_of_day(6)


@pytest.mark.parametrize("kind", ["mono", "low_contrast", "color_cast", "too_dark", "blur"])
def test_a_normal_that_an_ill_camera_would_have_taught_is_doubted(kind):
    assert FaultKind(kind) in doubted(normal_of(FAULTY[kind](a_street())))


def test_a_normal_with_one_bare_piece_may_have_something_before_the_lens():
    covered = a_street()
    covered[:, : covered.shape[1] * 6 // 10] = (60, 62, 58)
    (doubt,) = (one for one in doubts_about(normal_of(covered), Light.DAY) if one.kind is FaultKind.OCCLUSION)
    assert "bare and of one tone" in doubt.because


def test_an_ordinary_street_by_day_and_by_night_is_not_doubted():
    assert doubted(normal_of(a_street())) == set()
    assert doubted(normal_of(by_night(a_street()), Light.NIGHT), Light.NIGHT) == set()
    dim = sized(np.asarray(by_night(a_street())) * 0.5, *a_street().shape[1::-1])
    assert FaultKind.TOO_DARK not in doubted(normal_of(dim, Light.NIGHT), Light.NIGHT)
