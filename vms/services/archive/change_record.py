"""A person changes fields of a record: checked, applied at once, kept with who and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from vms.access.roles import Person, Role
from vms.core.errors import BadInput, Conflict, NotAllowed
from vms.core.ids import CameraId
from vms.inventory.archive.fields import field_of_column
from vms.inventory.camera import LifeCycle
from vms.inventory.life_cycle import FOLLOWS_REGISTRATION, NEEDS_REVIEWER, after_edit
from vms.services.archive.one_id_one_camera import one_at_a_time, refuse_taken_id
from vms.services.archive.record_columns import columns_of, read_fields
from vms.store import camera_changes, cameras, registrations
from vms.store.camera_changes import Author, KeptChange
from vms.store.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordChange:
    changes: Mapping[str, object]
    """By field of the archive."""
    why: str = ""
    revision: int | None = None
    """The last change that the person has seen; None: not told, and nothing is held against it."""


def change_record(
    database: Database, camera_id: CameraId, change: RecordChange, person: Person, now: datetime
) -> tuple[str, ...]:
    """The columns that were different. Raises NotFound, BadInput that names the field, Conflict where the record was
    changed meanwhile, is retired or follows its owner's registration."""
    given = read_fields(change.changes)
    with database.writing() as tx:
        if "gb_device_id" in given:
            one_at_a_time(tx)
        row = cameras.locked_columns(tx, camera_id)
        check_revision(tx, camera_id, change.revision)
        _check_registration(tx, camera_id, given)
        columns = columns_of(tx, row, given, now)
        check_reviewer(person, row, columns)
        if columns.get("gb_device_id") != row["gb_device_id"]:
            refuse_taken_id(tx, camera_id, columns.get("gb_device_id"))
        return apply(tx, row, columns, Author(who=person.name, why=change.why), now)


def check_reviewer(person: Person, row: Mapping[str, Any], columns: Mapping[str, Any]) -> None:
    """Raises NotAllowed where who may look would change without anybody who approves."""
    moved = {"tier", "owner_id"} & {name for name, value in columns.items() if row[name] != value}
    in_service = LifeCycle(row["life_cycle"]).in_service
    if moved and in_service and person.role not in (Role.ADMIN, Role.REVIEWER):
        raise NotAllowed(NEEDS_REVIEWER, code="needs_reviewer")


def apply(
    tx: Connection, row: Mapping[str, Any], columns: Mapping[str, Any], author: Author, now: datetime
) -> tuple[str, ...]:
    """`row`: of cameras.locked_columns. The record's state follows. Raises Conflict for a retired one."""
    before = LifeCycle(row["life_cycle"])
    after = after_edit(before)
    changed = cameras.change_columns(tx, row["id"], columns, now, author=author)
    if changed and after is not before:
        cameras.set_life_cycle(tx, row["id"], after, now, author=author)
    return changed


def check_revision(tx: Connection, camera_id: CameraId, revision: int | None) -> None:
    """Raises Conflict that says who changed what since."""
    if revision is None:
        return
    later = [one for one in camera_changes.since(tx, camera_id, revision) if _of_archive(one)]
    if later:
        last = later[-1]
        fields = list(dict.fromkeys(_label(one) for one in later))
        told = ", ".join(fields[:5]) + (" …" if len(fields) > 5 else "")
        at = last.at.isoformat(timespec="seconds")
        raise Conflict(f"{last.author.who} changed this record at {at}: {told}", code="changed_meanwhile")


def _of_archive(change: KeptChange) -> bool:
    """What devices say of themselves is no reason to ask a person again."""
    column = change.change.field
    return column == "life_cycle" or field_of_column(column) is not None


def _label(change: KeptChange) -> str:
    field = field_of_column(change.change.field)
    return field.name if field else change.change.field


def _check_registration(tx: Connection, camera_id: CameraId, given: Mapping[str, object]) -> None:
    bound = sorted(FOLLOWS_REGISTRATION & set(given))
    if bound and registrations.of_camera(tx, camera_id) is not None:
        raise BadInput(
            "its owner registered this camera with this value; it changes with the registration",
            where=bound[0],
            code="follows_registration",
        )
