"""Does an edit: what was previewed, in batches, each with its history and the place reached in one transaction.

After a crash whoever asks first goes on from that place; nothing is done twice, nothing is left out.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from vms.access.roles import Person
from vms.core.clock import Clock
from vms.core.errors import BadInput, Conflict
from vms.core.ids import OwnerId
from vms.inventory.tier import Tier
from vms.services.archive.one_id_one_camera import one_at_a_time
from vms.services.edits.plan_edit import EditRequest, columns_read, judge, read_changes
from vms.services.edits.preview_edit import preview
from vms.services.edits.undo_edit import undo_some
from vms.store import camera_bulk, edits, owners, registrations
from vms.store.camera_changes import Author
from vms.store.database import Database
from vms.store.edits import Edit, EditState

BATCH = 500
AT_ONCE = 2_000
"""Up to so many are done in one transaction: all or none. More would keep the poller from writing for too long."""
KEPT_REFUSALS = 100


def begin_edit(
    database: Database,
    request: EditRequest,
    person: Person,
    why: str,
    now: datetime,
    *,
    token: str,
    expected_count: int | None = None,
) -> Edit:
    """Keeps what is to be done; run_edit does it. Raises BadInput, and Conflict where the preview is outdated."""
    if not why.strip():
        raise BadInput("say why", where="why")
    with database.writing() as tx:
        told, changing = preview(tx, request, now)
        if told.token != token or (expected_count is not None and told.will_change != expected_count):
            raise Conflict(
                "the cameras or their values have changed since the preview; look at a new one", code="preview_outdated"
            )
        if not changing:
            raise BadInput("there is nothing to change", where="changes")
        edit_id = edits.add(tx, dict(request.changes), changing, person.name, why.strip(), now)
        return edits.get(tx, edit_id)


def run_edit(database: Database, edit_id: int, clock: Clock, on_batch: Callable[[Edit], None] | None = None) -> Edit:
    """Until it is done, or undone where that was begun. Several may run it at once: each batch is taken by one."""
    with database.reading() as tx:
        ids = edits.camera_ids(tx, edit_id)
    while True:
        with database.writing() as tx:
            edit = edits.get(tx, edit_id, lock=True)
            if edit.state is EditState.RUNNING:
                edit = _do_some(tx, edit, ids, clock())
            elif edit.state is EditState.UNDOING:
                edit = undo_some(tx, edit, ids, clock())
        if on_batch is not None:
            on_batch(edit)
        if edit.state in (EditState.DONE, EditState.UNDONE):
            return edit


def resume_edits(database: Database, clock: Clock) -> list[int]:
    """Finishes what a crash left; returns which."""
    with database.reading() as tx:
        left = edits.unfinished(tx)
    for edit_id in left:
        run_edit(database, edit_id, clock)
    return left


def _do_some(tx: Connection, edit: Edit, ids: Sequence[int], now: datetime) -> Edit:
    given = read_changes(edit.changes)
    size = len(ids) if len(ids) <= AT_ONCE else BATCH
    if "gb_device_id" in given:
        one_at_a_time(tx)
    rows = camera_bulk.rows_of(tx, ids[edit.position : edit.position + size], columns_read(given), lock=True)
    known = _owners(tx, rows, given, now)
    registered = registrations.camera_ids(tx)
    judged = [(row, judge(row, given, registered, known, tx, now)) for row in rows]
    author = Author(who=edit.who, why=edit.why, edit_id=edit.edit_id)
    camera_bulk.change(tx, [(row, verdict.columns) for row, verdict in judged if not verdict.refused], author, now)
    result = dict(edit.result)
    refused = [(row, verdict) for row, verdict in judged if verdict.refused]
    result["changed"] = result.get("changed", 0) + sum(1 for _, verdict in judged if verdict.columns)
    result["refused"] = result.get("refused", 0) + len(refused)
    listed = result.get("refusals", [])
    result["refusals"] = [
        *listed,
        *(
            {"camera_id": row["id"], "name": row["shown_name"], "reason": verdict.refused, "code": verdict.code}
            for row, verdict in refused
        ),
    ][:KEPT_REFUSALS]
    position = min(edit.position + size, len(ids))
    state = EditState.DONE if position == len(ids) else EditState.RUNNING
    edits.advance(tx, edit.edit_id, state, position, result)
    return edits.get(tx, edit.edit_id)


def _owners(tx: Connection, rows: list[Any], given: Mapping[str, Any], now: datetime) -> dict[Tier, OwnerId]:
    """Made where there is none of that name in a tier yet."""
    name = str(given.get("owner") or "")
    if not name:
        return {}
    known = owners.by_tier(tx, name)
    others = [row for row in rows if row["owner_id"] not in known.values()]
    tiers = {Tier(given.get("tier") or row["tier"]) for row in others}
    return known | {tier: owners.ensure(tx, name, tier, now) for tier in sorted(tiers)}
