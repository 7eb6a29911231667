"""An order is due where somebody was asked for until its time was up."""

from datetime import UTC, datetime, timedelta

import pytest

from vms.assessment.due_orders import Ending, Fate, is_due
from vms.core.intervals import Interval
from vms.maintenance.order import Outcome

HOUR = timedelta(hours=1)
MAY = Interval(datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC))
BY = datetime(2026, 5, 20, 12, tzinfo=UTC)
EARLIER, LATER = BY - HOUR, BY + HOUR


@pytest.mark.parametrize(
    "fate",
    [
        Fate(ending=Ending.FALSE_ALARM, closed_at=LATER),
        Fate(ending=Ending.JOINED, closed_at=EARLIER),
        Fate(ending=Ending.WITHDRAWN, closed_at=LATER),
        Fate(ending=Ending.HEALED, healed_at=EARLIER, closed_at=LATER),
        Fate(healed_at=EARLIER),
        Fate(suspended_at=EARLIER),
    ],
    ids=["false alarm", "joined", "withdrawn", "healed in time", "healing", "resting"],
)
def test_what_asked_for_nobody_by_then_is_not_due(fate: Fate) -> None:
    assert not is_due(BY, fate, MAY)


@pytest.mark.parametrize(
    "fate",
    [
        Fate(),
        Fate(ending=Ending.REPAIRED, on_site_at=EARLIER, repaired_at=LATER, closed_at=LATER),
        Fate(ending=Ending.HEALED, healed_at=LATER, closed_at=LATER),
        Fate(on_site_at=EARLIER - HOUR, healed_at=EARLIER),
        Fate(suspended_at=LATER),
        Fate(ending=Ending.WITHDRAWN, closed_at=MAY.end + HOUR),
    ],
    ids=["open", "repaired late", "healed late", "somebody was there", "rests too late", "withdrawn in June"],
)
def test_what_asked_for_somebody_until_its_time_was_up_is_due(fate: Fate) -> None:
    assert is_due(BY, fate, MAY)
    assert not is_due(BY, fate, Interval(MAY.end, MAY.end + HOUR)) and not is_due(None, fate, MAY)


def test_orders_end_as_the_maintenance_says() -> None:
    assert {one.value for one in Ending} == {one.value for one in Outcome}
