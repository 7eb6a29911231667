"""The watch over a camera: who is woken, and when."""

from dataclasses import replace
from datetime import timedelta
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders.health import (
    ANSWERED,
    CONNECTED,
    DEAD,
    GOOD,
    NO_ANSWER,
    NO_LOGIN,
    NOON,
    PLAYING,
    POLICY,
    REFUSED,
    UNREACHABLE,
    a_picture,
    a_reading,
    a_watch,
    watch_through,
)
from vms.health.fault import FaultKind, Severity
from vms.health.judge import name_faults
from vms.health.layer import Layer
from vms.health.policy import Policy, Votes
from vms.health.reading import Reading
from vms.health.status import Status
from vms.health.watch import Step, forgive

SILENT_BUT_PLAYING = replace(NO_ANSWER, stream=PLAYING)
STREAM_DEAD = a_reading(network=CONNECTED, control=ANSWERED, stream=DEAD)
BLACK = replace(GOOD, picture=a_picture(FaultKind.TOO_DARK))
BRIGHT_DAY = replace(GOOD, picture=a_picture())


def statuses(steps: list[Step]) -> list[Status]:
    return [taken.watch.status for taken in steps]


def opened(steps: list[Step]) -> list[list[FaultKind]]:
    return [[fault.kind for fault in taken.opened] for taken in steps]


def closed(steps: list[Step]) -> list[list[FaultKind]]:
    return [[fault.kind for fault in taken.closed] for taken in steps]


def test_a_camera_nobody_looked_at_is_unknown():
    assert a_watch().status is Status.UNKNOWN


def test_the_first_good_look_makes_it_up():
    (taken,) = watch_through(GOOD)
    assert taken.flip is not None
    assert (taken.flip.from_status, taken.flip.to_status, taken.flip.at) == (Status.UNKNOWN, Status.UP, NOON)


def test_one_bad_reading_wakes_nobody():
    steps = watch_through(GOOD, UNREACHABLE, GOOD)
    assert statuses(steps) == [Status.UP, Status.SUSPECT, Status.UP]
    assert opened(steps) == [[], [], []]


def test_three_bad_readings_in_a_row_make_it_down():
    steps = watch_through(GOOD, UNREACHABLE, UNREACHABLE, UNREACHABLE)
    assert statuses(steps) == [Status.UP, Status.SUSPECT, Status.SUSPECT, Status.DOWN]
    assert opened(steps) == [[], [], [], [FaultKind.UNREACHABLE]]
    assert steps[-1].watch.because == "unreachable: refused"


def test_causes_may_change_on_the_way_down():
    steps = watch_through(GOOD, NO_ANSWER, UNREACHABLE, UNREACHABLE)
    assert statuses(steps)[-1] is Status.DOWN
    assert opened(steps)[-1] == [FaultKind.UNREACHABLE]


def test_one_good_look_brings_it_back_and_closes_the_fault():
    steps = watch_through(UNREACHABLE, UNREACHABLE, UNREACHABLE, GOOD)
    assert statuses(steps) == [Status.SUSPECT, Status.SUSPECT, Status.DOWN, Status.UP]
    assert closed(steps)[-1] == [FaultKind.UNREACHABLE]
    assert steps[-1].watch.open_faults == ()


def test_a_camera_that_is_down_stays_down_without_news():
    steps = watch_through(*[UNREACHABLE] * 6)
    assert [taken.is_news for taken in steps] == [True, False, True, False, False, False]


def test_a_poll_that_finds_nothing_new_writes_nothing():
    steps = watch_through(*[GOOD] * 20)
    assert [taken.is_news for taken in steps] == [True] + [False] * 19
    assert steps[-1].watch is steps[-2].watch, "the watch of a healthy camera comes to rest"


def test_a_reading_of_nothing_changes_nothing():
    steps = watch_through(GOOD, a_reading())
    assert steps[1].watch is steps[0].watch


def test_a_key_frame_is_proof_of_life_whatever_the_control_says():
    steps = watch_through(GOOD, *[SILENT_BUT_PLAYING] * 5)
    assert set(statuses(steps)) == {Status.UP}
    assert FaultKind.NO_ANSWER in {fault.kind for fault in steps[-1].watch.open_faults}


