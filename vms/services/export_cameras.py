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
from vms.inventory.camera import LifeCycle
from vms.inventory.filters.expression import Both, Comparison, Either, Expression, Has, Without
from vms.inventory.lists.catalogue_choice import ChosenCamera, NotInCatalogue, choose
from vms.inventory.lists.sensor_cell import SensorAim, sensors_text
from vms.services.lists.catalogue_writer import CatalogueEncoding, CatalogueWriter
from vms.services.lists.csv_writer import CsvWriter
from vms.services.lists.exported import Contacts, ExportedCamera, ListWriter, cells_of
from vms.services.lists.geojson_writer import GeoJsonWriter
from vms.services.lists.kml_writer import KmlWriter
from vms.services.lists.sheet_layout import Columns, Headings
from vms.services.lists.toml_writer import TomlWriter
from vms.services.lists.xlsx_writer import XlsxWriter
from vms.store import camera_board, camera_lists, cameras, code_tables, devices, regions, registrations, sensors
from vms.store.camera_filter import CameraFilter
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


_SHEETS = frozenset({ExportFormat.CSV, ExportFormat.XLSX})
_READ_BACK = frozenset({ExportFormat.CSV, ExportFormat.XLSX, ExportFormat.TOML})
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
    """Whether contacts are written as they are. Else lists have them masked, which an import takes for nothing said;
    what other systems take in has none."""
    retired: bool = False
    """Also retired cameras, where the filter does not ask for them itself."""
    encoding: CatalogueEncoding = CatalogueEncoding.GB18030
    platform_id: str = ""
    """Of the catalogue: who answers; empty: made from the first camera's id."""
    without_valid_id: bool = False
    """In the catalogue also cameras whose national id is none, under their number here."""

    def as_contacts(self) -> Contacts:
        if self.contacts:
            return Contacts.AS_THEY_ARE
        return Contacts.MASKED if self.file_format in _READ_BACK else Contacts.LEFT_OUT


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    written: int
    left_out: int
    """What owners registered: a list carries neither their consent nor that they have left."""
    retired: int = 0
    """Left out because nobody asked for them."""
    not_entered: int = 0
    """Left out of the collection sheet: nobody has accepted them or given them a name, and it could not say so."""
    not_in_catalogue: tuple[NotInCatalogue, ...] = ()
    """For the catalogue: not in service, without a valid national id, or with one that is another's; by name."""

    @property
    def not_in_it(self) -> int:
        return self.left_out + self.retired + self.not_entered + len(self.not_in_catalogue)


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
        selection = _select(tx, request, now)
        writer = _writer(out, request, selection)
        for exported in _exported(tx, selection.chosen, request, now):
            writer.put(exported)
        writer.end()
    return selection.told


def what_would_go_out(database: Database, request: ExportRequest, *, clock: Clock = system_clock) -> Exported:
    """The same answer without the file."""
    with database.reading() as tx:
        return _select(tx, request, clock()).told


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Selection:
    chosen: Sequence[ChosenCamera]
    told: Exported


def _select(tx: Connection, request: ExportRequest, now: datetime) -> _Selection:
    by_region = request.file_format is ExportFormat.KML
    every = camera_lists.chosen(tx, request.camera_filter, now, by_region=by_region)
    registered = registrations.camera_ids(tx)
    ours = [one for one in every if one.camera_id not in registered]
    left_out = len(every) - len(ours)
    if request.file_format is ExportFormat.GB28181:
        chosen, unfit = choose(ours, code_tables.every(tx), without_valid_id=request.without_valid_id)
        return _Selection(
            chosen=chosen, told=Exported(written=len(chosen), left_out=left_out, not_in_catalogue=tuple(unfit))
        )
    with_retired = _with_retired(request)
    here = [one for one in ours if with_retired or one.life_cycle is not LifeCycle.RETIRED]
    chosen = [one for one in here if _is_entered(one)] if _is_collection_sheet(request) else here
    told = Exported(
        written=len(chosen),
        left_out=left_out,
        retired=len(ours) - len(here),
        not_entered=len(here) - len(chosen),
    )
    return _Selection(chosen=chosen, told=told)


def _is_collection_sheet(request: ExportRequest) -> bool:
    return request.columns is Columns.ARCHIVE27 and request.file_format in _SHEETS


def _is_entered(one: ChosenCamera) -> bool:
    return one.is_named and one.life_cycle is not LifeCycle.PENDING


def _with_retired(request: ExportRequest) -> bool:
    """The collection sheet has no column for it: read back, it would be another camera's row."""
    wanted = request.camera_filter
    asked = request.retired or wanted.life_cycle is not None or _asks_for_state(wanted.expression)
    return asked and not _is_collection_sheet(request)


def _asks_for_state(part: Expression | None) -> bool:
    match part:
        case Comparison() | Has():
            return part.field.name == "life_cycle"
        case Without():
            return _asks_for_state(part.part)
        case Both() | Either():
            return any(map(_asks_for_state, part.parts))
        case None:
            return False


def _writer(out: BinaryIO, request: ExportRequest, selection: _Selection) -> ListWriter:
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
            ids = {one.camera_id: one.catalogue_id for one in selection.chosen}
            return CatalogueWriter(out, ids, request.platform_id, request.encoding)


def _exported(
    tx: Connection, chosen: Sequence[ChosenCamera], request: ExportRequest, now: datetime
) -> Iterator[ExportedCamera]:
    region_names = regions.names(tx)
    contacts = request.as_contacts()
    for start in range(0, len(chosen), _BATCH):
        ids = [one.camera_id for one in chosen[start : start + _BATCH]]
        batch = cameras.by_ids(tx, ids)
        beside = camera_lists.beside(tx, ids)
        boards = camera_board.boards(tx, ids, now)
        several = sensors.of_cameras(tx, ids) if request.file_format in _READ_BACK else {}
        nameless = [camera.device_id for camera in batch if camera.device_id and not camera.declared.name]
        told = {device.device_id: device for device in devices.by_ids(tx, nameless)} if nameless else {}
        for camera in batch:
            board = boards[camera.camera_id]
            device = told.get(camera.device_id) if camera.device_id is not None else None
            yield ExportedCamera(
                camera=camera,
                cells=cells_of(camera, beside[camera.camera_id].aim, board.owner, device, contacts),
                owner=board.owner,
                region=region_names.get(camera.declared.region_code, camera.declared.region_code),
                status=board.watch.status,
                contact=camera.declared.mgmt_contact if request.contacts else "",
                mark=beside[camera.camera_id].mark,
                sensors=sensors_text(SensorAim(s.bearing_deg, s.h_fov_deg) for s in several.get(camera.camera_id, ())),
            )
