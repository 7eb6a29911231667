"""The national device id: centre 8 digits (civil code 6, grass roots 2), industry 2, type 3, network 1, serial 6."""

import re
from dataclasses import dataclass

LENGTH = 20
LAST_SERIAL = 999_999
NETWORK_CAMERA = "132"


@dataclass(frozen=True, slots=True, kw_only=True)
class GbDeviceId:
    centre: str
    industry: str
    device_type: str
    network: str
    serial: int

    @property
    def civil_code(self) -> str:
        return self.centre[:6]

    @property
    def prefix(self) -> str:
        """All before the serial number."""
        return f"{self.centre}{self.industry}{self.device_type}{self.network}"

    def __str__(self) -> str:
        return f"{self.prefix}{self.serial:06d}"


def is_id(text: str) -> bool:
    return len(text) == LENGTH and text.isascii() and text.isdigit()


def centre_of(region_code: str) -> str | None:
    """The 8 digits of the centre, from a civil code of at least six: the street's three digits do not fit into two, so
    what is below the county is 00. None: no civil code."""
    civil_code = region_code[:6]
    return f"{civil_code}00" if re.fullmatch(r"[0-9]{6}", civil_code) else None


def first_free(taken: frozenset[int] | set[int]) -> int | None:
    """The serial after the highest one given, else the lowest free one; None: all are given."""
    after = max(taken, default=0) + 1
    if after <= LAST_SERIAL:
        return after
    return next((serial for serial in range(1, LAST_SERIAL + 1) if serial not in taken), None)
