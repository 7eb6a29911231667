"""A field's value as somebody gives it, in JSON or as the text of a cell, checked and made what the record keeps."""

import math
import re
from collections.abc import Callable
from datetime import date
from ipaddress import ip_address

from vms.core.visible import has_control, without_format
from vms.inventory.archive.fields import ArchiveField, Kind
from vms.inventory.camera import CoordinateSystem
from vms.inventory.identity.keys import tidy_mac
from vms.inventory.tier import Tier

Value = str | int | float | bool | date | tuple[int, ...] | None

_HOST = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(\.(?!-)[A-Za-z0-9-]{1,63})*\.?")
_DATE = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?([ T].*)?")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_PARTS = re.compile(r"[,;/、，；\s]+")
_NOTHING: dict[Kind, Value] = {Kind.TEXT: "", Kind.CODES: ()}
_YES = {**dict.fromkeys(("true", "yes", "y", "1", "是"), True), **dict.fromkeys(("false", "no", "n", "0", "否"), False)}
_DIGITS_ONLY = frozenset({"gb_device_id", "region_code", "police_org_code"})
MOST_CODES = 50


def empty_value(field: ArchiveField) -> Value:
    """What the record keeps where nothing was said."""
    if field.name == "asset_status":
        return 10
    if field.name == "indoor":
        return False
    if field.name == "coordinate_system":
        return CoordinateSystem.WGS84.value
    return "" if field.kind is Kind.CODE and not field.numeric else _NOTHING.get(field.kind)


def is_empty(value: object) -> bool:
    return value is None or value == "" or value == () or value == []


def read_value(field: ArchiveField, given: object) -> Value:
    """`given`: text, number, yes or no, list of codes, None. Codes are not held against a table; format characters,
    which nobody sees, are left out. Raises ValueError with the reason."""
    if isinstance(given, str):
        given = without_format(given).strip()
    if given is None or given == "" or given == []:
        empty = empty_value(field)
        if field.must and empty == "":
            raise ValueError("must not be empty")
        return empty
    return _BY_NAME.get(field.name, _BY_KIND[field.kind])(field, given)


def _text(field: ArchiveField, given: object) -> str:
    if isinstance(given, bool) or not isinstance(given, str | int):
        raise ValueError("not a text")
    text = str(given)
    if len(text) > field.longest:
        raise ValueError(f"longer than {field.longest} characters")
    if has_control(text):
        raise ValueError("holds control characters or line breaks")
    if not text.isascii() and _SURROGATE.search(text):
        raise ValueError("is not Unicode text")
    return text


def _number(field: ArchiveField, given: object) -> float:
    try:
        value = math.nan if isinstance(given, bool) else float(given)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        raise ValueError("not a number (decimals are written with a point)") from None
    if not (math.isfinite(value) and _fits(field, value)):
        raise ValueError(f"not between {field.least:g} and {field.most:g}")
    return value % 360.0 if field.name == "bearing_deg" else value


def _whole(field: ArchiveField, given: object) -> int:
    text = str(given).removesuffix(".0")
    whole = not isinstance(given, bool) and text.isascii() and text.isdecimal() and len(text) <= 9
    if not whole and field.kind is not Kind.INTEGER:
        raise ValueError("not a whole number")
    if not (whole and _fits(field, int(text))):
        raise ValueError(f"not a whole number between {field.least:g} and {field.most:g}")
    return int(text)


def _fits(field: ArchiveField, value: float) -> bool:
    return (field.least is None or value >= field.least) and (field.most is None or value <= field.most)


def _date(_field: ArchiveField, given: object) -> date:
    if isinstance(given, date):
        return date(given.year, given.month, given.day)
    found = _DATE.fullmatch(given) if isinstance(given, str) else None
    if found is None:
        raise ValueError("not a date such as 2025-04-01")
    try:
        value = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        raise ValueError("there is no such day") from None
    if not 1950 <= value.year <= 2100:
        raise ValueError("not between 1950 and 2100")
    return value


def _yes_no(_field: ArchiveField, given: object) -> bool:
    if isinstance(given, bool):
        return given
    known = _YES.get(str(given).lower())
    if known is None:
        raise ValueError("neither yes nor no")
    return known


def _code(field: ArchiveField, given: object) -> int | str:
    return _whole(field, given) if field.numeric else _text(field, given)


def _codes(field: ArchiveField, given: object) -> tuple[int, ...]:
    parts = given if isinstance(given, list | tuple) else _PARTS.split(str(given))
    if len(parts) > MOST_CODES:
        raise ValueError(f"more than {MOST_CODES} codes")
    return tuple(dict.fromkeys(_whole(field, part) for part in parts if part != ""))


def _tier(_field: ArchiveField, given: object) -> str:
    return _one_of(given, [tier.value for tier in Tier])


def _system(_field: ArchiveField, given: object) -> str:
    return _one_of(given, [system.value for system in CoordinateSystem])


def _one_of(given: object, known: list[str]) -> str:
    text = str(given).lower()
    if text not in known:
        raise ValueError(f"unknown; known are {', '.join(known)}")
    return text


def _mac(_field: ArchiveField, given: object) -> str:
    if not (found := tidy_mac(str(given))):
        raise ValueError("not the MAC of a network card, such as 44:19:b6:0a:1b:2c")
    return found


def _address(field: ArchiveField, given: object) -> str:
    text = _text(field, given)
    try:
        return str(ip_address(text))
    except ValueError:
        dotted_digits = all(part.isdecimal() for part in text.split("."))
        if field.name == "ipv6" or dotted_digits or not _HOST.fullmatch(text):
            raise ValueError("not an IP address or host name") from None
    return text.lower()


def _ipv6(field: ArchiveField, given: object) -> str:
    address = _address(field, given)
    if ":" not in address:
        raise ValueError("not an IPv6 address")
    return address


def _identifier(field: ArchiveField, given: object) -> str:
    text = _text(field, given)
    if not re.fullmatch(r"[0-9A-Za-z-]*", text):
        raise ValueError(f"not a code of at most {field.longest} digits, letters or hyphens")
    return text


_Reader = Callable[[ArchiveField, object], Value]
_BY_KIND: dict[Kind, _Reader] = {
    Kind.TEXT: _text,
    Kind.INTEGER: _whole,
    Kind.NUMBER: _number,
    Kind.DATE: _date,
    Kind.CODE: _code,
    Kind.CODES: _codes,
    Kind.YES_NO: _yes_no,
}
_BY_NAME: dict[str, _Reader] = {
    "tier": _tier,
    "coordinate_system": _system,
    "mac": _mac,
    "address": _address,
    "ipv6": _ipv6,
    **dict.fromkeys(_DIGITS_ONLY, _identifier),
}
