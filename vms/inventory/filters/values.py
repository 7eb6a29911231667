"""What stands right of an operator, read as its field needs it; a value that does not fit says why."""

import math
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from difflib import get_close_matches
from ipaddress import AddressValueError, IPv4Network, IPv6Address

from vms.inventory.filters.fields import NO, YES, FieldKind, FilterField, choice_of
from vms.inventory.filters.tokens import FilterError, Token, TokenKind
from vms.inventory.identity.keys import tidy_mac

LONGEST_VALUE = 500
_MONTH = re.compile(r"(\d{4})(?:-(\d{1,2}))?")
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")


@dataclass(frozen=True, slots=True)
class Pattern:
    """`*` stands for anything."""

    text: str

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(self.text.split("*"))


@dataclass(frozen=True, slots=True)
class Span:
    """A day, month or year in UTC; the end is the first moment after it."""

    start: datetime
    end: datetime


Value = str | int | float | bool | Pattern | Span | IPv4Network


def read_filter_value(item: FilterField, token: Token) -> Value:
    """Raises FilterError."""
    text = token.text.strip() if token.kind is TokenKind.WORD else token.text
    if len(text) > LONGEST_VALUE:
        raise FilterError(f"a value longer than {LONGEST_VALUE} characters", position=token.position)
    try:
        match item.kind:
            case FieldKind.WHOLE | FieldKind.CODES:
                return _whole(text)
            case FieldKind.NUMBER:
                return _number(text.rstrip("%％ ") if item.name == "completeness" else text)
            case FieldKind.DATE | FieldKind.INSTANT:
                return read_span(text)
            case FieldKind.YES_NO:
                return _yes_no(text)
            case FieldKind.CHOICE:
                return _choice(item, token)
            case FieldKind.NETWORK:
                return _network(text, quoted=token.kind is TokenKind.QUOTED)
            case _:
                if item.name == "mac" and tidy_mac(text):
                    return tidy_mac(text)
                return Pattern(text) if "*" in text and token.kind is TokenKind.WORD else text
    except ValueError as problem:
        raise FilterError(f"{item.name} is not {token.shown}: {problem}", position=token.position) from None


def read_span(text: str) -> Span:
    """`2024`, `2024-05`, `2024-05-01`, `2024年5月1日`, an ISO instant. Raises ValueError."""
    plain = text.replace("年", "-").replace("月", "-").replace("日", "").replace("/", "-").strip("- ")
    if found := _MONTH.fullmatch(plain):
        year, month = int(found[1]), int(found[2] or 1)
        start = _midnight(year, month, 1)
        if found[2] is None:
            return Span(start, _midnight(year + 1, 1, 1))
        return Span(start, _midnight(year + month // 12, month % 12 + 1, 1))
    if found := _DAY.fullmatch(plain):
        start = _midnight(*(int(part) for part in found.groups()))
        return Span(start, start + timedelta(days=1))
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("expected a day, month or year such as 2024-05-01, 2024-05, 2024") from None
    _of_our_time(moment.year)
    aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return Span(aware, aware + timedelta(seconds=1))


def _of_our_time(year: int) -> None:
    if not 1900 <= year <= 2200:
        raise ValueError("a year between 1900 and 2200 is expected")


def _midnight(year: int, month: int, day: int) -> datetime:
    _of_our_time(year)
    the_day = date(year, month, day)
    return datetime(the_day.year, the_day.month, the_day.day, tzinfo=UTC)


def _whole(text: str) -> int:
    if not re.fullmatch(r"[+-]?[0-9]{1,15}", text):
        raise ValueError("a whole number is expected")
    return int(text)


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise ValueError("a number is expected") from None
    if not math.isfinite(value):
        raise ValueError("a number is expected")
    return value


def _yes_no(text: str) -> bool:
    if text.lower() in YES:
        return True
    if text.lower() in NO:
        return False
    raise ValueError("yes or no is expected")


def _choice(item: FilterField, token: Token) -> str:
    found = choice_of(item, token.text)
    if found is None:
        words = [word for value, others in item.choices.items() for word in (value, *others)]
        near = tuple(get_close_matches(token.text.lower(), words, n=2, cutoff=0.6))
        raise FilterError(
            f"{item.name} is never {token.shown}", position=token.position, expected=tuple(item.choices), near=near
        )
    return found


def _network(text: str, *, quoted: bool) -> Value:
    """An IPv4 address or network; else the text of an IPv6 address or host name."""
    if "*" in text and not quoted:
        return Pattern(text.lower())
    if re.fullmatch(r"[0-9./]+", text):
        try:
            return IPv4Network(text, strict=False)
        except ValueError:
            raise ValueError("an IPv4 address such as 10.1.2.3 or a network such as 10.1.0.0/16 is expected") from None
    if "/" in text:
        raise ValueError("only IPv4 networks can be asked for")
    try:
        return str(IPv6Address(text))
    except AddressValueError:
        return text.lower()
