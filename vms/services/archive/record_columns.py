"""The fields of a record as somebody gives them, checked and made columns: positions, owners, codes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from vms.core.coordinates import to_wgs84
from vms.core.errors import BadInput
from vms.inventory.archive.fields import find_field
from vms.inventory.archive.values import Value, read_value
from vms.inventory.tier import Tier
from vms.store import owners

_PLACE = frozenset({"lon", "lat", "coordinate_system"})


def read_fields(given: Mapping[str, object]) -> dict[str, Value]:
    """By field name. Raises BadInput that names the field."""
    found: dict[str, Value] = {}
    for name, value in given.items():
        field = find_field(name)
        if field is None:
            raise BadInput("there is no such field in the archive", where=name[:80])
        try:
            found[name] = read_value(field, value)
        except ValueError as problem:
            raise BadInput(str(problem), where=name) from None
    return found


def columns_of(tx: Connection, row: Mapping[str, Any], given: Mapping[str, Value], now: datetime) -> dict[str, Any]:
    """Columns of `cameras` as the fields say; `row`: the record as it is. An owner that is new is added."""
    columns: dict[str, Any] = {}
    for name, value in given.items():
        if name not in _PLACE and name != "owner":
            columns[_column(name)] = list(value) if isinstance(value, tuple) else value
    if _PLACE & set(given):
        columns |= _place(row, given)
    if "owner" in given:
        tier = Tier(columns.get("tier", row["tier"]))
        owner = str(given["owner"] or "")
        present = owners.names(tx, [row["owner_id"]]) if row["owner_id"] is not None else {}
        if owner not in present.values():
            columns["owner_id"] = owners.ensure(tx, owner, tier, now) if owner else None
    return columns


def _column(name: str) -> str:
    field = find_field(name)
    assert field is not None
    return field.column


def _place(row: Mapping[str, Any], given: Mapping[str, Value]) -> dict[str, Any]:
    """`lon` and `lat` are in `coordinate_system`, WGS-84 where none is given; a system alone says in which one the
    position was entered before."""
    if "lon" not in given and "lat" not in given:
        x, y, system = row["entered_x"], row["entered_y"], given["coordinate_system"]
    else:
        for name in ("lon", "lat"):
            if name not in given:
                raise BadInput("a position needs both lon and lat", where=name)
        x, y, system = given["lon"], given["lat"], given.get("coordinate_system") or "wgs84"
    place = {"entered_x": x, "entered_y": y, "entered_system": system, "lon": None, "lat": None}
    if x is None and y is None:
        return place
    if x is None or y is None:
        raise BadInput("a position needs both lon and lat", where="lon" if x is None else "lat")
    if float(x) == 0.0 and float(y) == 0.0:
        raise BadInput("0, 0 is no position", where="lon")
    try:
        position = to_wgs84(float(x), float(y), str(system))
    except BadInput as problem:
        raise BadInput(problem.reason, where="lon") from None
    return place | {"lon": position.lon, "lat": position.lat}