def test_a_closed_control_port_does_not_count_either_while_video_plays():
    steps = watch_through(GOOD, *[a_reading(network=REFUSED, stream=PLAYING)] * 5)
    assert set(statuses(steps)) == {Status.UP}


def test_three_lost_proofs_of_the_stream_are_its_fault_and_do_not_make_down_what_answers():
    steps = watch_through(GOOD, *[STREAM_DEAD] * 3)
    assert statuses(steps) == [Status.UP, Status.SUSPECT, Status.SUSPECT, Status.SUSPECT]
    assert opened(steps)[-1] == [FaultKind.STREAM_DEAD]
    back = watch_through(replace(GOOD, stream=PLAYING), watch=steps[-1].watch)
    assert (statuses(back), closed(back)) == ([Status.UP], [[FaultKind.STREAM_DEAD]])


def test_a_stream_that_stays_dead_takes_the_camera_down_though_its_control_answers():
    steps = watch_through(GOOD, *[STREAM_DEAD] * 6)
    assert statuses(steps)[-2:] == [Status.SUSPECT, Status.DOWN]
    assert steps[-1].watch.because == "stream_dead: no_media"


def test_where_nothing_but_the_stream_speaks_three_lost_proofs_decide():
    alone = a_reading(stream=DEAD)
    steps = watch_through(a_reading(stream=PLAYING), alone, alone, alone)
    assert statuses(steps)[-1] is Status.DOWN
    silent = watch_through(GOOD, *[replace(NO_ANSWER, stream=DEAD)] * 3)
    assert statuses(silent)[-1] is Status.DOWN


def test_an_answer_of_the_control_does_not_hide_a_dead_stream():
    steps = watch_through(*[STREAM_DEAD] * 6, GOOD, GOOD)
    assert statuses(steps)[-2:] == [Status.DOWN, Status.DOWN]
    back = watch_through(replace(GOOD, stream=PLAYING), watch=steps[-1].watch)
    assert statuses(back) == [Status.UP]


def test_a_cause_that_gave_way_to_another_is_closed():
    steps = watch_through(*[UNREACHABLE] * 3, STREAM_DEAD)
    assert (opened(steps)[-1], closed(steps)[-1]) == ([FaultKind.STREAM_DEAD], [FaultKind.UNREACHABLE])


def test_a_black_picture_opens_a_fault_at_the_second_look_and_leaves_the_camera_up():
    steps = watch_through(GOOD, BLACK, BLACK)
    assert set(statuses(steps)) == {Status.UP}
    assert opened(steps) == [[], [], [FaultKind.TOO_DARK]]


def test_looks_without_a_picture_neither_help_nor_harm_its_vote():
    steps = watch_through(BLACK, GOOD, GOOD, GOOD, BLACK)
    assert opened(steps)[-1] == [FaultKind.TOO_DARK]


def test_a_picture_fault_closes_when_most_looks_are_good_again():
    steps = watch_through(BLACK, BLACK, BRIGHT_DAY, BRIGHT_DAY)
    assert closed(steps) == [[], [], [], [FaultKind.TOO_DARK]]


def test_what_may_pass_for_a_few_looks_needs_more_of_them():
    covered = replace(GOOD, picture=a_picture(FaultKind.OCCLUSION))
    lorry = watch_through(*[covered] * 3, BRIGHT_DAY, BRIGHT_DAY)
    assert opened(lorry) == [[]] * 5
    assert opened(watch_through(*[covered] * 4))[-1] == [FaultKind.OCCLUSION]


def test_what_a_worse_fault_hides_stays_open_behind_it():
    blurred, lost = (replace(GOOD, picture=a_picture(kind)) for kind in (FaultKind.BLUR, FaultKind.SIGNAL_LOST))
    steps = watch_through(*[blurred] * 3, *[lost] * 5)
    assert closed(steps) == [[]] * 8
    assert {fault.kind for fault in steps[-1].watch.open_faults} == {FaultKind.BLUR, FaultKind.SIGNAL_LOST}
    healed = watch_through(*[BRIGHT_DAY] * 3, watch=steps[-1].watch)
    assert healed[-1].watch.open_faults == ()


