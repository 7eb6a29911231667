"""One camera on its way out of the house: its record as cells by column, and what stands beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from vms.health.status import Status
from vms.inventory.archive.direction import direction_code
from vms.inventory.archive.fields import FIELDS
from vms.inventory.camera import Camera
from vms.inventory.identity.known_device import KnownDevice
from vms.inventory.lists.collection_sheet import DIRECTION, OLD_CODES
from vms.inventory.lists.contact import mask_contact
from vms.inventory.lists.entry_columns import COLUMNS, LIFE_CYCLE, RECORD
from vms.inventory.lists.sensor_cell import SENSORS
from vms.inventory.lists.told_values import told_values

Cell = str | int | float | bool | date | tuple[int, ...]
WGS84_DIGITS = 7
_PERSONAL = frozenset(one.name for one in FIELDS if one.personal)
_SHEET_CODES = {ours: theirs for theirs, ours in OLD_CODES["encoding"].items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedCamera:
    camera: Camera
    cells: Mapping[str, Cell]
    """By column; only what is filled in."""
    owner: str
    region: str
    """The region's name; its code where it has none."""
    status: Status
    contact: str
    """As it may be handed on; empty: not at all."""
    mark: str = ""
    """Of the record, in lists that are read back."""
    sensors: str = ""
    """As a cell; empty: it has one."""

    @property
    def list_cells(self) -> dict[str, Cell]:
        """For a list that is read back: also its sensors, which record it is, and in which state."""
        several = {SENSORS: self.sensors} if self.sensors else {}
        return {**self.cells, **several, LIFE_CYCLE: self.camera.life_cycle.value, RECORD: self.mark}


class Contacts(StrEnum):
    """How contacts go out."""

    AS_THEY_ARE = "as they are"
    MASKED = "masked"
    """For lists: whoever reads one sees that there is a contact, and an import takes it for nothing said."""
    LEFT_OUT = "left out"
    """For data that other systems take in: a mask would become the contact there."""


class ListWriter(Protocol):
    def put(self, one: ExportedCamera) -> None: ...

    def end(self) -> None:
        """Nothing is complete before."""
        ...


def cells_of(
    camera: Camera, aim: Mapping[str, float | None], owner: str, device: KnownDevice | None, contacts: Contacts
) -> dict[str, Cell]:
    """`aim`: where it looks, also of one whose place nobody said. A camera that nobody entered yet is told with what
    its device said, to be completed and read in."""
    declared, pose = camera.declared, camera.declared.pose
    x, y, system = declared.entered_x, declared.entered_y, declared.entered_system.value
    if pose is not None and (x is None or y is None):
        x, y, system = pose.position.lon, pose.position.lat, "wgs84"
    cells: dict[str, Cell | None] = {name: getattr(declared, name) for name in COLUMNS if hasattr(declared, name)}
    cells |= aim
    cells |= {
        "tier": declared.tier.value,
        "owner": owner,
        "lon": x,
        "lat": y,
        "coordinate_system": system if x is not None else None,
        "name": declared.name or camera.name,
    }
    if contacts is not Contacts.AS_THEY_ARE:
        masked = contacts is Contacts.MASKED
        cells |= {name: mask_contact(str(cells[name] or "")) if masked else None for name in _PERSONAL}
    if device is not None and not declared.name:
        told = told_values(camera.name, camera.channel, device.observed)
        cells |= {name: value for name, value in told.items() if name == "name" or cells.get(name) in (None, "")}
    return {name: value for name in COLUMNS if (value := cells.get(name)) is not None and value not in ("", ())}


def sheet_cells(one: ExportedCamera) -> dict[str, Cell]:
    """For the collection sheet: the position in WGS-84, the direction as its code."""
    cells = dict(one.cells)
    pose = one.camera.declared.pose
    if pose is not None:
        cells |= {"lon": round(pose.position.lon, WGS84_DIGITS), "lat": round(pose.position.lat, WGS84_DIGITS)}
        if pose.bearing_deg is not None:
            cells[DIRECTION] = direction_code(pose.bearing_deg)
    if "encoding" in cells:
        cells["encoding"] = _SHEET_CODES.get(str(cells["encoding"]), cells["encoding"])
    return cells


def cell_text(value: Cell | None) -> str:
    """As a list in text form writes it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return "/".join(str(code) for code in value)
    return value.isoformat() if isinstance(value, date) else str(value)
