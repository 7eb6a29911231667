"""Writes the cameras as a list (CSV or TOML) that the import reads back without a change."""

import contextlib
import csv
import io
import itertools
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import tomli_w

from vms.core.errors import BadInput
from vms.core.ids import CameraId, DeviceId, OwnerId
from vms.inventory.camera import Camera
from vms.inventory.camera_entry import FORMULA_SIGNS
from vms.inventory.entry_columns import COLUMNS, TEXT_COLUMNS
from vms.inventory.known_device import KnownDevice
from vms.services.camera_files import FileFormat
from vms.store import cameras, devices, owners, registrations
from vms.store.database import Database

Cell = str | int | float | bool
_BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    written: int
    left_out: int
    """What owners registered: a list carries neither their consent nor that they have left."""


def export_cameras(database: Database, out: BinaryIO, file_format: FileFormat) -> Exported:
    """A batch is in memory at a time; CSV carries a byte order mark, as spreadsheets want it.

    A camera that nobody entered yet is written with what its device told, to be completed and read in.
    """
    count = 0
    with database.reading() as tx:
        registered = registrations.camera_ids(tx)
    if file_format == FileFormat.CSV:
        out.write(b"\xef\xbb\xbf" + _csv_line(list(COLUMNS)))
    for row in _rows(database, registered):
        count += 1
        if file_format == FileFormat.CSV:
            out.write(_csv_line([_csv_cell(name, row.get(name)) for name in COLUMNS]))
        else:
            out.write(tomli_w.dumps({"cameras": [row]}).encode() + b"\n")
    return Exported(written=count, left_out=len(registered))


def export_to_file(database: Database, path: Path, file_format: FileFormat) -> Exported:
    """Whole or not at all: an older file of this name stays until the new one is complete.

    Raises BadInput where the file cannot be written.
    """
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        with unfinished.open("wb") as out:
            exported = export_cameras(database, out, file_format)
        unfinished.replace(path)
    except OSError as problem:
        raise BadInput(problem.strerror or "cannot be written", where=str(path)) from problem
    finally:
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)
    return exported


def _rows(database: Database, left_out: Collection[CameraId]) -> Iterator[dict[str, Cell]]:
    with database.reading() as tx:
        names = {owner.owner_id: owner.name for owner in owners.every(tx)}
        every = cameras.every(tx, _BATCH)
        kept = (camera for camera in every if camera.camera_id not in left_out)
        while batch := list(itertools.islice(kept, _BATCH)):
            nameless = [camera.device_id for camera in batch if camera.device_id and not camera.declared.name]
            yield from _batch_rows(batch, devices.by_ids(tx, nameless), names)


def _batch_rows(batch: list[Camera], known: list[KnownDevice], names: dict[OwnerId, str]) -> Iterator[dict[str, Cell]]:
    told: dict[DeviceId, KnownDevice] = {device.device_id: device for device in known}
    for camera in batch:
        row = _row(camera, names)
        if not camera.declared.name and camera.device_id in told:
            row = _observed(camera, told[camera.device_id]) | row
        yield row


def _row(camera: Camera, names: dict[OwnerId, str]) -> dict[str, Cell]:
    """Only what is filled in."""
    declared, pose = camera.declared, camera.declared.pose
    x, y, system = declared.entered_x, declared.entered_y, declared.entered_system.value
    if pose is not None and (x is None or y is None):
        x, y, system = pose.position.lon, pose.position.lat, "wgs84"
    plain: dict[str, Cell | None] = {name: getattr(declared, name) for name in COLUMNS if hasattr(declared, name)}
    cells: dict[str, Cell | None] = {
        **plain,
        "tier": declared.tier.value,
        "owner": names.get(camera.owner_id) if camera.owner_id is not None else None,
        "lon": x,
        "lat": y,
        "coordinate_system": system if x is not None else None,
        "indoor": declared.indoor,
    }
    if pose is not None:
        cells |= {
            "mount_height_m": pose.mount_height_m,
            "bearing_deg": pose.bearing_deg,
            "tilt_deg": pose.tilt_deg,
            "h_fov_deg": pose.h_fov_deg,
            "max_view_m": pose.max_view_m,
        }
    if not declared.name:
        cells["name"] = camera.name
    return {name: value for name in COLUMNS if (value := cells.get(name)) is not None and value != ""}


def _observed(camera: Camera, device: KnownDevice) -> dict[str, Cell]:
    told = device.observed
    cells: dict[str, Cell] = {
        "serial_no": told.serial_no,
        "mac": told.mac,
        "address": told.address,
        "port": told.port,
        "channel": camera.channel,
        "manufacturer": told.manufacturer,
        "model": told.model,
    }
    return {name: value for name, value in cells.items() if value}


def _csv_cell(name: str, value: Cell | None) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    return f"'{text}" if name in TEXT_COLUMNS and text[:1] in FORMULA_SIGNS else text


def _csv_line(cells: list[str]) -> bytes:
    line = io.StringIO(newline="")
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue().encode()
