"""Whose fault a silence is: ours where everything behind a ground falls silent together."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.builders.health import NOON
from vms.core.ids import SessionId
from vms.core.intervals import Interval
from vms.health.our_side import Cohort, OurSidePolicy, cut_off, enough_to_judge, in_words, is_back
from vms.health.session import WatchSession
from vms.health.status import Status
from vms.health.uptime import Blind, uptime
from vms.health.verdict import verdict
from vms.health.watch import Flip

POLICY = OurSidePolicy()


def seconds(*cohorts: tuple[int, int, int]) -> list[Cohort]:
    """(begun, fell, stood) of one second after the other."""
    return [Cohort(float(at), *cohort) for at, cohort in enumerate(cohorts)]


def test_everything_silent_at_once_is_our_side_since_the_first_silent_second():
    cut = cut_off(seconds((100, 2, 98), (100, 3, 97), (100, 100, 0), (100, 100, 0), (100, 0, 0)), POLICY)
    assert cut is not None
    assert (cut.since_s, cut.fell, cut.looked) == (2.0, 200, 200)


def test_a_switch_with_25_of_1000_cameras_is_not_our_side():
    fallen = seconds((17, 0, 17), *((17, 1, 16), (17, 0, 17)) * 25)
    assert cut_off(fallen, POLICY) is None


def test_a_district_that_refuses_to_be_reached_at_once_waits_for_the_others_to_be_heard():
    assert cut_off(seconds((1600, 0, 1600), (1600, 400, 0)), POLICY) is None
    assert cut_off(seconds((1600, 0, 1600), (1600, 400, 1200)), POLICY) is None


def test_silence_that_is_known_late_hides_nothing_that_answers_by_now():
    assert cut_off(seconds((100, 100, 0), (100, 0, 80)), POLICY) is None


def test_too_few_prove_nothing():
    assert cut_off(seconds((19, 19, 0)), POLICY) is None
    assert cut_off(seconds((10, 10, 0), (10, 10, 0)), POLICY) is not None


def test_who_falls_alone_need_not_wait_once_its_neighbours_are_heard():
    looked = seconds((100, 1, 99), (100, 0, 99))
    assert enough_to_judge(looked, 0.0, POLICY)
    assert not enough_to_judge(seconds((100, 1, 0), (100, 0, 0)), 0.0, POLICY)


def test_our_side_is_back_when_those_that_are_tried_answer():
    assert not is_back(seconds((20, 20, 0), (20, 20, 0), (20, 0, 0)), POLICY)
    assert not is_back(seconds((20, 20, 0), (20, 18, 2)), POLICY)
    assert is_back(seconds((20, 20, 0), (20, 0, 19)), POLICY)


def _partly_heard(n: int, share: float) -> tuple[int, int, int]:
    """At least a fifth of those that were asked answers."""
    heard = max(1, round(n * max(0.2, share))) if n else 0
    return n, n - heard, heard


@given(st.lists(st.tuples(st.integers(0, 30), st.floats(0, 1)), max_size=30), st.integers(0, 29))
def test_as_long_as_a_fifth_of_every_second_is_heard_it_is_never_our_side(looks, upto):
    cohorts = seconds(*(_partly_heard(n, share) for n, share in looks))
    assert cut_off(cohorts[: upto + 1], POLICY) is None


def test_what_cannot_be_told_apart_is_said():
    cut = cut_off(seconds((100, 100, 0)), POLICY)
    assert "cannot be told apart" in in_words("eth0", cut, "", whole=True)
    told = in_words("eth0", cut, "the interface eth0 has no carrier", whole=True)
    assert told == "the interface eth0 has no carrier; 100 of 100 devices behind eth0 fell silent together"


HOUR = timedelta(hours=1)
RUN = WatchSession(session_id=SessionId(1), started_at=NOON, alive_at=NOON + 10 * HOUR, interval_s=60.0)


def flip(to: Status, after: timedelta) -> Flip:
    return Flip(
        camera_id=1, session_id=SessionId(1), from_status=Status.UNKNOWN, to_status=to, at=NOON + after, because=""
    )


def test_the_time_of_a_spell_is_unknown_whatever_was_said_before():
    blind = [Blind(session_id=SessionId(1), from_at=NOON + 2 * HOUR, until_at=NOON + 5 * HOUR)]
    told = uptime(
        [flip(Status.UP, timedelta()), flip(Status.DOWN, 4 * HOUR)], [RUN], Interval(NOON, RUN.alive_at), blind
    )
    assert (told.up, told.down, told.unknown) == (2 * HOUR, 5 * HOUR, 3 * HOUR)


def test_a_spell_that_a_killed_run_left_open_does_not_reach_into_the_next():
    blind = [Blind(session_id=SessionId(7), from_at=NOON - HOUR, until_at=None)]
    told = uptime([flip(Status.UP, timedelta())], [RUN], Interval(NOON, RUN.alive_at), blind)
    assert told.up == 10 * HOUR


def test_a_camera_behind_the_cut_is_shown_as_unknown_with_the_reason():
    shown = verdict(
        status=Status.UP,
        since=NOON,
        because="answers",
        seen_by=RUN.session_id,
        latest=RUN,
        now=RUN.alive_at,
        blind_since=NOON + HOUR,
    )
    assert shown.status is Status.UNKNOWN
    assert shown.because == "our own side is cut off since 2026-05-01 13:00:00 UTC"
