"""One row of a camera list: checked field by field, with every error and its reason."""

from collections.abc import Mapping
from dataclasses import dataclass

from vms.core.coordinates import to_wgs84
from vms.core.errors import BadInput
from vms.inventory.camera import CoordinateSystem
from vms.inventory.entry_columns import Value, read_value

_EMPTY: dict[str, Value] = {"indoor": False, "coordinate_system": CoordinateSystem.WGS84.value}
_NUMBERS = frozenset(
    {
        *("port", "lon", "lat", "mount_height_m", "bearing_deg", "tilt_deg", "h_fov_deg", "max_view_m"),
        *("width_px", "point_class"),
    }
)
FORMULA_SIGNS = "=+-@'"
"""A spreadsheet takes a text that starts so for a formula; such texts are written with an apostrophe before them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowError:
    row: int
    """As a spreadsheet counts them: the headings are row 1. In TOML the first camera is 1."""
    field: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a row says, as the camera's columns; a column that the list does not have is not in `columns`."""

    row: int
    columns: Mapping[str, Value]
    owner: str | None = None
    """None: the list has no such column. Empty: nobody."""

    def text(self, column: str) -> str:
        return str(self.columns.get(column) or "")


def parse_entry(row: int, cells: Mapping[str, str]) -> Entry | list[RowError]:
    """`cells` by column name, as they stand in the file; all errors of the row at once."""
    errors: list[RowError] = []
    values: dict[str, Value] = {}
    for column, cell in cells.items():
        text = cell.strip()
        if len(text) > 1 and text[0] == "'" and text[1] in FORMULA_SIGNS:
            text = text[1:]
        try:
            values[column] = (
                read_value(column, text) if text else _EMPTY.get(column, None if column in _NUMBERS else "")
            )
        except ValueError as problem:
            errors.append(_error(row, column, cell, str(problem)))
    for column in ("name", "tier"):
        if column in cells and not cells[column].strip():
            errors.append(_error(row, column, "", "must not be empty"))
    if not errors:
        errors = _place(row, values)
    if errors:
        return errors
    owner = values.pop("owner", None)
    if "channel" in values:
        values["declared_channel"] = values.pop("channel")
    return Entry(row=row, columns=values, owner=None if owner is None else str(owner))


def _nothing(column: str) -> Value:
    """What an empty cell says."""
    return _EMPTY.get(column, None if column in _NUMBERS else "")


def _place(row: int, values: dict[str, Value]) -> list[RowError]:
    """lon, lat and their system become WGS-84 and what was entered."""
    system = str(values.pop("coordinate_system", CoordinateSystem.WGS84.value))
    if "lon" not in values and "lat" not in values:
        return []
    x, y = values.get("lon"), values.get("lat")
    values |= {"entered_x": x, "entered_y": y, "entered_system": system, "lon": None, "lat": None}
    if x is None and y is None:
        return []
    if x is None or y is None:
        return [_error(row, "lon" if x is None else "lat", "", "a position needs both lon and lat")]
    lon, lat = float(x), float(y)
    if lon == 0.0 and lat == 0.0:
        return [_error(row, "lon", "0", "0, 0 is no position")]
    try:
        position = to_wgs84(lon, lat, system)
    except BadInput as problem:
        return [_error(row, "lon", str(x), problem.reason)]
    values |= {"lon": position.lon, "lat": position.lat}
    return []


def _error(row: int, field: str, value: str, reason: str) -> RowError:
    if field == "lat" and reason.startswith("not between"):
        reason += " (longitude and latitude may be swapped)"
    return RowError(row=row, field=field, value=value if len(value) <= 100 else value[:100] + "…", reason=reason)
