"""In which order a list of cameras comes, and where a page of it ended: the place from which the next one starts."""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, literal, or_

from vms.core.errors import BadInput, NotAllowed
from vms.inventory.filters.search_text import network_term, search_terms
from vms.store.filter_conditions import speaking_session
from vms.store.schema import cameras, judgements, search_texts, watches
from vms.store.watch_sessions import latest_session
from vms.store.watching import status_column

_c = cameras.c
_COLUMNS: dict[str, ColumnElement[Any]] = {
    **{
        name: _c[name]
        for name in (
            *("id", "common_name", "tier", "region_code", "install_address", "pole_code", "gb_device_id", "life_cycle"),
            *("point_class", "asset_status", "mgmt_unit", "installed_on", "retention_days", "filing_no", "filing_on"),
            *("created_at", "changed_at"),
        )
    },
    "region": _c.region_code,
    "pole": _c.pole_code,
    "name": _c.shown_name,
    "manufacturer": _c.shown_manufacturer,
    "model": _c.shown_model,
    "owner": _c.shown_owner,
    "address": _c.address_number,
}
WATCHED = ("status", "since")
JUDGED = "completeness"
RANK = "rank"
"""The best find first: only where something is searched."""
SORTS = (*_COLUMNS, *WATCHED, JUDGED)
_NULLABLE = frozenset(("point_class", "installed_on", "retention_days", "filing_on", "address", "since", JUDGED))
_INSTANTS = frozenset(("since", "created_at", "changed_at"))
_MOST_CURSOR = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    name: str
    key: ColumnElement[Any]
    descending: bool

    @property
    def watched(self) -> bool:
        """Needs `watches` beside `cameras`."""
        return self.name in WATCHED

    @property
    def judged(self) -> bool:
        """Needs `judgements` beside `cameras`."""
        return self.name == JUDGED

    @property
    def searched(self) -> bool:
        """Needs `search_texts` beside `cameras`."""
        return self.name == RANK

    @property
    def nullable(self) -> bool:
        return self.name in _NULLABLE


def order_of(
    tx: Connection, sort: str, text: str, now: datetime, *, sees_addresses: bool, sees_owners: bool
) -> Order:  # fmt: skip
    """`sort` with a leading minus: the other way round; empty: by rank where there is a text, else by id."""
    name = sort.removeprefix("-") or (RANK if search_terms(text) else "id")
    descending = sort.startswith("-")
    if name == "status":
        return Order(name=name, key=status_column(latest_session(tx), now), descending=descending)
    if name == "since":
        speaking = speaking_session(latest_session(tx), now)
        return Order(name=name, key=case((watches.c.session_id == speaking, watches.c.since)), descending=descending)
    if name == JUDGED:
        return Order(name=name, key=judgements.c.completeness_pct, descending=descending)
    if name == RANK:
        return Order(name=name, key=_rank(text, sees_addresses=sees_addresses), descending=descending)
    if name == "address" and not sees_addresses:
        raise NotAllowed("your role may not sort by address", code="role")
    if name == "owner" and not sees_owners:
        raise NotAllowed("your role may not sort by owner", code="role")
    if name not in _COLUMNS:
        known = ", ".join(one for one in SORTS if one != "address" or sees_addresses)
        raise BadInput(f"cannot be sorted by {name!r}; known are {known}", where="sort")
    return Order(name=name, key=_COLUMNS[name], descending=descending)


def sorted_by(order: Order, key: ColumnElement[Any], camera_id: ColumnElement[int]) -> list[ColumnElement[Any]]:
    """Stable: the id decides between equals. What is not known comes first, or last the other way round."""
    if order.name == "id":
        return [camera_id.desc() if order.descending else camera_id.asc()]
    if order.descending:
        return [key.desc().nulls_last() if order.nullable else key.desc(), camera_id.desc()]
    return [key.asc().nulls_first() if order.nullable else key.asc(), camera_id.asc()]


def cursor_at(order: Order, value: Any, camera_id: int) -> str:
    """Where a page ended; opaque to who gets it."""
    plain = value.isoformat() if isinstance(value, (date, datetime)) else value
    text = json.dumps([order.name, order.descending, plain, camera_id], ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def beyond(order: Order, cursor: str, key: ColumnElement[Any], camera_id: ColumnElement[int]) -> ColumnElement[bool]:
    """What comes after the place that cursor_at named. Raises BadInput."""
    value, last = _read_cursor(order, cursor)
    further = camera_id < last if order.descending else camera_id > last
    if order.name == "id":
        return further
    if value is None:
        same = and_(key.is_(None), further)
        return same if order.descending else or_(same, key.is_not(None))
    there = literal(value, key.type)
    past = key < there if order.descending else key > there
    found = or_(past, and_(key == there, further))
    if not order.nullable:
        return and_(key <= there if order.descending else key >= there, found)
    return or_(found, key.is_(None)) if order.descending else found


def _read_cursor(order: Order, cursor: str) -> tuple[Any, int]:
    try:
        if len(cursor) > _MOST_CURSOR:
            raise ValueError
        padded = cursor + "=" * (-len(cursor) % 4)
        name, descending, value, last = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if (name, descending) != (order.name, order.descending) or type(last) is not int or not 0 <= last < 2**63:
            raise ValueError
        return _value(order, value), last
    except (ValueError, TypeError, binascii.Error, RecursionError):
        raise BadInput("not the `next` of a page in this order", where="after") from None


def _value(order: Order, value: Any) -> Any:
    if value is None:
        if not order.nullable:
            raise ValueError
        return None
    if order.name in _INSTANTS:
        moment = datetime.fromisoformat(value)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    kind = order.key.type.python_type
    if kind is date:
        return date.fromisoformat(value)
    if kind is float and type(value) in (int, float) and 0 <= value <= 100:
        return float(value)
    if kind is int and type(value) is int and -(2**63) <= value < 2**63:
        return value
    if kind is str and isinstance(value, str) and "\x00" not in value:
        return value
    raise ValueError


def _rank(text: str, *, sees_addresses: bool) -> ColumnElement[int]:
    """0: one of its words is exactly this; 1: its name begins so; 2: somewhere. Of search_texts alone: it is short."""
    terms = search_terms(text)
    whole, t = (terms[0] if len(terms) == 1 else " ".join(terms)), search_texts.c
    column = t.letters if whole.isascii() else t.words
    exact = [literal(" ").concat(column).concat(" ").contains(f" {whole} ", autoescape=True)]
    if sees_addresses:
        exact.append(literal(" ").concat(t.network).concat(" ").contains(f" {network_term(whole)} ", autoescape=True))
    typed = text.strip()
    if typed.isascii() and typed.isdecimal() and len(typed) <= 15:
        exact.append(t.camera_id == int(typed))
    return case((or_(*exact), 0), (column.startswith(whole, autoescape=True), 1), else_=2)
