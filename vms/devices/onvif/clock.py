"""A camera's clock out of GetSystemDateAndTime: fields may be missing, impossible, or local time where UTC belongs."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from vms.devices.onvif.xml import Element, anywhere, child, text

_POSIX_ZONE = re.compile(r"^\s*(?:<[^>]{1,20}>|[A-Za-z]{2,10})\s*([+-]?\d{1,2})(?::(\d{2}))?")
_QUARTER_S = 900
_SLACK_S = 150
"""How far from a whole quarter of an hour an offset may be and still be a time zone put in the wrong field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceClock:
    """`offset_s` is device minus ours; None where no usable time was told."""

    offset_s: float | None
    signing_offset_s: float = 0.0
    """What to add to our clock when signing: the device compares with the time as it told it, zone mistake and all."""
    problem: str = ""
    """`clock_missing`, `clock_impossible`, `clock_local_only`, `utc_is_local_time`, or nothing."""
    answer_s: float = 0.0
    """How long the device took to tell it; 0 where nobody measured."""


def read_clock(root: Element, *, now: datetime) -> DeviceClock:
    """`now` is our instant at which the device read its clock, as nearly as known (the middle of the exchange)."""
    answer = anywhere(root, "SystemDateAndTime")
    utc, utc_impossible = _instant(child(answer, "UTCDateTime"))
    local, local_impossible = _instant(child(answer, "LocalDateTime"))
    zone = text(answer, "TimeZone", "TZ")
    daylight = text(answer, "DaylightSavings").lower() == "true"
    if utc is not None:
        return _judge(utc, local, zone, now)
    zone_s = zone_offset_s(zone)
    if local is not None and zone_s is not None:
        offset_s = (local - timedelta(seconds=zone_s) - now).total_seconds()
        if daylight and abs(offset_s - 3600) < abs(offset_s):
            offset_s -= 3600
        return DeviceClock(offset_s=offset_s, signing_offset_s=offset_s, problem="clock_local_only")
    if utc_impossible or local_impossible:
        return DeviceClock(offset_s=None, problem="clock_impossible")
    return DeviceClock(offset_s=None, problem="clock_missing")


def clock_from_fields(year: int, month: int, day: int, hour: int, minute: int, second: int) -> datetime | None:
    """An instant in UTC, half a second into the second that was told; None for a date that cannot be."""
    try:
        told = datetime(year, month, day, hour, minute, min(second, 59), 500_000, tzinfo=UTC)
    except ValueError:
        return None
    return told if 1970 <= year <= 2100 else None


def zone_offset_s(zone: str) -> int | None:
    """Seconds east of Greenwich from a POSIX time zone (`CST-8` is eight hours east); None where it is not one."""
    match = _POSIX_ZONE.match(zone)
    if not match:
        return None
    hours = int(match.group(1))
    minutes = int(match.group(2) or 0)
    if abs(hours) > 14:
        return None
    west_s = abs(hours) * 3600 + minutes * 60
    return west_s if match.group(1).startswith("-") else -west_s


def _judge(utc: datetime, local: datetime | None, zone: str, now: datetime) -> DeviceClock:
    offset_s = (utc - now).total_seconds()
    zone_s = zone_offset_s(zone)
    if (
        zone_s
        and abs(abs(offset_s) - abs(zone_s)) <= _SLACK_S
        and (local is None or abs((local - utc).total_seconds()) < 2)
    ):
        shift_s = abs(zone_s) if offset_s > 0 else -abs(zone_s)
        return DeviceClock(offset_s=offset_s - shift_s, signing_offset_s=offset_s, problem="utc_is_local_time")
    return DeviceClock(offset_s=offset_s, signing_offset_s=offset_s)


def _instant(element: Element | None) -> tuple[datetime | None, bool]:
    """The instant, and whether there was one that cannot be."""
    if element is None:
        return None, False
    words = [text(element, "Date", name) for name in ("Year", "Month", "Day")]
    words += [text(element, "Time", name) for name in ("Hour", "Minute", "Second")]
    if not any(words):
        return None, False
    if not all(word.isascii() and word.isdigit() and len(word) < 6 for word in words):
        return None, True
    told = clock_from_fields(*(int(word) for word in words))
    return told, told is None
