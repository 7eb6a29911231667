"""The national device id: centre 8 digits (civil code 6, grass roots 2), industry 2, type 3, network 1, serial 6."""

import re
from dataclasses import dataclass

from vms.inventory.archive.codes import CodeTables

LENGTH = 20
LAST_SERIAL = 999_999
NETWORK_CAMERA = "132"
CAMERA_TYPES = frozenset({"119", "120", "131", NETWORK_CAMERA})
"""Device types that a camera may have: picture acquisition, checkpoint, camera, network camera."""
PROVINCES = frozenset(
    map(
        str,
        (*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82),
    )
)
"""GB/T 2260, first two digits."""


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


def wrong_parts(text: str, codes: CodeTables) -> tuple[tuple[str, str], ...]:
    """What cannot be, part by part, in English and Chinese; its type is a rule of its own (`type_of`)."""
    if not is_id(text):
        return (_not_digits(text),)
    if len(set(text)) == 1:
        return ((f"it is the digit {text[0]} {LENGTH} times", f"全部为数字{text[0]}"),)
    found: list[tuple[str, str]] = []
    if text[:2] not in PROVINCES:
        found.append((f"no province {text[:2]} is known (digits 1 and 2)", f"第1至2位{text[:2]}不是省级代码"))
    if not codes.knows("gb_industry", text[8:10]):
        found.append((f"no industry {text[8:10]} is known (digits 9 and 10)", f"第9至10位行业编码{text[8:10]}未知"))
    if not codes.knows("gb_network", text[13]):
        found.append((f"no network {text[13]} is known (digit 14)", f"第14位网络标识{text[13]}未知"))
    if text[14:] == "000000":
        found.append(("its serial number is 000000 (digits 15 to 20)", "第15至20位序号为000000"))
    return tuple(found)


def _not_digits(text: str) -> tuple[str, str]:
    if len(text) != LENGTH:
        return (f"it has {len(text)} characters, not {LENGTH}", f"为{len(text)}位，应为{LENGTH}位数字")
    place, sign = next((at, one) for at, one in enumerate(text, 1) if one not in "0123456789")
    return (f"character {place} is {sign}, no digit", f"第{place}位“{sign}”不是数字")


def type_of(text: str) -> str:
    """Digits 11 to 13 of what is an id."""
    return text[10:13]


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
