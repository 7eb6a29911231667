"""When an order's clock begins: at the fault, or at the end of what was announced (报备) over it."""

from collections.abc import Iterable
from datetime import datetime

from vms.core.intervals import Interval


def clock_start(detected_at: datetime, announced: Iterable[Interval]) -> datetime:
    """`announced`: before the order was opened. Between two of them nobody was sent either."""
    ends = (one.end for one in announced if one.end > detected_at)
    return max(ends, default=detected_at)
