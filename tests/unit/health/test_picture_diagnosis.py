"""What the statistics of one still are judged to be."""

import dataclasses
import math
from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders.health import NOON
from tests.builders.pictures import (
    FAULTY,
    WITHOUT_NORMAL,
    a_baseline,
    a_street,
    by_night,
    faded,
    statistics_of,
    with_caption,
)
from vms.health.fault import FaultKind
from vms.health.picture.baseline import Baseline, Light, learn
from vms.health.picture.diagnose import diagnose
from vms.health.picture.finding import LEAST_SCORE, MOST_SCORE, Judgement, Thresholds, adjust, grade
from vms.health.picture.statistics import PictureStatistics
from vms.media.diagnosis.measure import measure_image
from vms.media.diagnosis.writing import Region

NORMAL = a_baseline()
STREET = statistics_of(a_street(1))


def kinds(statistics: PictureStatistics, baseline: Baseline | None = None, light: Light | None = None) -> set[str]:
    return {finding.kind.value for finding in diagnose(statistics, baseline, light=light)}


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("quality", [60, 90])
def test_an_ordinary_street_has_no_finding(seed: int, quality: int) -> None:
    statistics = statistics_of(a_street(seed), quality)
    assert kinds(statistics) == set()
    assert kinds(statistics, NORMAL) == set()


@pytest.mark.parametrize("kind", FAULTY)
def test_each_fault_is_told_against_the_cameras_own_normal(kind: str) -> None:
    assert kinds(statistics_of(FAULTY[kind](a_street(1))), NORMAL) == {kind}


@pytest.mark.parametrize("kind", WITHOUT_NORMAL)
def test_strong_faults_are_told_without_any_normal(kind: str) -> None:
    assert kinds(statistics_of(FAULTY[kind](a_street(1)))) == {kind}


@pytest.mark.parametrize("kind", sorted(set(FAULTY) - set(WITHOUT_NORMAL)))
def test_what_only_the_own_normal_can_tell_is_not_guessed(kind: str) -> None:
    assert kind not in kinds(statistics_of(FAULTY[kind](a_street(1)))) or kind == "color_cast"


@pytest.mark.parametrize("kind", FAULTY)
def test_a_finding_names_its_value_and_its_limit(kind: str) -> None:
    finding = diagnose(statistics_of(FAULTY[kind](a_street(1))), NORMAL)[0]
    assert 0.5 <= finding.score <= 1
    assert any(letter.isdigit() for letter in finding.because)


def test_an_infrared_night_is_normal_once_the_camera_has_shown_it() -> None:
    night = statistics_of(by_night(a_street(2)))
    assert kinds(night, learn(NORMAL, statistics_of(by_night(a_street(1))))) == set()


def test_grey_at_noon_is_a_fault_even_of_a_camera_that_is_grey_by_night() -> None:
    known = learn(NORMAL, statistics_of(by_night(a_street(1))))
    noon = statistics_of(FAULTY["mono"](a_street(2)))
    assert kinds(noon, known, Light.DAY) == {"mono"}


def test_a_bare_wall_is_not_blurred_where_bare_walls_are_normal() -> None:
    wall = [statistics_of(faded(FAULTY["blur"](a_street(seed)), 0.5)) for seed in range(3)]
    normal = learn(learn(Baseline(), wall[0]), wall[1])
    assert kinds(wall[2], normal) == set()


def test_a_black_picture_is_lost_signal_and_nothing_else() -> None:
    assert kinds(statistics_of(a_street(1) * 0), NORMAL) == {"signal_lost"}


