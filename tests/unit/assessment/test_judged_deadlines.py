"""A deadline is judged by how its order stood when it was up: later steps change nothing of a month that is over."""

from datetime import UTC, datetime, timedelta
from typing import Any

from vms.assessment.due_orders import Ending, Fate
from vms.assessment.judged_deadlines import Deadline, Judged, Stand, firm_at, judged, repair_counts_until
from vms.core.intervals import Interval

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OCTOBER = Interval(datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC))
NOVEMBER = Interval(OCTOBER.end, datetime(2026, 12, 1, tzinfo=UTC))
BY = datetime(2026, 10, 20, 12, tzinfo=UTC)
LATER_BY = datetime(2026, 11, 10, 12, tzinfo=UTC)
MOVED = datetime(2026, 11, 3, 9, tzinfo=UTC)
FIRM, OTHER = 1, 2


def a_stand(maintainer_id: int | None = FIRM, until_at: datetime | None = None, **more: Any) -> Stand:
    fate = {name: more.pop(name) for name in tuple(more) if name in Fate.__dataclass_fields__}
    return Stand(maintainer_id=maintainer_id, until_at=until_at, fate=Fate(**fate), **more)


def told(stands: list[Stand], period: Interval) -> list[Judged]:
    return list(judged(stands, period))


def kept(stands: list[Stand], period: Interval) -> list[tuple[int | None, bool]]:
    return [(one.maintainer_id, one.kept) for one in told(stands, period)]


def test_a_deadline_that_is_moved_after_it_was_missed_stays_missed_and_the_new_one_is_told_in_its_own_month() -> None:
    repaired = LATER_BY - HOUR
    stands = [a_stand(until_at=MOVED, repair_by=BY), a_stand(repair_by=LATER_BY, repaired_at=repaired)]
    assert kept(stands, OCTOBER) == [(FIRM, False)]
    assert kept(stands, NOVEMBER) == [(FIRM, True)]


def test_a_deadline_that_is_moved_while_it_lies_ahead_is_told_once_where_it_is_now() -> None:
    stands = [a_stand(until_at=BY - DAY, repair_by=BY), a_stand(repair_by=LATER_BY)]
    assert (kept(stands, OCTOBER), kept(stands, NOVEMBER)) == ([], [(FIRM, False)])


def test_an_order_that_is_given_to_another_firm_later_leaves_the_miss_with_the_one_that_had_it() -> None:
    there = a_stand(until_at=MOVED, respond_by=BY, on_site_at=BY - HOUR, repair_by=BY + DAY)
    stands = [there, a_stand(OTHER, respond_by=BY, repair_by=BY + DAY, repaired_at=MOVED + DAY)]
    assert kept(stands, OCTOBER) == [(FIRM, True), (FIRM, False)]
    assert kept(stands, NOVEMBER) == []
    assert (firm_at(stands, OCTOBER.end), firm_at(stands, NOVEMBER.end)) == (FIRM, OTHER)


def test_the_next_firm_is_judged_by_the_deadline_that_still_lay_ahead() -> None:
    stands = [a_stand(until_at=BY - DAY, respond_by=BY, on_site_at=BY - 2 * DAY), a_stand(OTHER, respond_by=BY)]
    assert kept(stands, OCTOBER) == [(OTHER, False)]


def test_what_healed_in_time_and_came_back_is_told_in_the_month_of_its_reopening_alone() -> None:
    healed: dict[str, Any] = {"ending": Ending.HEALED, "healed_at": BY - DAY, "closed_at": BY - DAY}
    stands = [a_stand(until_at=MOVED, repair_by=BY, **healed), a_stand(repair_by=LATER_BY)]
    assert (kept(stands, OCTOBER), kept(stands, NOVEMBER)) == ([], [(FIRM, False)])
    missed = [a_stand(until_at=MOVED, repair_by=BY - 2 * DAY, **healed), a_stand(repair_by=LATER_BY)]
    assert (kept(missed, OCTOBER), kept(missed, NOVEMBER)) == ([(FIRM, False)], [(FIRM, False)])


