"""The way of an order, step by step: who may take which, what is refused in words, what a phone tells late."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders.access import a_person
from vms.access.roles import Role
from vms.maintenance.advance import WAYS, advance, put_in_order
from vms.maintenance.calendar import Calendar
from vms.maintenance.may_step import Standing, may_step, open_actions, standing
from vms.maintenance.order import ENDED, Action, Order, OrderState, OrderStep, Outcome, Refusal

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
"""A Friday, 12:00 in Shanghai."""
FIRM: Any = 7
OFFICE_HOURS = Calendar(zone=ZoneInfo("Asia/Shanghai"), week=(((540, 1080),),) * 5 + ((), ()))


def hour(n: float) -> datetime:
    return NOON + timedelta(hours=n)


def an_order(**other: Any) -> Order:
    known = {
        "state": OrderState.ASSIGNED,
        "maintainer_id": FIRM,
        "detected_at": NOON,
        "assigned_at": NOON,
        "respond_by": hour(4),
        "repair_by": hour(24),
    }
    return Order(**{**known, **other})


def step(action: Action, at: datetime = NOON, who: str = "wang", **other: Any) -> OrderStep:
    return OrderStep(action=action, at=at, who=who, **other)


def through(order: Order, *steps: OrderStep, calendar: Calendar | None = None) -> Order:
    for one in steps:
        moved = advance(order, one, calendar)
        assert isinstance(moved, Order), moved
        order = moved
    return order


def test_an_order_goes_from_the_firm_to_its_end_and_keeps_every_instant() -> None:
    done = through(
        an_order(),
        step(Action.ACCEPT, hour(1)),
        step(Action.ARRIVE, hour(2)),
        step(Action.REPAIR, hour(3)),
        step(Action.VERIFY, hour(4), "office"),
        step(Action.CLOSE, hour(4), "office"),
    )
    assert (done.state, done.outcome, done.crew, done.version) == (OrderState.CLOSED, Outcome.REPAIRED, "wang", 6)
    instants = (done.accepted_at, done.on_site_at, done.repaired_at, done.verified_at, done.closed_at)
    assert instants == (hour(1), hour(2), hour(3), hour(4), hour(4))


def test_what_is_not_possible_now_is_refused_with_the_states_it_is_possible_from() -> None:
    refused = advance(an_order(), step(Action.REPAIR), None)
    assert isinstance(refused, Refusal)
    assert refused.message == "the order is assigned; repair is possible from: on_site"
    over = advance(an_order(state=OrderState.CLOSED, closed_at=NOON), step(Action.SUSPEND), None)
    assert isinstance(over, Refusal)
    assert "the order is over" in over.message


def test_while_it_rests_the_clock_stands_still_and_goes_on_with_what_was_left() -> None:
    resting = through(an_order(), step(Action.SUSPEND, hour(1), reason="waiting_parts", until=hour(50)))
    assert (resting.state, resting.suspended_until) == (OrderState.SUSPENDED, hour(50))
    on = through(resting, step(Action.RESUME, hour(11)))
    assert (on.state, on.respond_by, on.repair_by) == (OrderState.ASSIGNED, hour(14), hour(34))
    assert (on.suspended_at, on.suspended_s) == (None, 36_000.0)


def test_a_rest_over_the_weekend_costs_and_gives_nothing_in_working_hours() -> None:
    by = datetime(2026, 11, 23, 3, tzinfo=UTC)  # Monday 11:00, 8 working hours after Friday noon
    order = an_order(repair_by=by, respond_by=None)
    friday_evening, monday_morning = hour(6), datetime(2026, 11, 23, 1, tzinfo=UTC)
    rested = through(
        order,
        step(Action.SUSPEND, friday_evening, reason="weather", until=monday_morning),
        step(Action.RESUME, monday_morning),
        calendar=OFFICE_HOURS,
    )
    assert rested.repair_by == by


def test_what_was_left_when_it_was_suspended_is_left_whatever_becomes_of_the_calendar() -> None:
    order = an_order(repair_by=hour(4), respond_by=hour(1))
    resting = through(
        order, step(Action.SUSPEND, NOON, reason="power_cut", until=hour(50)), calendar=OFFICE_HOURS
    )  # fmt: skip
    closed_today = Calendar(zone=OFFICE_HOURS.zone, week=OFFICE_HOURS.week, days={NOON.date(): ()})
    monday_noon = NOON + timedelta(days=3)
    on = through(resting, step(Action.RESUME, monday_noon), calendar=closed_today)
    assert (on.respond_by, on.repair_by) == (monday_noon + timedelta(hours=1), monday_noon + timedelta(hours=4))
    assert (on.respond_left_s, on.repair_left_s) == (None, None)


def test_a_calendar_without_time_takes_the_deadline_and_never_stops_the_order() -> None:
    a_minute_a_year = Calendar(zone=OFFICE_HOURS.zone, week=(((540, 541),), (), (), (), (), (), ()))
    resting = through(an_order(), step(Action.SUSPEND, hour(1), reason="weather", until=hour(9)))
    on = through(resting, step(Action.RESUME, hour(9)), calendar=a_minute_a_year)
    assert (on.state, on.repair_by) == (OrderState.ASSIGNED, None)


def test_a_deadline_that_was_missed_before_the_rest_stays_missed() -> None:
    late = through(
        an_order(), step(Action.SUSPEND, hour(5), reason="other", until=hour(9)), step(Action.RESUME, hour(9))
    )
    assert (late.respond_by, late.repair_by) == (hour(4), hour(28))


@pytest.mark.parametrize(
    ("content", "where"),
    [({"reason": "tea", "until": hour(2)}, "reason"), ({"reason": "weather"}, "until"),
     ({"reason": "weather", "until": hour(-1)}, "until"), ({"reason": "weather", "until": hour(9000)}, "until")],
)  # fmt: skip
def test_a_rest_needs_a_known_reason_and_an_end(content: dict[str, Any], where: str) -> None:
    refused = advance(an_order(), step(Action.SUSPEND, **content), None)
    assert isinstance(refused, Refusal)
    assert refused.message.startswith(where)


def test_a_transfer_begins_anew_with_the_other_firm() -> None:
    order = through(an_order(), step(Action.ACCEPT), step(Action.ARRIVE, hour(1)))
    given_over = through(order, step(Action.TRANSFER, hour(2), maintainer_id=9, respond_by=hour(6)))
    assert (given_over.state, given_over.maintainer_id, given_over.crew) == (OrderState.TRANSFERRED, 9, "")
    assert (given_over.accepted_at, given_over.on_site_at, given_over.respond_by) == (None, None, hour(6))
    assert isinstance(advance(order, step(Action.TRANSFER, maintainer_id=FIRM), None), Refusal)


def test_a_repair_that_was_none_goes_back_to_the_crew() -> None:
    order = through(an_order(), step(Action.ARRIVE, hour(1)), step(Action.REPAIR, hour(2)))
    back = through(order, step(Action.SEND_BACK, hour(3), "program"))
    assert (back.state, back.repaired_at, back.on_site_at) == (OrderState.ON_SITE, None, hour(1))


def test_an_order_that_healed_by_itself_is_not_made_a_repair_by_a_later_word() -> None:
    healed = through(an_order(), step(Action.HEALED, hour(3), "program"))
    assert (healed.state, healed.outcome) == (OrderState.CLOSED, Outcome.HEALED)
    for action in (Action.ACCEPT, Action.ARRIVE, Action.REPAIR):
        refused = advance(healed, step(action, hour(2)), None)
        assert isinstance(refused, Refusal)
        assert refused == Refusal(
            code="not_now", message=f"the order is over (closed); {action} is not possible any more"
        )
    assert through(healed, step(Action.REOPEN, hour(4), "program")).state is OrderState.ASSIGNED


def test_what_a_crew_did_without_network_is_filled_in_while_the_order_is_open() -> None:
    ahead = an_order(state=OrderState.REPAIRED, on_site_at=hour(2), repaired_at=hour(3))
    told = through(ahead, step(Action.ACCEPT, hour(1)))
    assert (told.state, told.accepted_at) == (OrderState.REPAIRED, hour(1))
    assert isinstance(advance(told, step(Action.ARRIVE, hour(2)), None), Refusal)


def test_new_deadlines_that_lie_ahead_can_be_missed_anew() -> None:
    late = an_order(late="repair")
    moved = through(late, step(Action.DEADLINES, hour(30), repair_by=hour(40)))
    assert (moved.repair_by, moved.late) == (hour(40), "respond")


instants = st.one_of(st.none(), st.integers(-10_000, 10_000).map(lambda m: NOON + timedelta(minutes=m)))


@given(instants, instants, st.integers(0, 3000))
def test_a_told_instant_is_never_in_the_future_nor_before_the_step_before(
    at: datetime | None, sent_at: datetime | None, minutes: int
) -> None:
    before = NOON - timedelta(minutes=minutes)
    found = put_in_order(at, sent_at, NOON, before)
    assert before <= found <= NOON


def test_a_phone_whose_clock_is_wrong_is_set_by_the_moment_it_sent() -> None:
    wrong = timedelta(hours=8)
    found = put_in_order(hour(-1) + wrong, NOON + wrong, NOON, hour(-5))
    assert found == hour(-1)


def test_a_firms_crew_works_on_its_own_orders_and_does_not_judge_itself() -> None:
    crew = replace(a_person(Role.MAINTAINER), maintainer_id=FIRM)
    assert standing(crew, FIRM, None) is Standing.CREW
    assert standing(crew, 9, None) is Standing.NOBODY  # type: ignore[arg-type]
    assert standing(crew, None, None) is Standing.NOBODY
    for action in (Action.SUSPEND, Action.FALSE_ALARM, Action.VERIFY, Action.DEADLINES, Action.TRANSFER):
        assert not may_step(Standing.CREW, action)
        assert may_step(Standing.OFFICE, action)
    assert open_actions(Standing.CREW, OrderState.ACCEPTED) == (Action.ARRIVE, Action.NOTE)


def test_who_works_for_no_firm_is_the_office_and_an_owner_only_looks() -> None:
    assert standing(a_person(Role.MAINTAINER), FIRM, None) is Standing.OFFICE
    assert standing(a_person(Role.OPERATOR), FIRM, None) is Standing.STAFF
    owner = replace(a_person(Role.OWNER), owner_id=5)
    assert standing(owner, FIRM, 5) is Standing.OWNER  # type: ignore[arg-type]
    assert standing(owner, FIRM, None) is Standing.NOBODY
    assert open_actions(Standing.OWNER, OrderState.ASSIGNED) == ()


@given(st.lists(st.sampled_from([a for a in Action if a in WAYS]), max_size=12))
def test_no_way_leads_out_of_order(actions: list[Action]) -> None:
    """Whatever is tried: an order that is over has its end and its outcome, one that is open has neither."""
    order, at = an_order(), NOON
    for action in actions:
        at += timedelta(minutes=1)
        tried = step(action, at, maintainer_id=9, reason="other", until=at + timedelta(hours=1), repair_by=hour(90))
        moved = advance(order, tried, None)
        if isinstance(moved, Order):
            assert moved.version == order.version + 1
            order = moved
        over = order.state in ENDED
        assert over == (order.closed_at is not None) == (order.outcome is not None)
        assert (order.state is OrderState.SUSPENDED) == (order.suspended_at is not None)