def test_a_fault_keeps_the_worst_score_so_far_and_tells_only_when_it_is_clearly_worse():
    looks = [replace(GOOD, picture=a_picture(FaultKind.TOO_DARK, score=score)) for score in (0.6, 0.6, 0.62, 0.8, 0.7)]
    steps = watch_through(*looks)
    assert [[fault.score for fault in taken.worsened] for taken in steps] == [[], [], [], [0.8], []]
    assert [taken.is_news for taken in steps][-3:] == [False, True, False]
    assert [fault.score for fault in steps[-1].watch.open_faults] == [0.8]


def test_a_kind_that_a_look_cannot_tell_is_neither_voted_on_nor_closed():
    frozen = replace(GOOD, picture=a_picture(FaultKind.FROZEN))
    steps = watch_through(frozen, *[BRIGHT_DAY] * 4, frozen, BRIGHT_DAY)
    assert opened(steps) == [[], [], [], [], [], [FaultKind.FROZEN], []]
    assert closed(steps) == [[]] * 7


def test_a_fault_that_somebody_called_false_is_gone_and_must_be_voted_for_anew():
    steps = watch_through(BLACK, BLACK)
    forgiven = forgive(steps[-1].watch, frozenset({FaultKind.TOO_DARK}))
    assert (forgiven.open_faults, forgiven.votes) == ((), ())
    assert opened(watch_through(BLACK, BLACK, watch=forgiven)) == [[], [FaultKind.TOO_DARK]]


def test_one_view_with_two_names_in_turn_is_one_fault_until_it_is_gone():
    turned = replace(GOOD, picture=a_picture(FaultKind.SCENE_CHANGE))
    covered = replace(GOOD, picture=a_picture(FaultKind.OCCLUSION))
    steps = watch_through(*[turned] * 4, *[covered] * 6, *[turned] * 6, *[BRIGHT_DAY] * 3)
    assert list(chain(*opened(steps))) == [FaultKind.SCENE_CHANGE]
    assert list(chain(*closed(steps))) == [FaultKind.SCENE_CHANGE]
    assert closed(steps)[-1] == [FaultKind.SCENE_CHANGE], "three looks without either end it"
    after = watch_through(*[covered] * 6, watch=steps[-1].watch)
    assert list(chain(*opened(after))) == [FaultKind.OCCLUSION]


def test_the_layer_of_the_picture_names_what_stands_until_it_is_closed():
    steps = watch_through(BLACK, BLACK, BRIGHT_DAY, BRIGHT_DAY)
    assert [dict(taken.watch.layers)[Layer.PICTURE] for taken in steps] == ["too_dark"] * 3 + ["ok"]
    assert closed(steps)[-1] == [FaultKind.TOO_DARK]


def test_a_single_black_picture_opens_nothing():
    steps = watch_through(BRIGHT_DAY, BLACK, BRIGHT_DAY, BRIGHT_DAY)
    assert opened(steps) == [[], [], [], []]


def test_a_refused_login_is_told_at_once_and_stays_until_a_login_works():
    steps = watch_through(GOOD, replace(GOOD, stream=NO_LOGIN), GOOD, GOOD, replace(GOOD, stream=PLAYING))
    assert set(statuses(steps)) == {Status.UP}
    assert opened(steps)[1] == [FaultKind.LOGIN_REFUSED]
    assert closed(steps) == [[], [], [], [], [FaultKind.LOGIN_REFUSED]]


def test_a_clock_that_gets_worse_is_told_again():
    off = a_reading(network=CONNECTED, control=replace(ANSWERED, clock_offset_s=20.0))
    far_off = a_reading(network=CONNECTED, control=replace(ANSWERED, clock_offset_s=-28_800.0))
    steps = watch_through(off, off, far_off)
    assert [[fault.severity for fault in taken.opened] for taken in steps] == [[], [Severity.MINOR], [Severity.MAJOR]]
    assert [fault.because for fault in steps[-1].watch.open_faults] == ["-28800 s: time_zone"]


def test_small_steps_of_the_clock_are_no_news():
    def at_offset(offset_s: float) -> Reading:
        return a_reading(network=CONNECTED, control=replace(ANSWERED, clock_offset_s=offset_s))

    steps = watch_through(at_offset(0.1), at_offset(0.9), at_offset(1.3))
    assert [taken.is_news for taken in steps] == [True, False, True]
    assert steps[-1].watch.clock_offset_s == 1.3


