"""A filter expression as SQL conditions over `cameras` alone: what lies in other tables is asked for in subqueries.

Every condition is true or false, never NULL, so that `not` means the rest.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from ipaddress import IPv4Network
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, cast, false, func, literal, not_, or_, select, true

from vms.core.ids import SessionId
from vms.health.status import Status
from vms.inventory.archive.rules import ANSWERS
from vms.inventory.filters.expression import Both, Comparison, Expression, Has, Operator, Without
from vms.inventory.filters.fields import FieldKind, FilterField
from vms.inventory.filters.values import Pattern, Span, Value
from vms.store.blind_spells import is_blind
from vms.store.firm_by_rules import NO_FIRM
from vms.store.problem_codes import problem_codes
from vms.store.region_scope import is_within
from vms.store.schema import (
    cameras,
    device_keys,
    devices,
    faults,
    judgements,
    maintainers,
    photographs,
    stills,
    streams,
    watches,
)

Condition = ColumnElement[bool]
Test = Callable[[ColumnElement[Any]], Condition]
Place = Callable[[Test], Condition]
"""Where a field's value lies: applies a test to it there."""

FIRM_FIELDS = frozenset({"maintainer", "maintainer_id"})
_c, _d = cameras.c, devices.c
_NEGATIVE = {Operator.UNEQUAL: Operator.EQUAL, Operator.LACKS: Operator.CONTAINS, Operator.NOT_IN: Operator.IN}


@dataclass(frozen=True, slots=True)
class Told:
    """What no column says."""

    speaking: SessionId | None
    """The run of the poller whose words count now; None: every status is unknown."""
    firm: ColumnElement[int] = field(default_factory=lambda: literal(NO_FIRM))
    """Who repairs the camera by the rules: vms.store.firm_by_rules. Only where FIRM_FIELDS are asked for."""


def condition_of(expression: Expression, told: Told) -> Condition:
    if isinstance(expression, Without):
        return not_(condition_of(expression.part, told))
    if isinstance(expression, Has):
        return _has(expression.field, told)
    if isinstance(expression, Comparison):
        return _comparison(expression, told)
    parts = [condition_of(part, told) for part in expression.parts]
    return and_(*parts) if isinstance(expression, Both) else or_(*parts)


def has_status(wanted: frozenset[str], speaking: SessionId | None) -> Condition:
    """The camera's status is one of these now."""
    if speaking is None:
        return true() if Status.UNKNOWN.value in wanted else false()
    said = select(watches.c.camera_id).where(watches.c.session_id == speaking, not_(is_blind(speaking)))
    known = sorted(wanted - {Status.UNKNOWN.value})
    if Status.UNKNOWN.value not in wanted:
        return _c.id.in_(said.where(watches.c.status.in_(known)))
    others = [status.value for status in Status if status.value not in wanted]
    return _c.id.not_in(said.where(watches.c.status.in_(others)))


def _has(item: FilterField, told: Told) -> Condition:
    if item.name == "status":
        return not_(has_status(frozenset({Status.UNKNOWN.value}), told.speaking))
    if item.name == "breaks":
        return or_(_judged(lambda column: column != "", judgements.c.broken), _is_down(told))
    if item.name in _MARKS:
        return _MARKS[item.name]
    return _place_of(item, told)(partial(_filled, item))


def _comparison(asked: Comparison, told: Told) -> Condition:
    if asked.operator in _NEGATIVE:
        return not_(_comparison(Comparison(asked.field, _NEGATIVE[asked.operator], asked.values), told))
    item = asked.field
    if item.name == "status":
        return has_status(frozenset(str(value) for value in asked.values), told.speaking)
    if item.name == "breaks" and asked.values != ("",):
        return _breaks([str(value) for value in asked.values], told)
    if asked.values == ("",):
        return not_(_has(item, told))
    return or_(*(_fits(item, asked.operator, value, told) for value in _together(asked)))


def _together(asked: Comparison) -> tuple[Value | tuple[Value, ...], ...]:
    """Plain values of a list are looked up at once; the others one by one."""
    if asked.operator is not Operator.IN or asked.field.kind in (FieldKind.REGION, FieldKind.CODES):
        return asked.values
    plain = tuple(value for value in asked.values if not isinstance(value, (Pattern, IPv4Network)))
    others = tuple(value for value in asked.values if isinstance(value, (Pattern, IPv4Network)))
    return (*others, plain) if plain else others


