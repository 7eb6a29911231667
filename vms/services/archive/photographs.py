"""Photographs of a camera's point: taken in, looked at, taken out.

Files first, rows after: a kill leaves no row without its file.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from vms.access.agreement import Agreements
from vms.access.decide import LookKind
from vms.access.roles import STAFF, Person, may_know_of
from vms.core.errors import BadInput, Conflict, NotAllowed, NotFound
from vms.core.ids import CameraId
from vms.health.looks import may_keep_stills
from vms.inventory.camera import Camera
from vms.inventory.tier import Tier
from vms.media.photograph import TidyPhotograph, tidy_photograph
from vms.services.files_below import put_whole, read_below
from vms.services.look_at_camera import Asked, take_ticket
from vms.store import cameras, consents, photographs, registrations
from vms.store.database import Database
from vms.store.photographs import NewPhotograph, Photograph, PhotographKind

MOST_OF_A_CAMERA = 40
_MAX_READ_BYTES = 16_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedIn:
    camera_id: CameraId
    kind: PhotographKind
    data: bytes
    note: str = ""


def add_photograph(database: Database, folder: Path, new: HandedIn, person: Person, now: datetime) -> Photograph:
    """Blocking, up to a second. Raises NotFound, BadInput, Conflict where there are too many already."""
    with database.reading() as tx:
        _check(tx, new, now)
    tidy = tidy_photograph(new.data)
    file = keep_file(folder, tidy)
    with database.writing() as tx:
        _check(tx, new, now)
        row = NewPhotograph(
            camera_id=new.camera_id,
            kind=new.kind,
            file=file,
            sha256=sha_of(tidy.jpeg),
            width=tidy.width,
            height=tidy.height,
            size_bytes=len(tidy.jpeg),
            note=new.note,
        )
        return photographs.add(tx, row, person.name, now)


def look_at_photograph(
    database: Database,
    folder: Path,
    asked: Asked,
    photograph_id: int,
    agreements: Agreements,
    now: datetime,
    *,
    thumbnail: bool = False,
) -> tuple[Photograph, bytes]:
    """What shows the camera's picture, and whatever shows a private camera's place, is a look: decided and logged as a
    still is. Raises NotFound, NotAllowed."""
    with database.reading() as tx:
        camera = known_to(tx, asked.person, asked.camera_id)
        found = photographs.get(tx, asked.camera_id, photograph_id)
        is_look = found.content.kind is PhotographKind.PICTURE or is_private(tx, camera)
    if found.removed_at is not None:
        raise NotFound("this photograph was taken out", code="no_picture")
    file = thumbnail_of(found.content.file) if thumbnail else found.content.file
    data = read_file(folder, file)
    if is_look:
        take_ticket(database, asked, agreements, now)
    elif asked.person.role not in STAFF:
        raise NotAllowed("photographs of the point are for staff", code="role")
    return found, data


def remove_photograph(
    database: Database, camera_id: CameraId, photograph_id: int, person: Person, now: datetime
) -> None:
    """Its row stays with who took it out; its file is cleared away later. Raises NotFound."""
    with database.writing() as tx:
        photographs.remove(tx, camera_id, photograph_id, person.name, now)


def known_to(tx: Connection, person: Person, camera_id: int) -> Camera:
    """Raises NotFound also where there is one that this person may not know of."""
    camera = cameras.get(tx, camera_id)
    if not may_know_of(person, camera.life_cycle, camera.owner_id):
        raise NotFound(f"there is no camera {camera_id}")
    return camera


def is_private(tx: Connection, camera: Camera) -> bool:
    """A household's, or one that its owner registered."""
    return camera.declared.tier is Tier.HOUSEHOLD or registrations.of_camera(tx, camera.camera_id) is not None


def look_of(person: Person, camera_id: CameraId, purpose: str = "") -> Asked:
    return Asked(person=person, camera_id=camera_id, kind=LookKind.STILL, purpose=purpose)


def thumbnail_of(file: str) -> str:
    return file.removesuffix(".jpg") + ".small.jpg"


def _check(tx: Connection, new: HandedIn, now: datetime) -> None:
    camera = cameras.get(tx, new.camera_id)
    if photographs.count(tx, new.camera_id) >= MOST_OF_A_CAMERA:
        raise Conflict(f"{MOST_OF_A_CAMERA} photographs are the most; take some out first", code="too_many_photographs")
    consent = consents.of_camera(tx, new.camera_id)
    if new.kind is PhotographKind.PICTURE and not may_keep_stills(camera.declared.tier, consent, now):
        raise BadInput("no picture of this private camera may be kept", where="kind", code="private")


def keep_file(folder: Path, tidy: TidyPhotograph) -> str:
    """The file's name below the folder; the thumbnail beside it. Whole or not at all, whenever the power goes."""
    sha = sha_of(tidy.jpeg)
    file = f"{sha[:2]}/{sha}.jpg"
    put_whole(folder / thumbnail_of(file), tidy.thumbnail)
    put_whole(folder / file, tidy.jpeg)
    return file


def read_file(folder: Path, file: str) -> bytes:
    """Raises NotFound."""
    return read_below(folder, file, _MAX_READ_BYTES)


def sha_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
