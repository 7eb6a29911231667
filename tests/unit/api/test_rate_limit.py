"""The sliding window."""

from datetime import UTC, datetime, timedelta

import pytest

from vms.api.rate_limit import CALLERS_KEPT, RateLimit, TooMany

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def test_each_caller_has_a_window_of_its_own_that_slides() -> None:
    limit = RateLimit(calls=2, window=timedelta(minutes=1))
    limit.count("a", NOON)
    limit.count("a", NOON + timedelta(seconds=30))
    with pytest.raises(TooMany) as refused:
        limit.count("a", NOON + timedelta(seconds=40))
    assert refused.value.retry_after_s == 20
    limit.count("b", NOON + timedelta(seconds=40))
    limit.count("a", NOON + timedelta(seconds=60))


def test_memory_is_bounded_however_many_callers_come() -> None:
    limit = RateLimit(calls=1, window=timedelta(minutes=1))
    for number in range(CALLERS_KEPT + 10):
        limit.count(str(number), NOON)
    limit.count("0", NOON)
    with pytest.raises(TooMany):
        limit.count(str(CALLERS_KEPT), NOON)