def _fits(item: FilterField, operator: Operator, value: Value | tuple[Value, ...], told: Told) -> Condition:
    if isinstance(value, IPv4Network):
        first, last = int(value.network_address), int(value.broadcast_address)
        return and_(_c.address_number.is_not(None), _c.address_number.between(first, last))
    return _place_of(item, told)(_test(item, operator, value))


def _test(item: FilterField, operator: Operator, value: Value | tuple[Value, ...]) -> Test:
    if isinstance(value, Pattern):
        around = "%,{},%" if item.name == "problem" else "{}"
        return lambda column: column.ilike(around.format(_like(value)), escape="\\")
    if isinstance(value, Span):
        return _in_time(item, operator, value)
    if operator is Operator.CONTAINS:
        return lambda column: column.icontains(str(value), autoescape=True)
    if item.kind is FieldKind.CODES:
        return lambda column: _one_of_codes(column).contains(f",{value},")
    values = value if isinstance(value, tuple) else (value,)
    if item.kind is FieldKind.REGION and operator is Operator.IN:
        return lambda _: or_(*(is_within(_c.region_code, str(one)) for one in values))
    if item.name == "differs":
        return lambda column: or_(*(column.contains(f",{one},") for one in values))
    if item.name == "problem":
        return lambda column: or_(*(column.icontains(f",{one},", autoescape=True) for one in values))
    if item.kind in (FieldKind.TEXT, FieldKind.NETWORK):
        return lambda column: func.lower(column).in_([str(one).lower() for one in values])
    if item.kind is FieldKind.CODE:
        spelt = sorted({way for one in values for way in (str(one), str(one).upper(), str(one).lower())})
        return lambda column: column.in_(spelt)
    return _in_order(operator, values)


def _in_order(operator: Operator, values: tuple[Value, ...]) -> Test:
    tests: dict[Operator, Test] = {
        Operator.LESS: lambda column: column < values[0],
        Operator.AT_MOST: lambda column: column <= values[0],
        Operator.MORE: lambda column: column > values[0],
        Operator.AT_LEAST: lambda column: column >= values[0],
    }
    return tests.get(operator, lambda column: column.in_(values))


def _in_time(item: FilterField, operator: Operator, span: Span) -> Test:
    start: Any = span.start
    end: Any = span.end
    if item.kind is FieldKind.DATE:
        start, end = span.start.date(), span.end.date()
    tests: dict[Operator, Test] = {
        Operator.LESS: lambda column: column < start,
        Operator.AT_MOST: lambda column: column < end,
        Operator.MORE: lambda column: column >= end,
        Operator.AT_LEAST: lambda column: column >= start,
    }
    return tests.get(operator, lambda column: and_(column >= start, column < end))


