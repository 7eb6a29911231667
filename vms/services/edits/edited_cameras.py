"""What an edit changed, camera by camera; kept also after it was taken back."""

from typing import Any

from sqlalchemy import Connection

from vms.services.edits.preview_edit import PreviewRow, by_field
from vms.store import camera_bulk, edits, owners
from vms.store.edits import EditedField
from vms.store.page import Page


def edited_cameras(tx: Connection, edit_id: int, *, limit: int = 50, offset: int = 0) -> Page[PreviewRow]:
    """In the order in which it was done; a camera that it has not reached yet has no values. Raises NotFound."""
    total = edits.get(tx, edit_id).cameras
    ids = edits.camera_ids(tx, edit_id)[offset : offset + limit]
    made = edits.changed_by(tx, edit_id, ids)
    names = {int(number): name for number, name in owners.names(tx, _owners_in(made)).items()}
    shown = {row["id"]: row["shown_name"] for row in camera_bulk.rows_of(tx, ids, set())}
    by_camera: dict[int, list[EditedField]] = {}
    for one in made:
        by_camera.setdefault(one.camera_id, []).append(one)
    items = []
    for number in ids:
        changed = by_camera.get(number, [])
        before: dict[str, Any] = {one.field: one.before for one in changed}
        after: dict[str, Any] = {one.field: one.after for one in changed}
        row = PreviewRow(
            camera_id=number,
            name=shown.get(number, ""),
            before=by_field(before, names),
            after=by_field(after, names),
        )
        items.append(row)
    return Page(items=tuple(items), total=total)


def _owners_in(made: list[EditedField]) -> set[int]:
    values = (value for one in made if one.field == "owner_id" for value in (one.before, one.after))
    return {value for value in values if isinstance(value, int)}
