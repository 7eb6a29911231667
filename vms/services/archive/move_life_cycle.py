"""A record is submitted, approved, sent back, retired: one step, by who may take it, kept in the history."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from vms.access.roles import Person, Role
from vms.core.errors import BadInput, Conflict
from vms.core.ids import CameraId
from vms.inventory.archive.fields import PLACE_COLUMNS, field_of_column
from vms.inventory.camera import LifeCycle
from vms.inventory.life_cycle import Hand, Step, find_step, steps_from
from vms.services.archive.change_record import check_revision
from vms.services.archive.one_id_one_camera import one_at_a_time, refuse_taken_id
from vms.store import camera_changes, cameras, registrations
from vms.store.camera_changes import Author
from vms.store.camera_rows import from_history
from vms.store.database import Database

_HANDS = {
    Role.ADMIN: frozenset({Hand.KEEPER, Hand.REVIEWER}),
    Role.MAINTAINER: frozenset({Hand.KEEPER}),
    Role.REVIEWER: frozenset({Hand.REVIEWER}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    to: LifeCycle
    why: str = ""
    send_back: bool = False
    """Of a record that is `changing`: the fields get their approved values again."""
    revision: int | None = None
    """The last change that the person has seen; None: not told."""


def move_life_cycle(database: Database, camera_id: CameraId, move: Move, person: Person, now: datetime) -> LifeCycle:
    """Raises NotFound, Conflict (no such step, follows its registration, changed meanwhile), NotAllowed, BadInput."""
    with database.writing() as tx:
        one_at_a_time(tx)
        row = cameras.locked_columns(tx, camera_id)
        check_revision(tx, camera_id, move.revision)
        step = find_step(
            LifeCycle(row["life_cycle"]),
            move.to,
            hands=hands_of(person),
            registered=registrations.of_camera(tx, camera_id) is not None,
            reverts=move.send_back,
        )
        if step.needs_reason and not move.why:
            raise BadInput("this step needs a reason", where="why")
        author = Author(who=person.name, why=move.why)
        if step.reverts:
            _revert(tx, camera_id, author, now)
        cameras.set_life_cycle(tx, camera_id, step.after, now, author=author)
    return step.after


def hands_of(person: Person) -> frozenset[Hand]:
    return _HANDS.get(person.role, frozenset())


def next_steps(tx: Connection, camera_id: CameraId, life_cycle: LifeCycle, person: Person) -> tuple[Step, ...]:
    """What this person may do with the record now."""
    registered = registrations.of_camera(tx, camera_id) is not None
    return steps_from(life_cycle, hands=hands_of(person), registered=registered)


def _revert(tx: Connection, camera_id: CameraId, author: Author, now: datetime) -> None:
    before: dict[str, Any] = {}
    for kept in camera_changes.of_present_change(tx, camera_id):
        column = kept.change.field
        if field_of_column(column) is not None or column in PLACE_COLUMNS:
            before.setdefault(column, from_history(column, kept.change.before))
    if not before:
        raise Conflict("it is not known what was approved before; approve it or correct it by hand", code="no_approval")
    refuse_taken_id(tx, camera_id, before.get("gb_device_id"))
    cameras.change_columns(tx, camera_id, before, now, author=author)