def test_above_a_network_that_failed_nothing_is_known():
    steps = watch_through(replace(BRIGHT_DAY, stream=PLAYING), UNREACHABLE)
    assert dict(steps[0].watch.layers) == {layer: "ok" for layer in Layer if layer is not Layer.RECORDING}
    assert dict(steps[1].watch.layers) == {Layer.NETWORK: "unreachable"}


def test_after_a_restart_an_open_fault_is_not_opened_twice():
    before = watch_through(*[UNREACHABLE] * 3)[-1].watch
    restarted = replace(a_watch(), open_faults=before.open_faults)
    steps = watch_through(*[UNREACHABLE] * 3, GOOD, watch=restarted)
    assert opened(steps) == [[], [], [], []]
    assert closed(steps)[-1] == [FaultKind.UNREACHABLE]


def test_a_camera_that_falls_often_must_hold_longer_before_it_is_believed():
    fall_and_rise = [UNREACHABLE, GOOD]
    steps = watch_through(GOOD, *fall_and_rise * 3, UNREACHABLE, GOOD, GOOD)
    assert statuses(steps)[-3:] == [Status.SUSPECT, Status.SUSPECT, Status.UP]


def test_after_a_quiet_hour_old_falls_are_forgiven():
    steps = watch_through(GOOD, *[UNREACHABLE, GOOD] * 3, *[GOOD] * 61, UNREACHABLE, GOOD)
    assert statuses(steps)[-2:] == [Status.SUSPECT, Status.UP]


def test_votes_that_cannot_be_counted_are_refused():
    with pytest.raises(ValueError, match="3 of 2"):
        Votes(needed=3, of=2)


ANY_READING = st.sampled_from(
    [
        GOOD,
        UNREACHABLE,
        NO_ANSWER,
        STREAM_DEAD,
        SILENT_BUT_PLAYING,
        BLACK,
        BRIGHT_DAY,
        a_reading(),
        a_reading(stream=DEAD),
    ]
)


@given(st.lists(ANY_READING, max_size=60))
def test_flips_join_up_and_are_bounded(readings):
    steps = watch_through(*readings)
    flips = [taken.flip for taken in steps if taken.flip]
    last = Status.UNKNOWN
    for flip in flips:
        assert flip.from_status is last
        assert flip.to_status is not last
        last = flip.to_status
    assert not steps or steps[-1].watch.status is last
    assert len(flips) <= 26, "an hour of minutely looks"


@given(st.lists(ANY_READING, max_size=60))
def test_open_faults_are_what_was_opened_and_not_closed(readings):
    standing = set()
    for taken in watch_through(*readings):
        standing -= set(taken.closed)
        standing |= set(taken.opened)
        assert standing == set(taken.watch.open_faults)
        assert len({fault.kind for fault in standing}) == len(standing), "one open fault of a kind"


@given(st.lists(ANY_READING, max_size=40))
def test_a_camera_is_down_only_after_three_failed_looks_in_a_row(readings):
    steps = watch_through(*readings)
    for i, taken in enumerate(steps):
        if taken.flip and taken.flip.to_status is Status.DOWN:
            bad = [j for j in range(i + 1) if name_faults(readings[j], POLICY)]
            assert len(bad) >= 3


@given(st.lists(ANY_READING, max_size=30), st.integers(1, 5))
def test_enough_bad_looks_always_end_in_down(readings, down_after):
    policy = Policy(down_after=down_after)
    steps = watch_through(*readings, *[UNREACHABLE] * down_after, policy=policy)
    assert steps[-1].watch.status is Status.DOWN
    assert FaultKind.UNREACHABLE in {fault.kind for fault in steps[-1].watch.open_faults}


@given(st.lists(ANY_READING, max_size=30))
def test_enough_good_looks_always_end_in_up_without_faults_against_life(readings):
    alive = replace(GOOD, stream=PLAYING)
    steps = watch_through(*readings, *[alive] * POLICY.flap_most)
    assert steps[-1].watch.status is Status.UP
    assert not {FaultKind.UNREACHABLE, FaultKind.NO_ANSWER, FaultKind.STREAM_DEAD} & {
        fault.kind for fault in steps[-1].watch.open_faults
    }


def test_a_flip_carries_when_it_happened():
    steps = watch_through(GOOD, UNREACHABLE)
    assert steps[1].flip is not None
    assert steps[1].flip.at == NOON + timedelta(minutes=1)
    assert steps[1].watch.since == steps[1].flip.at
