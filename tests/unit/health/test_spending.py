"""A device's day: what may be asked of it, and who goes first when little is left."""

from hypothesis import given
from hypothesis import strategies as st

from tests.builders.health import CONNECTED, GOOD, POLICY, a_reading, watch_through
from vms.health.judge import kinds_looked_at, name_faults
from vms.health.pace import DAY_S
from vms.health.reading import ControlReading, StreamReading
from vms.health.spending import (
    BUDGET,
    CONTROL,
    STILL,
    STREAM,
    DayBudget,
    Reason,
    may_spend,
    turns_to_last,
    usual_budget,
)
from vms.health.status import Status

HUNDRED = DayBudget(requests=100, sign_ins=100)
NOBODY_ASKED = a_reading(control=ControlReading(answered=False, because=BUDGET))


def allowed(spent: int) -> set[Reason]:
    return {reason for reason in Reason if may_spend(spent, 0, CONTROL, HUNDRED, reason)}


def test_an_incident_goes_before_the_wall_the_wall_before_the_poll_and_the_diagnosis_comes_last():
    assert allowed(0) == set(Reason)
    assert allowed(80) == {Reason.INCIDENT, Reason.WALL, Reason.POLL}
    assert allowed(92) == {Reason.INCIDENT, Reason.WALL}
    assert allowed(97) == {Reason.INCIDENT}
    assert allowed(100) == {Reason.INCIDENT}, "an incident is never refused"


def test_sign_ins_are_counted_by_themselves():
    few = DayBudget(requests=1000, sign_ins=10)
    assert may_spend(0, 10, CONTROL, few, Reason.POLL)
    assert not may_spend(0, 10, STILL, few, Reason.WALL)


def test_a_recorder_may_be_asked_more_but_not_as_much_as_its_channels_together():
    assert HUNDRED.times(1) == HUNDRED
    assert HUNDRED.times(5).requests == 300


def test_the_usual_budget_bears_a_proof_of_life_at_every_poll():
    budget = usual_budget(60.0)
    assert budget.requests * 0.9 >= DAY_S / 60 * (CONTROL.requests + STREAM.requests)
    assert turns_to_last(0, budget, DAY_S, 60.0) == 1


@given(st.integers(10, 5000), st.floats(1, DAY_S), st.integers(0, 5000))
def test_a_short_budget_lasts_to_the_end_of_the_day(requests, left_s, spent):
    budget, spent_then, interval_s = DayBudget(requests=requests, sign_ins=0), spent, 60.0
    while left_s > 0:
        if may_spend(spent_then, 0, CONTROL, budget, Reason.POLL):
            spent_then += 1
        left_s -= turns_to_last(spent_then, budget, left_s, interval_s) * interval_s
    assert spent_then <= max(spent, requests * 0.9 + 1)


def test_when_the_budget_is_used_up_nobody_is_blamed_and_nothing_is_forgotten():
    assert name_faults(NOBODY_ASKED, POLICY) == frozenset()
    assert kinds_looked_at(NOBODY_ASKED) == frozenset()
    steps = watch_through(GOOD, NOBODY_ASKED, NOBODY_ASKED, NOBODY_ASKED, NOBODY_ASKED)
    assert [taken.watch.status for taken in steps] == [Status.UP] * 5
    assert steps[-1].watch.layers == steps[0].watch.layers


def test_a_stream_that_was_not_tried_for_the_budget_says_nothing():
    untried = a_reading(network=CONNECTED, stream=StreamReading(playing=False, because=BUDGET))
    assert name_faults(untried, POLICY) == frozenset()
