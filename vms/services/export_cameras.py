"""Writes the cameras in one of six formats, streaming; a list as CSV, XLSX or TOML is read back without a change."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import Connection

from vms.core.clock import Clock, system_clock
from vms.core.errors import BadInput
from vms.core.ids import CameraId
from vms.inventory.camera import LifeCycle
from vms.inventory.lists.catalogue import valid_id
from vms.inventory.lists.contact import mask_contact
from vms.services.lists.catalogue_writer import CatalogueEncoding, CatalogueWriter
from vms.services.lists.csv_writer import CsvWriter
from vms.services.lists.exported import ExportedCamera, ListWriter, cells_of
from vms.services.lists.geojson_writer import GeoJsonWriter
from vms.services.lists.kml_writer import KmlWriter
from vms.services.lists.sheet_layout import Columns, Headings
from vms.services.lists.toml_writer import TomlWriter
from vms.services.lists.xlsx_writer import XlsxWriter
from vms.store import camera_board, camera_lists, cameras, devices, regions, registrations
from vms.store.camera_filter import CameraFilter
from vms.store.camera_lists import ChosenCamera
from vms.store.database import Database

EVERY_CAMERA = CameraFilter()
_BATCH = 500


class ExportFormat(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"
    TOML = "toml"
    GEOJSON = "geojson"
    KML = "kml"
    GB28181 = "gb28181"


_BY_ENDING = {
    ".csv": ExportFormat.CSV,
    ".xlsx": ExportFormat.XLSX,
    ".toml": ExportFormat.TOML,
    ".geojson": ExportFormat.GEOJSON,
    ".kml": ExportFormat.KML,
    ".xml": ExportFormat.GB28181,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRequest:
    file_format: ExportFormat
    camera_filter: CameraFilter = EVERY_CAMERA
    columns: Columns = Columns.ALL
    headings: Headings | None = None
    """None: names in CSV, Chinese in a spreadsheet."""
    contacts: bool = False
    """Whether contacts are written as they are; else masked, which an import takes for nothing said."""
    encoding: CatalogueEncoding = CatalogueEncoding.GB18030
    platform_id: str = ""
    """Of the catalogue: who answers; empty: made from the first camera's id."""
    without_valid_id: bool = False
    """In the catalogue also cameras whose national id is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    written: int
    left_out: int
    """What owners registered: a list carries neither their consent nor that they have left."""
    unfit: int = 0
    """For the catalogue: not in service, or without a valid national id."""


def ending_format(path: Path) -> ExportFormat:
    """Raises BadInput."""
    try:
        return _BY_ENDING[path.suffix.lower()]
    except KeyError:
        raise BadInput(f"say which --format; known endings are {' '.join(_BY_ENDING)}", where=str(path)) from None


def export_cameras(
    database: Database, out: BinaryIO, request: ExportRequest, *, clock: Clock = system_clock
) -> Exported:
    """All of one moment; a batch is in memory at a time."""
    now = clock()
    with database.reading() as tx:
        by_region = request.file_format is ExportFormat.KML
        chosen = camera_lists.chosen(tx, request.camera_filter, now, by_region=by_region)
        registered = registrations.camera_ids(tx)
        wanted = [one for one in chosen if one.camera_id not in registered]
        fit = [one.camera_id for one in wanted if _fits(one, request)]
        writer = _writer(out, request, len(fit))
        for exported in _exported(tx, fit, request, now):
            writer.put(exported)
        writer.end()
    return Exported(written=len(fit), left_out=len(chosen) - len(wanted), unfit=len(wanted) - len(fit))


def export_to_file(database: Database, path: Path, request: ExportRequest, *, clock: Clock = system_clock) -> Exported:
    """Whole or not at all: an older file of this name stays until the new one is complete.

    Raises BadInput where the file cannot be written.
    """
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        with unfinished.open("wb") as out:
            exported = export_cameras(database, out, request, clock=clock)
        unfinished.replace(path)
    except OSError as problem:
        raise BadInput(problem.strerror or "cannot be written", where=str(path)) from problem
    finally:
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)
    return exported


def _fits(one: ChosenCamera, request: ExportRequest) -> bool:
    if request.file_format is not ExportFormat.GB28181:
        return True
    return LifeCycle(one.life_cycle).in_service and (request.without_valid_id or valid_id(one.gb_device_id))


def _writer(out: BinaryIO, request: ExportRequest, count: int) -> ListWriter:
    match request.file_format:
        case ExportFormat.CSV:
            return CsvWriter(out, request.columns, request.headings or Headings.NAMES)
        case ExportFormat.XLSX:
            return XlsxWriter(out, request.columns, request.headings or Headings.ZH)
        case ExportFormat.TOML:
            return TomlWriter(out)
        case ExportFormat.GEOJSON:
            return GeoJsonWriter(out)
        case ExportFormat.KML:
            return KmlWriter(out)
        case ExportFormat.GB28181:
            return CatalogueWriter(out, count, request.platform_id, request.encoding)


def _exported(
    tx: Connection, camera_ids: Sequence[CameraId], request: ExportRequest, now: datetime
) -> Iterator[ExportedCamera]:
    region_names = regions.names(tx)
    for start in range(0, len(camera_ids), _BATCH):
        batch = cameras.by_ids(tx, camera_ids[start : start + _BATCH])
        boards = camera_board.boards(tx, [camera.camera_id for camera in batch], now)
        nameless = [camera.device_id for camera in batch if camera.device_id and not camera.declared.name]
        told = {device.device_id: device for device in devices.by_ids(tx, nameless)} if nameless else {}
        for camera in batch:
            board = boards[camera.camera_id]
            contact = camera.declared.mgmt_contact
            device = told.get(camera.device_id) if camera.device_id is not None else None
            yield ExportedCamera(
                camera=camera,
                cells=cells_of(camera, board.owner, device, contacts=request.contacts),
                owner=board.owner,
                region=region_names.get(camera.declared.region_code, camera.declared.region_code),
                status=board.watch.status,
                contact=contact if request.contacts else mask_contact(contact),
            )
