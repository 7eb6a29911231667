"""One camera on its way out of the house: its record as cells by column, and what stands beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from vms.health.status import Status
from vms.inventory.archive.direction import direction_code
from vms.inventory.archive.fields import FIELDS
from vms.inventory.camera import Camera
from vms.inventory.identity.known_device import KnownDevice
from vms.inventory.lists.collection_sheet import DIRECTION, OLD_CODES
from vms.inventory.lists.contact import mask_contact
from vms.inventory.lists.entry_columns import COLUMNS

Cell = str | int | float | bool | date | tuple[int, ...]
WGS84_DIGITS = 7
_POSE = frozenset(("mount_height_m", "bearing_deg", "tilt_deg", "h_fov_deg", "v_fov_deg", "max_view_m"))
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
    """As it may be shown."""


class ListWriter(Protocol):
    def put(self, one: ExportedCamera) -> None: ...

    def end(self) -> None:
        """Nothing is complete before."""
        ...


def cells_of(camera: Camera, owner: str, device: KnownDevice | None, *, contacts: bool) -> dict[str, Cell]:
    """A camera that nobody entered yet is told with what its device said, to be completed and read in."""
    declared, pose = camera.declared, camera.declared.pose
    x, y, system = declared.entered_x, declared.entered_y, declared.entered_system.value
    if pose is not None and (x is None or y is None):
        x, y, system = pose.position.lon, pose.position.lat, "wgs84"
    cells: dict[str, Cell | None] = {name: getattr(declared, name) for name in COLUMNS if hasattr(declared, name)}
    cells |= {name: getattr(pose, name) if pose is not None else None for name in _POSE}
    cells |= {
        "tier": declared.tier.value,
        "owner": owner,
        "lon": x,
        "lat": y,
        "coordinate_system": system if x is not None else None,
        "name": declared.name or camera.name,
    }
    if not contacts:
        cells |= {name: mask_contact(str(cells[name] or "")) for name in _PERSONAL}
    told = _told(camera, device) if device is not None and not declared.name else {}
    filled = {name: value for name in COLUMNS if (value := cells.get(name)) is not None and value not in ("", ())}
    return told | filled


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


def _told(camera: Camera, device: KnownDevice) -> dict[str, Cell]:
    told = device.observed
    cells: dict[str, Cell | None] = {
        "serial_no": told.serial_no,
        "mac": told.mac,
        "address": told.address,
        "port": told.port,
        "channel": camera.channel,
        "manufacturer": told.manufacturer,
        "model": told.model,
    }
    return {name: value for name, value in cells.items() if value}
