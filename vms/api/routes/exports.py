"""Lists given out: the file, and beforehand or afterwards what is in it and what is not, and why."""

from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from vms.access.roles import Person
from vms.api.guards import KeeperCall, RoomsNow
from vms.api.listing import follow_archive, visible_to
from vms.api.models.exports import ExportAsked, ExportSummary
from vms.api.rooms import Rooms
from vms.api.show_imports import show_export
from vms.services.export_cameras import Exported, ExportFormat, ExportRequest, export_cameras, what_would_go_out
from vms.store import events

router = APIRouter(tags=["inventory"])

_MEDIA = {
    ExportFormat.CSV: "text/csv",
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ExportFormat.TOML: "application/toml",
    ExportFormat.GEOJSON: "application/geo+json",
    ExportFormat.KML: "application/vnd.google-earth.kml+xml",
    ExportFormat.GB28181: "application/xml",
}


@router.get("/exports", response_class=FileResponse)
def export(asked: Annotated[ExportAsked, Query()], call: KeeperCall, rooms: RoomsNow, request: Request) -> FileResponse:
    """A file, made whole before it is sent; who took what is kept as an event. X-Cameras: how many are in it;
    X-Left-Out: how many are not, which GET exports/summary names with the reason."""
    wanted = _request(asked, call.person)
    follow_archive(request.app.state.archive, wanted.camera_filter, rooms.clock())
    path, exported = _exported(rooms, wanted)
    content = {"format": asked.format, "filter": asked.filter, "q": asked.q, "contacts": asked.contacts}
    content |= {"who": call.person.name, "cameras": exported.written, "not_in_it": exported.not_in_it}
    with rooms.database.writing() as tx:
        events.append(tx, "list.exported", None, content, rooms.clock())
    ending = "xml" if asked.format is ExportFormat.GB28181 else asked.format.value
    counts = {"X-Cameras": str(exported.written), "X-Left-Out": str(exported.not_in_it)}
    return FileResponse(
        path,
        media_type=_MEDIA[asked.format],
        filename=f"cameras.{ending}",
        headers={**counts, "Cache-Control": "no-store"},
        background=BackgroundTask(path.unlink, missing_ok=True),
    )


@router.get("/exports/summary")
def export_summary(
    asked: Annotated[ExportAsked, Query()], call: KeeperCall, rooms: RoomsNow, request: Request
) -> ExportSummary:
    """What the file would hold that GET exports gives for the same question; nothing is written."""
    wanted = _request(asked, call.person)
    follow_archive(request.app.state.archive, wanted.camera_filter, rooms.clock())
    return show_export(what_would_go_out(rooms.database, wanted, clock=rooms.clock))


def _request(asked: ExportAsked, person: Person) -> ExportRequest:
    return ExportRequest(
        file_format=asked.format,
        camera_filter=visible_to(person, asked.filter, asked.q),
        columns=asked.sheet,
        headings=asked.headings,
        contacts=asked.contacts,
        retired=asked.retired,
        encoding=asked.encoding,
        platform_id=asked.platform_id,
        without_valid_id=asked.without_valid_id,
    )


def _exported(rooms: Rooms, wanted: ExportRequest) -> tuple[Path, Exported]:
    folder = rooms.lists_folder or rooms.stills_folder / "lists"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with NamedTemporaryFile(dir=folder, prefix="export-", delete=False) as out:
        path = Path(out.name)
        try:
            return path, export_cameras(rooms.database, out, wanted, clock=rooms.clock)  # type: ignore[arg-type]
        except BaseException:
            path.unlink(missing_ok=True)
            raise
