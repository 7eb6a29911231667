"""Takes an edit back: every field that nobody changed since gets its value from before; the others are named."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping

from vms.access.roles import Person
from vms.core.errors import Conflict
from vms.inventory.archive.fields import PLACE_COLUMNS, field_of_column
from vms.inventory.camera import LifeCycle
from vms.services.archive.one_id_one_camera import one_at_a_time, taken_by
from vms.store import camera_bulk, edits
from vms.store.camera_changes import Author, plain
from vms.store.camera_rows import from_history
from vms.store.database import Database
from vms.store.edits import Edit, EditedField, EditState

BATCH = 500
KEPT_LEFT = 1000
Later = Mapping[tuple[int, str], tuple[int, str, datetime]]


def begin_undo(database: Database, edit_id: int, person: Person, now: datetime) -> Edit:
    """Keeps that it is to be taken back; run_edit does it. Raises NotFound, Conflict."""
    with database.writing() as tx:
        edit = edits.get(tx, edit_id, lock=True)
        if edit.state is EditState.RUNNING:
            raise Conflict(f"edit {edit_id} is still being done", code="edit_running")
        if edit.state is not EditState.DONE:
            raise Conflict(f"edit {edit_id} was taken back by {edit.undone_by}", code="edit_undone")
        edits.begin_undo(tx, edit_id, person.name, now)
        return edits.get(tx, edit_id)


def undo_some(tx: Connection, edit: Edit, ids: Sequence[int], now: datetime) -> Edit:
    """The next batch; `ids`: all of the edit."""
    some = ids[edit.position : edit.position + BATCH]
    made = edits.changed_by(tx, edit.edit_id, some)
    by_camera: dict[int, list[EditedField]] = {}
    for one in made:
        by_camera.setdefault(one.camera_id, []).append(one)
    if any(one.field == "gb_device_id" for one in made):
        one_at_a_time(tx)
    rows = camera_bulk.rows_of(tx, list(by_camera), {one.field for one in made}, lock=True)
    later = edits.changed_since(tx, min((one.change_id for one in made), default=0), list(by_camera))
    back, left = [], list[dict[str, Any]]()
    for row in rows:
        columns, kept = _restored(tx, row, by_camera[row["id"]], later)
        back.append((row, columns))
        left.extend(kept)
    author = Author(who=edit.undone_by or edit.who, why=f"takes edit {edit.edit_id} back")
    camera_bulk.change(tx, back, author, now)
    result = dict(edit.result)
    result["restored"] = result.get("restored", 0) + sum(1 for _, columns in back if columns)
    result["left"] = result.get("left", 0) + len({one["camera_id"] for one in left})
    result["left_fields"] = [*result.get("left_fields", []), *left][:KEPT_LEFT]
    position = min(edit.position + BATCH, len(ids))
    state = EditState.UNDONE if position == len(ids) else EditState.UNDOING
    edits.advance(tx, edit.edit_id, state, position, result)
    return edits.get(tx, edit.edit_id)


def _restored(
    tx: Connection, row: Mapping[str, Any] | RowMapping, made: Sequence[EditedField], later: Later
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The columns that get their old value, and the fields that do not, with the reason."""
    number, last = row["id"], max(one.change_id for one in made)
    touched = {field: by for (camera_id, field), by in later.items() if camera_id == number and by[0] > last}
    reasons = {one.field: _reason(row, one, touched) for one in made if one.field != "life_cycle"}
    for one in made:
        if one.field == "gb_device_id" and not reasons[one.field]:
            reasons[one.field] = taken_by(tx, number, one.before) or ""
    place = next((reasons[field] for field in PLACE_COLUMNS if reasons.get(field)), "")
    reasons |= {field: place for field in PLACE_COLUMNS if place and field in reasons}
    columns = {one.field: from_history(one.field, one.before) for one in made if reasons.get(one.field) == ""}
    left = [
        {"camera_id": number, "name": row["shown_name"], "field": name, "reason": reason}
        for name, reason in {_label(field): reason for field, reason in reasons.items() if reason}.items()
    ]
    step = next((one for one in made if one.field == "life_cycle"), None)
    others = [field for field in touched if field == "life_cycle" or field_of_column(field)]
    if step is not None and not left and not others and row["life_cycle"] == step.after:
        columns["life_cycle"] = step.before
    return columns, left


def _reason(
    row: Mapping[str, Any] | RowMapping, one: EditedField, touched: Mapping[str, tuple[int, str, datetime]]
) -> str:
    """Why the field is left as it is; empty: it is put back."""
    if row["life_cycle"] == LifeCycle.RETIRED.value:
        return "the camera is retired"
    if one.field in touched:
        _, who, at = touched[one.field]
        return f"{who} changed it since, {at.isoformat(timespec='seconds')}"
    return "" if plain(row[one.field]) == one.after else "it was changed since"


def _label(column: str) -> str:
    known = field_of_column(column)
    return known.name if known else column
