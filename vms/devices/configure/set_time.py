"""The device's clock, its time zone and where it has its time from."""

from dataclasses import dataclass
from datetime import datetime

from vms.core.clock import Clock
from vms.devices.configure.hand import Hand
from vms.devices.onvif.clock import read_clock
from vms.devices.onvif.operations import GET_SYSTEM_DATE_AND_TIME, Service
from vms.devices.onvif.xml import anywhere, text


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeNow:
    offset_s: float | None
    """Device minus ours; None: it tells no usable time."""
    zone: str
    """As the device spells it, POSIX where it follows the standard."""
    source: str
    """`Manual` or `NTP`."""
    daylight: bool


async def read_time(hand: Hand) -> TimeNow:
    """Raises what OnvifClient.call raises."""
    signed = hand.client.quirks.needs_login_for_clock
    told = await hand.client.call(GET_SYSTEM_DATE_AND_TIME, signed=signed)
    offset_s = read_clock(told.root, now=told.middle).offset_s
    answer = anywhere(told.root, "SystemDateAndTime")
    return TimeNow(
        offset_s=None if offset_s is None else round(offset_s, 1),
        zone=text(answer, "TimeZone", "TZ")[:64],
        source=text(answer, "DateTimeType")[:16],
        daylight=text(answer, "DaylightSavings").lower() == "true",
    )


async def write_time(hand: Hand, clock: Clock, *, zone: str, source: str, daylight: bool) -> None:
    """Where the source is Manual the clock is put to the present instant. Raises ChangeRefused, NotSent, AnswerLost."""
    parameters: dict[str, object] = {"DateTimeType": source, "DaylightSavings": daylight}
    if zone:
        parameters["TimeZone"] = {"TZ": zone}
    if source == "Manual":
        parameters["UTCDateTime"] = _fields(clock())
    await hand.change(Service.DEVICE, "SetSystemDateAndTime", parameters)
    hand.client.signing_offset_s = 0.0 if source == "Manual" else hand.client.signing_offset_s


def _fields(now: datetime) -> dict[str, object]:
    return {
        "Time": {"Hour": now.hour, "Minute": now.minute, "Second": now.second},
        "Date": {"Year": now.year, "Month": now.month, "Day": now.day},
    }
