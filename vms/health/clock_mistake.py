"""A clock that is off by a time zone: seen by an offset of whole half hours, as zones differ."""

from enum import StrEnum

HALF_HOUR_S = 1800.0
SLACK_S = 60.0
"""How far from whole half hours an offset may be and still be a zone that is set wrong: by chance one in fifteen is."""
LONGEST_S = 14 * 3600.0


class ClockMistake(StrEnum):
    NONE = ""
    UTC_IS_LOCAL_TIME = "utc_is_local_time"
    """It tells its local time as UTC; its own zone says by how much."""
    TIME_ZONE = "time_zone"
    """It is off by whole half hours: its zone or its daylight saving is set wrong."""


def clock_mistake(offset_s: float | None) -> ClockMistake:
    """`offset_s`: device minus ours, without what its own zone explains."""
    if offset_s is None or not HALF_HOUR_S - SLACK_S <= abs(offset_s) <= LONGEST_S + SLACK_S:
        return ClockMistake.NONE
    beside_s = abs(offset_s - round(offset_s / HALF_HOUR_S) * HALF_HOUR_S)
    return ClockMistake.TIME_ZONE if beside_s <= SLACK_S else ClockMistake.NONE
