"""Figures are exact ratios; what cannot be told says why; the score carries only what could be told."""

import pytest

from vms.assessment.figure import METHODS, FigureKind, Ratio, Tally, figure
from vms.assessment.profile import USUAL, Aim, Profile, figures, ranks, score
from vms.core.errors import BadInput

ONLINE, INTACT, MTTR = FigureKind.ONLINE_RATE, FigureKind.INTACT_RATE, FigureKind.MTTR


def test_every_kind_has_a_method_and_the_usual_profile_knows_it() -> None:
    assert set(METHODS) == set(FigureKind) == set(USUAL.aims)
    assert sum(aim.weight for aim in USUAL.aims.values()) == 100


def test_tallies_of_groups_add_up() -> None:
    east = Tally(cameras=2, ratios={ONLINE: Ratio(90, 100)}, time_us={"notice": 5})
    west = Tally(cameras=1, ratios={ONLINE: Ratio(1, 50), MTTR: Ratio(7, 1)}, time_us={"notice": 1, "outage": 2})
    both = east + west
    assert (both.cameras, both.ratios[ONLINE], both.ratios[MTTR]) == (3, Ratio(91, 150), Ratio(7, 1))
    assert both.time_us == {"notice": 6, "outage": 2}


def test_a_figure_that_cannot_be_told_says_why() -> None:
    empty = figure(ONLINE, Tally(), 0.98)
    assert (empty.value, empty.met, empty.because) == (None, None, "no camera was watched in the period")
    told = figure(ONLINE, Tally(untold={ONLINE: "the flips of that time are forgotten"}), 0.98)
    assert told.because == "the flips of that time are forgotten"


def test_times_are_seconds_and_less_of_them_is_better() -> None:
    hours_4 = figure(MTTR, Tally(ratios={MTTR: Ratio(8 * 3600 * 10**6, 2)}), 5 * 3600.0)
    assert (hours_4.value, hours_4.met) == (4 * 3600.0, True)


def test_the_score_leaves_out_what_could_not_be_told() -> None:
    profile = Profile(name="p", aims={ONLINE: Aim(0.8, 10), INTACT: Aim(0.5, 30), MTTR: Aim(10.0, 60)})
    tally = Tally(ratios={ONLINE: Ratio(4, 10), INTACT: Ratio(9, 10)})
    made = score(figures(tally, profile), profile)
    assert made.points == pytest.approx(100 * (10 * 0.5 + 30) / 40)
    assert (made.counted, made.left_out) == ((ONLINE, INTACT), (MTTR,))
    assert score(figures(Tally(), profile), profile).points is None


def test_equals_share_a_rank() -> None:
    assert ranks([90.0, None, 95.0, 90.0, 80.0]) == (2, None, 1, 2, 4)


def test_a_profile_with_impossible_targets_is_refused_with_its_place() -> None:
    with pytest.raises(BadInput, match="between 0 and 1") as refused:
        Profile(name="p", aims={ONLINE: Aim(98.0, 10)})
    assert refused.value.where == "aims.online_rate.target"
    with pytest.raises(BadInput, match="needs a target"):
        Profile(name="p", aims={ONLINE: Aim(None, 10)})
