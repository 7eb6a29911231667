"""The reference pictures of one camera: chosen by a person from the latest still, looked at, taken out."""

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from vms.access.agreement import Agreements
from vms.access.roles import Person
from vms.core.errors import BadInput, Conflict, NotFound
from vms.core.ids import CameraId
from vms.health.looks import may_keep_stills
from vms.health.picture.baseline import Light
from vms.health.picture.daylight import light_by_sun
from vms.services.archive.photographs import known_to, look_of
from vms.services.diagnosis.light_of_still import light_of_still
from vms.services.diagnosis.reference_files import keep_file, read_reference
from vms.services.look_at_camera import refuse_unless_allowed, take_ticket
from vms.store import cameras, consents, events, reference_pictures, stills
from vms.store.camera_positions import positions_of
from vms.store.database import Database
from vms.store.reference_pictures import Reference

REFERENCE = "still.reference"


@dataclass(frozen=True, slots=True, kw_only=True)
class Folders:
    stills: Path
    references: Path


def choose_reference(
    database: Database, folders: Folders, camera_id: CameraId, preset: str, light: Light, person: Person, now: datetime
) -> Reference:
    """The latest still becomes the reference. Raises NotFound, Conflict for one that was taken elsewhere or by the
    other light, BadInput for a camera of which none may be kept."""
    with database.reading() as tx:
        _check(tx, camera_id, person, now)
        still = stills.of_camera(tx, camera_id)
        place = positions_of(tx, [camera_id]).get(camera_id)
    if still is None:
        raise NotFound("no picture of this camera is kept yet", code="no_picture")
    if still.stands is not None and (still.stands.is_between or still.stands.preset != preset):
        raise Conflict("the latest picture was taken while the camera looked elsewhere", code="another_preset")
    _refuse_other_light(light_of_still(still, place), light)
    jpeg = read_reference(folders.stills, still.file)
    file = keep_file(folders.references, camera_id, preset, light, jpeg)
    with database.writing() as tx:
        _check(tx, camera_id, person, now)
        new = Reference(
            camera_id=camera_id,
            preset=preset,
            light=light,
            at=still.at,
            file=file,
            chosen_by=person.name,
            confirmed_by=person.name,
            confirmed_at=now,
        )
        reference_pictures.put(tx, new)
        _tell(tx, camera_id, preset, light, person.name, now)
    return new


def confirm_reference(
    database: Database,
    camera_id: CameraId,
    preset: str,
    light: Light,
    taken_at: datetime,
    person: Person,
    now: datetime,
) -> Reference:
    """This is how it should look: the camera's normal of that light is no longer provisional. `taken_at`: when the
    picture that the person saw was taken. Raises NotFound, Conflict where another one has taken its place, or the sun
    says that it was taken by the other light."""
    with database.writing() as tx:
        known_to(tx, person, camera_id)
        known = reference_pictures.get(tx, camera_id, preset, light)
        _refuse_other_light(light_by_sun(positions_of(tx, [camera_id]).get(camera_id), known.at), light)
        if known.at != taken_at or not reference_pictures.confirm(tx, known, person.name, now):
            raise Conflict("another reference picture has taken its place: look at that one", code="changed")
        _tell(tx, camera_id, preset, light, person.name, now)
    return replace(known, confirmed_by=person.name, confirmed_at=now)


def look_at_reference(
    database: Database,
    folder: Path,
    camera_id: CameraId,
    preset: str,
    light: Light,
    person: Person,
    agreements: Agreements,
    now: datetime,
    purpose: str = "",
) -> tuple[Reference, bytes]:
    """A look: decided and logged as one at the still is. Raises NotFound, NotAllowed."""
    asked = look_of(person, camera_id, purpose)
    refuse_unless_allowed(database, asked, agreements, now)
    with database.reading() as tx:
        camera = known_to(tx, person, camera_id)
        found = reference_pictures.get(tx, camera_id, preset, light)
        if not may_keep_stills(camera.declared.tier, consents.of_camera(tx, camera_id), now):
            raise NotFound("no picture of this camera may be kept", code="no_picture")
    jpeg = read_reference(folder, found.file)
    take_ticket(database, asked, agreements, now)
    return found, jpeg


def take_out_reference(
    database: Database, folder: Path, camera_id: CameraId, preset: str, light: Light, person: Person, now: datetime
) -> None:
    """Raises NotFound."""
    with database.writing() as tx:
        known_to(tx, person, camera_id)
        file = reference_pictures.get(tx, camera_id, preset, light).file
        reference_pictures.remove(tx, camera_id, preset, light)
        _tell(tx, camera_id, preset, light, person.name, now)
    (folder / file).unlink(missing_ok=True)


def _refuse_other_light(taken_by: Light | None, asked: Light) -> None:
    if taken_by is Light.NIGHT and asked is Light.DAY:
        raise Conflict("the picture was taken by night: it cannot be the reference of the day", code="another_light")
    if taken_by is Light.DAY and asked is Light.NIGHT:
        raise Conflict("the picture was taken by day: it cannot be the reference of the night", code="another_light")


def _check(tx: Connection, camera_id: CameraId, person: Person, now: datetime) -> None:
    known_to(tx, person, camera_id)
    camera = cameras.get(tx, camera_id)
    if not may_keep_stills(camera.declared.tier, consents.of_camera(tx, camera_id), now):
        raise BadInput("no picture of this private camera may be kept", code="private")


def _tell(tx: Connection, camera_id: CameraId, preset: str, light: Light, who: str, now: datetime) -> None:
    events.append(tx, REFERENCE, camera_id, {"preset": preset, "light": light.value, "who": who}, now)