def _like(pattern: Pattern) -> str:
    escaped = (part.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") for part in pattern.parts)
    return "%".join(escaped)


def _one_of_codes(column: ColumnElement[Any]) -> ColumnElement[str]:
    """`[1, 10]` as `,1,10,`."""
    text = func.replace(cast(column, Text), " ", "")
    plain: ColumnElement[str] = func.replace(func.replace(text, "[", ","), "]", ",")
    return plain


def _filled(item: FilterField, column: ColumnElement[Any]) -> Condition:
    if item.kind is FieldKind.CODES:
        return cast(column, Text) != "[]"
    if item.name == "problem":
        return column != ",,"
    if item.name == "differs":
        return column != ""
    if item.kind in (FieldKind.TEXT, FieldKind.CODE, FieldKind.REGION, FieldKind.NETWORK):
        return column != ""
    return column.is_not(None)


def _place_of(item: FilterField, told: Told) -> Place:
    if item.name == "since":
        return lambda test: _c.id.in_(
            select(watches.c.camera_id).where(watches.c.session_id == told.speaking, test(watches.c.since))
        )
    if item.name in FIRM_FIELDS:
        return partial(_firm if item.name == "maintainer" else _firm_id, told.firm)
    return _PLACES[item.name]


def _firm_id(firm: ColumnElement[int], test: Test) -> Condition:
    return and_(firm != NO_FIRM, test(func.nullif(firm, NO_FIRM)))


def _firm(firm: ColumnElement[int], test: Test) -> Condition:
    return firm.in_(select(maintainers.c.id).where(test(maintainers.c.name)))


def _there(column: ColumnElement[Any]) -> Place:
    return lambda test: test(column)


def _perhaps(column: ColumnElement[Any]) -> Place:
    return lambda test: and_(column.is_not(None), test(column))


def _of_device(test: Test, column: ColumnElement[Any]) -> Condition:
    return and_(_c.device_id.is_not(None), _c.device_id.in_(select(_d.id).where(test(column))))


def _judged(test: Test, column: ColumnElement[Any]) -> Condition:
    return _c.id.in_(select(judgements.c.camera_id).where(test(column)))


def _is_down(told: Told) -> Condition:
    return has_status(frozenset({Status.DOWN.value}), told.speaking)


def _breaks(rules: list[str], told: Told) -> Condition:
    """One of these. What hangs on the watch is not in the judgement: it changes with every flip."""
    kept = [judgements.c.broken.contains(f",{rule},") for rule in rules if rule != ANSWERS]
    found = [_is_down(told)] if ANSWERS in rules else []
    if kept:
        found.append(_c.id.in_(select(judgements.c.camera_id).where(or_(*kept))))
    return or_(*found)


def _serial_no(test: Test) -> Condition:
    return or_(test(_c.serial_no), _of_device(test, _d.serial_no))


def _mac(test: Test) -> Condition:
    keys = select(device_keys.c.device_id).where(device_keys.c.kind == "mac", test(device_keys.c.value))
    return or_(test(_c.mac), and_(_c.device_id.is_not(None), _c.device_id.in_(keys)))


def _address(test: Test) -> Condition:
    return or_(and_(_c.device_id.is_(None), test(_c.address)), _of_device(test, _d.address))


def _port(test: Test) -> Condition:
    return or_(and_(_c.device_id.is_(None), _c.port.is_not(None), test(_c.port)), _of_device(test, _d.port))


def _fault(test: Test) -> Condition:
    return _c.id.in_(select(faults.c.camera_id).where(faults.c.closed_at.is_(None), test(faults.c.kind)))


def _channel(test: Test) -> Condition:
    return or_(and_(_c.channel != "", test(_c.channel)), and_(_c.channel == "", test(_c.declared_channel)))


def _login_refused(test: Test) -> Condition:
    return test(_of_device(lambda column: column.is_not(None), _d.login_refused_version))


_PLACES: Mapping[str, Place] = MappingProxyType(
    {
        **{
            name: _there(_c[name])
            for name in (
                *("id", "common_name", "tier", "install_address", "gb_device_id", "ipv6", "life_cycle", "asset_status"),
                *(
                    "indoor",
                    "ptz",
                    "encoding",
                    "industry",
                    "site_category",
                    "police_org_code",
                    "mgmt_unit",
                    "filing_no",
                ),
                *("created_at", "changed_at"),
            )
        },
        **{
            name: _perhaps(_c[name])
            for name in (
                *("point_class", "owner_id", "device_id", "structure_type", "supply_light", "network_attr"),
                *("filing_on", "installed_on", "retention_days", "mount_height_m", "bearing_deg", "tilt_deg"),
                *("h_fov_deg", "max_view_m", "width_px", "height_px"),
            )
        },
        "region": _there(_c.region_code),
        "pole": _there(_c.pole_code),
        "function_type": _there(_c.function_types),
        "position_type": _there(_c.position_types),
        "signage": _perhaps(_c.signage_present),
        "lon": _perhaps(func.coalesce(_c.lon, _c.observed_lon)),
        "lat": _perhaps(func.coalesce(_c.lat, _c.observed_lat)),
        "name": _there(_c.shown_name),
        "manufacturer": _there(_c.shown_manufacturer),
        "model": _there(_c.shown_model),
        "owner": _there(_c.shown_owner),
        "firmware": lambda test: _of_device(test, _d.firmware),
        "auth": lambda test: _of_device(test, _d.auth),
        "problem": lambda test: _of_device(test, problem_codes(_d.problems)),
        "serial_no": _serial_no,
        "mac": _mac,
        "address": _address,
        "port": _port,
        "fault": _fault,
        "channel": _channel,
        "login_refused": _login_refused,
        "completeness": lambda test: _judged(test, judgements.c.completeness_pct),
        "class": lambda test: _judged(test, judgements.c.point_class),
        "differs": lambda test: _judged(test, judgements.c.differing),
    }
)

_MARKS: Mapping[str, Condition] = MappingProxyType(
    {
        "position": func.coalesce(_c.lon, _c.observed_lon).is_not(None),
        "device": _c.device_id.is_not(None),
        "stream": _c.id.in_(select(streams.c.camera_id)),
        "still": _c.id.in_(select(stills.c.camera_id)),
        "photograph": _c.id.in_(select(photographs.c.camera_id).where(photographs.c.removed_at.is_(None))),
    }
)


def speaking_session(latest: Any, now: datetime) -> SessionId | None:
    """Of watch_sessions.latest_session(): the run that speaks now, if any does."""
    return None if latest is None or latest.silence(now) else latest.session_id