def test_a_missing_caption_is_told_where_its_region_is_known() -> None:
    region = Region(left=0.0, top=0.0, width=0.8, height=0.11)
    assert kinds(measure_image(with_caption(a_street(1)), region).statistics) == set()
    assert kinds(measure_image(a_street(1) // 2 + 60, region).statistics) == {"osd_missing"}


def test_a_refused_finding_is_not_reported_again() -> None:
    statistics = statistics_of(FAULTY["blur"](a_street(1)))
    (finding,) = diagnose(statistics, NORMAL)
    weaker = dataclasses.replace(finding, score=0.6)
    calmer = adjust(Thresholds(), finding.kind, Judgement.FALSE, weaker.score, NOON)
    assert calmer.of(finding.kind) > weaker.score
    assert calmer.of(FaultKind.NOISE) == Thresholds().of(FaultKind.NOISE)


@given(st.lists(st.tuples(st.sampled_from((Judgement.TRUE, Judgement.FALSE)), st.floats(0, 1)), max_size=60))
def test_no_run_of_verdicts_makes_a_camera_blind_or_hysterical(verdicts: list[tuple[Judgement, float]]) -> None:
    thresholds = Thresholds()
    for judgement, score in verdicts:
        thresholds = adjust(thresholds, FaultKind.BLUR, judgement, score, NOON)
        assert LEAST_SCORE <= thresholds.of(FaultKind.BLUR) <= MOST_SCORE


def test_what_was_accepted_is_silent_beyond_doubt_and_still_explains_others() -> None:
    black = statistics_of(np.zeros_like(a_street(1)))
    (finding,) = diagnose(black, NORMAL)
    accepted = adjust(Thresholds(), finding.kind, Judgement.ACCEPTED, finding.score, NOON)
    assert finding.score == 1 and diagnose(black, NORMAL, accepted) == ()
    assert adjust(accepted, finding.kind, Judgement.FALSE, 0.9, NOON).accepted == {finding.kind}
    assert adjust(accepted, finding.kind, Judgement.TRUE, 0.9, NOON).accepted == frozenset()


def test_what_no_threshold_can_silence_rests_longer_with_each_false_word_and_ends_with_a_true_one() -> None:
    def false(known: Thresholds, now: datetime, score: float = 1.0) -> Thresholds:
        return adjust(known, FaultKind.FROZEN, Judgement.FALSE, score, now)

    def rests(known: Thresholds, now: datetime) -> bool:
        return known.at(now).of(FaultKind.FROZEN) > 1

    once = false(Thresholds(), NOON)
    day = timedelta(days=1)
    assert rests(once, NOON + day / 2) and not rests(once, NOON + day)
    assert once.at(NOON).noticed_from(FaultKind.FROZEN) <= MOST_SCORE, "it still explains others"
    twice = false(once, NOON + day)
    assert rests(twice, NOON + 2.9 * day) and not rests(twice, NOON + 3 * day)
    often = twice
    for _ in range(9):
        often = false(often, NOON)
    assert rests(often, NOON + 29 * day) and not rests(often, NOON + 30 * day)
    assert not rests(adjust(often, FaultKind.FROZEN, Judgement.TRUE, 1.0, NOON), NOON)
    assert not rests(false(Thresholds(), NOON, 0.9), NOON), "a threshold does for that one"
    assert adjust(often, FaultKind.SCENE_CHANGE, Judgement.ACCEPTED, 1.0, NOON) == Thresholds(scores=often.scores)


def test_another_view_that_is_accepted_is_watched_and_takes_nothing_over_from_the_old_one() -> None:
    wall = adjust(Thresholds(), FaultKind.LOW_CONTRAST, Judgement.ACCEPTED, 1.0, NOON)
    turned = adjust(wall, FaultKind.SCENE_CHANGE, Judgement.ACCEPTED, 1.0, NOON)
    assert turned == Thresholds()


def test_grades_work_in_both_directions() -> None:
    assert grade(10, 10, 20) == grade(10, 10, 5) == 0.5
    assert grade(30, 10, 20) == grade(1, 10, 5) == 1
    assert grade(0, 10, 20) == 0


numbers = st.floats(-1e6, 1e6)


@given(st.data())
def test_no_figures_make_the_judge_stumble(data: st.DataObject) -> None:
    fields = {f.name for f in dataclasses.fields(PictureStatistics) if f.type in (float, "float")}
    names = data.draw(st.lists(st.sampled_from(sorted(fields)), max_size=6))
    strange = dataclasses.replace(STREET, **{name: data.draw(numbers) for name in names})
    for finding in (*diagnose(strange), *diagnose(strange, NORMAL)):
        assert 0 <= finding.score <= 1
        assert not math.isnan(finding.score)