def test_a_false_alarm_is_nobodys_miss_whenever_it_is_called_one_and_what_is_withdrawn_later_still_is() -> None:
    before = a_stand(until_at=MOVED, repair_by=BY)
    assert kept([before, a_stand(repair_by=LATER_BY, ending=Ending.FALSE_ALARM, closed_at=MOVED)], OCTOBER) == []
    withdrawn = [before, a_stand(repair_by=LATER_BY, ending=Ending.WITHDRAWN, closed_at=MOVED)]
    assert (kept(withdrawn, OCTOBER), kept(withdrawn, NOVEMBER)) == ([(FIRM, False)], [])


def test_what_the_same_firm_tells_after_the_deadline_was_moved_still_counts_for_the_old_one() -> None:
    then: dict[str, Any] = {"repaired_at": BY - HOUR, "repaired_told_at": MOVED + HOUR}
    stands = [a_stand(until_at=MOVED, repair_by=BY), a_stand(repair_by=LATER_BY, **then)]
    (one,) = told(stands, OCTOBER)
    assert (one.kept, one.told_afterwards) == (True, True)
    assert kept([stands[0], a_stand(OTHER, repair_by=LATER_BY, **then)], OCTOBER) == [(FIRM, False)]


def test_told_afterwards_is_what_nobody_had_said_when_the_time_was_up() -> None:
    def response(on_site_at: datetime, told_at: datetime | None) -> Judged:
        (one,) = told([a_stand(respond_by=BY, on_site_at=on_site_at, on_site_told_at=told_at)], OCTOBER)
        assert one.deadline is Deadline.RESPOND
        return one

    assert response(BY - HOUR, BY + HOUR) == Judged(
        deadline=Deadline.RESPOND, maintainer_id=FIRM, kept=True, told_afterwards=True
    )
    assert not response(BY - 2 * HOUR, BY - HOUR).told_afterwards, "before the time was up"
    assert not response(BY - timedelta(minutes=2), BY + timedelta(minutes=2)).told_afterwards, "at once"
    assert not response(BY - HOUR, None).told_afterwards, "told when it was"
    assert not response(BY + HOUR, BY + DAY).kept
    assert not response(BY + HOUR, BY + DAY).told_afterwards, "a word that keeps nothing"


def test_what_is_told_when_the_fault_is_gone_is_told_afterwards_and_no_time_of_a_repair() -> None:
    gone = BY - 3 * HOUR
    then: dict[str, Any] = {"on_site_at": gone - HOUR, "repaired_at": gone - HOUR, "healed_at": gone}
    clicked: dict[str, Any] = {"on_site_told_at": gone + HOUR, "repaired_told_at": gone + HOUR}
    claimed = a_stand(respond_by=BY, repair_by=BY, **then, **clicked)
    assert [(one.kept, one.told_afterwards) for one in told([claimed], OCTOBER)] == [(True, True), (True, True)]
    assert repair_counts_until(claimed) is None
    honest = a_stand(respond_by=BY, repair_by=BY, **then)
    assert [(one.kept, one.told_afterwards) for one in told([honest], OCTOBER)] == [(True, False), (True, False)]
    assert repair_counts_until(honest) == gone - HOUR


def test_who_was_there_when_the_fault_went_repaired_it_then_whatever_he_says_later() -> None:
    gone, said = BY - HOUR, BY + HOUR
    stand = a_stand(repair_by=BY, on_site_at=BY - DAY, healed_at=gone, repaired_at=said)
    (one,) = told([stand], OCTOBER)
    assert (one.kept, one.told_afterwards, repair_counts_until(stand)) == (True, False, gone)


def test_what_was_up_within_an_announced_outage_is_not_missed_and_what_was_kept_counts() -> None:
    notice = [Interval(BY - HOUR, BY + HOUR)]
    assert list(judged([a_stand(repair_by=BY)], OCTOBER, notice)) == []
    assert [one.kept for one in judged([a_stand(repair_by=BY, repaired_at=BY - DAY)], OCTOBER, notice)] == [True]
    assert [one.kept for one in judged([a_stand(repair_by=BY + HOUR)], OCTOBER, notice)] == [False]
