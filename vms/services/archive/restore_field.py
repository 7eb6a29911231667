"""One change of the history is taken back: the field gets the value that it had before."""

from datetime import datetime

from sqlalchemy import Connection

from vms.access.roles import Person
from vms.core.errors import BadInput
from vms.core.ids import CameraId
from vms.inventory.archive.fields import PLACE_COLUMNS, field_of_column
from vms.inventory.life_cycle import FOLLOWS_REGISTRATION
from vms.services.archive.change_record import apply, check_reviewer, check_revision
from vms.services.archive.one_id_one_camera import one_at_a_time, refuse_taken_id
from vms.store import camera_changes, cameras, owners, registrations
from vms.store.camera_changes import Author, KeptChange
from vms.store.camera_rows import from_history
from vms.store.database import Database


def restore_field(
    database: Database,
    camera_id: CameraId,
    change_id: int,
    person: Person,
    why: str,
    now: datetime,
    *,
    revision: int | None = None,
) -> tuple[str, ...]:
    """A position comes back whole, as it was entered. Raises NotFound, BadInput for what is no field of the archive,
    Conflict."""
    with database.writing() as tx:
        one_at_a_time(tx)
        row = cameras.locked_columns(tx, camera_id)
        check_revision(tx, camera_id, revision)
        kept = camera_changes.get(tx, camera_id, change_id)
        column = kept.change.field
        field = field_of_column(column)
        if field is None:
            raise BadInput("this is not a field of the archive that a person restores", where=column)
        if field.name in FOLLOWS_REGISTRATION and registrations.of_camera(tx, camera_id) is not None:
            raise BadInput("it changes with the owner's registration", where=field.name, code="follows_registration")
        together = _same_step(tx, kept) if column in PLACE_COLUMNS else [kept]
        wanted = {one.change.field: from_history(one.change.field, one.change.before) for one in together}
        if wanted.get("owner_id") is not None:
            owners.get(tx, wanted["owner_id"])
        check_reviewer(person, row, wanted)
        refuse_taken_id(tx, camera_id, wanted.get("gb_device_id"))
        return apply(tx, row, wanted, Author(who=person.name, why=why or f"as before change {change_id}"), now)


def _same_step(tx: Connection, kept: KeptChange) -> list[KeptChange]:
    """The parts of a position that were changed together with this one."""
    return [one for one in camera_changes.same_step(tx, kept) if one.change.field in PLACE_COLUMNS]
