"""One row of a camera list: checked field by field, with every error and its reason."""

from collections.abc import Mapping
from dataclasses import dataclass

from vms.core.coordinates import to_wgs84
from vms.core.errors import BadInput
from vms.inventory.archive.direction import bearing_of
from vms.inventory.camera import CoordinateSystem, LifeCycle
from vms.inventory.lists.collection_sheet import DIRECTION
from vms.inventory.lists.contact import is_masked
from vms.inventory.lists.entry_columns import LIFE_CYCLE, RECORD, CellReader, Value
from vms.inventory.lists.sensor_cell import SENSORS, SensorAim, read_sensors

FORMULA_SIGNS = "=+-@'"
"""A spreadsheet takes a text that starts so for a formula; such texts are written with an apostrophe before them."""


def looks_escaped(text: str) -> bool:
    """As if an apostrophe had been put before it, which reading takes away; what only looks so is written with two."""
    return len(text) > 1 and text[0] == "'" and text[1] in FORMULA_SIGNS


@dataclass(frozen=True, slots=True, kw_only=True)
class RowError:
    row: int
    """As a spreadsheet counts them, from 1. In TOML the first camera is 1."""
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
    direction: int | None = None
    """The bearing was told as one of eight directions."""
    mark: str = ""
    """Of the record that the row describes; empty: the list names none."""
    life_cycle: LifeCycle | None = None
    """In which state the list says that the record is; None: it does not say."""
    sensors: tuple[SensorAim, ...] | None = None
    """None: the list does not say. Empty: it has one, which the record describes."""

    def text(self, column: str) -> str:
        return str(self.columns.get(column) or "")


def parse_entry(row: int, cells: Mapping[str, str], reader: CellReader) -> Entry | list[RowError]:
    """`cells` by column name, as they stand in the file; all errors of the row at once."""
    errors: list[RowError] = []
    values: dict[str, Value] = {}
    read = reader.read
    for column, cell in cells.items():
        text = cell.strip()
        if text[:1] == "'" and looks_escaped(text):
            text = text[1:]
        try:
            values[column] = read(column, text)
        except ValueError as problem:
            errors.append(row_error(row, column, cell, str(problem)))
    if is_masked(str(values.get("mgmt_contact", ""))):  # masked when the list was written: says nothing
        del values["mgmt_contact"]
    if not errors:
        errors = _place(row, values)
    if errors:
        return errors
    direction = None
    if DIRECTION in values:
        told = values.pop(DIRECTION)
        direction = told if isinstance(told, int) else None
        values["bearing_deg"] = None if direction is None else bearing_of(direction)
    owner = values.pop("owner", None)
    if "channel" in values:
        values["declared_channel"] = values.pop("channel")
    life_cycle, sensors = values.pop(LIFE_CYCLE, None), values.pop(SENSORS, None)
    return Entry(
        row=row,
        columns=values,
        owner=None if owner is None else str(owner),
        direction=direction,
        mark=str(values.pop(RECORD, None) or ""),
        life_cycle=LifeCycle(str(life_cycle)) if life_cycle else None,
        sensors=None if sensors is None else read_sensors(str(sensors)),
    )


def row_error(row: int, field: str, value: str, reason: str) -> RowError:
    if field == "lat" and reason.startswith("not between"):
        reason += " (longitude and latitude may be swapped)"
    return RowError(row=row, field=field, value=value if len(value) <= 100 else value[:100] + "…", reason=reason)


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
        return [row_error(row, "lon" if x is None else "lat", "", "a position needs both lon and lat")]
    lon, lat = float(str(x)), float(str(y))
    if lon == 0.0 and lat == 0.0:
        return [row_error(row, "lon", "0", "0, 0 is no position")]
    try:
        position = to_wgs84(lon, lat, system)
    except BadInput as problem:
        return [row_error(row, "lon", str(x), problem.reason)]
    values |= {"lon": position.lon, "lat": position.lat}
    return []
