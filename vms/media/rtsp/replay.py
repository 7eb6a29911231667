"""What RTSP says differently where recorded footage is played (ONVIF Streaming, "Replay"): the range that is asked for
by the wall's clock, and the instant that each packet brings in its RTP header extension. Functions of bytes."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

REQUIRE = "onvif-replay"
EXTENSION = 0xABAC
_NTP_TO_UNIX_S = 2_208_988_800
_RANGE = re.compile(r"clock\s*=\s*(\d{8}T\d{6}(?:\.\d{1,9})?)Z?\s*-", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayAsk:
    """By the device's clock, as it tells it."""

    start: datetime
    end: datetime
    most_bytes: int
    """Of the whole session: a device that sends more is left."""

    @property
    def describe_headers(self) -> dict[str, str]:
        return {"Require": REQUIRE}

    @property
    def play_headers(self) -> dict[str, str]:
        """As fast as it goes, whole pictures, not paced by their clock."""
        return {
            "Require": REQUIRE,
            "Range": f"clock={_stamp(self.start)}-{_stamp(self.end)}",
            "Rate-Control": "no",
            "Immediate": "yes",
        }


def range_start(told: str) -> datetime | None:
    """Where the answer to PLAY says that it begins; None where it does not say so by the wall's clock."""
    found = _RANGE.search(told)
    if found is None:
        return None
    whole, _, fraction = found.group(1).partition(".")
    try:
        at = datetime.strptime(whole, "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
    return at.replace(microsecond=int(fraction.ljust(6, "0")[:6])) if fraction else at


def packet_instant(data: bytes) -> tuple[int, float] | None:
    """(RTP time stamp, seconds since 1970 by the device's clock) of a packet that carries the extension."""
    if len(data) < 12 or data[0] >> 6 != 2 or not data[0] & 0x10:
        return None
    at = 12 + 4 * (data[0] & 0x0F)
    if len(data) < at + 16 or int.from_bytes(data[at : at + 2], "big") != EXTENSION:
        return None
    if int.from_bytes(data[at + 2 : at + 4], "big") < 3:
        return None
    seconds, fraction = int.from_bytes(data[at + 4 : at + 8], "big"), int.from_bytes(data[at + 8 : at + 12], "big")
    return int.from_bytes(data[4:8], "big"), seconds - _NTP_TO_UNIX_S + fraction / 2**32


def _stamp(at: datetime) -> str:
    told = at.astimezone(UTC)
    return f"{told:%Y%m%dT%H%M%S}.{told.microsecond // 1000:03d}Z"
