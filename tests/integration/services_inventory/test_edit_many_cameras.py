"""Edits of many cameras: what is refused, what history keeps, and what a crash leaves."""

import time
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select

from tests.builders.forked_python import fork_program
from tests.builders.listed_cameras import NOW, a_listed_town
from vms.access.roles import Person, Role
from vms.core.errors import Conflict
from vms.core.ids import UserId
from vms.inventory.camera import Declared, LifeCycle
from vms.inventory.tier import Tier
from vms.services.edits.apply_edit import begin_edit, resume_edits, run_edit
from vms.services.edits.plan_edit import EditRequest
from vms.services.edits.preview_edit import preview_edit
from vms.services.edits.undo_edit import begin_undo
from vms.store import camera_changes, cameras, edits, events
from vms.store.database import Database
from vms.store.edits import Edit, EditState
from vms.store.schema import camera_changes as changes_table
from vms.store.schema import cameras as camera_table
from vms.store.schema import events as events_table
from vms.store.schema import registrations

KEEPER = Person(user_id=UserId(1), name="wang", role=Role.MAINTAINER)


def edited(database: Database, request: EditRequest, why: str = "new contract") -> Edit:
    token = preview_edit(database, request, NOW).token
    return run_edit(database, begin_edit(database, request, KEEPER, why, NOW, token=token).edit_id, lambda: NOW)


def undone(database: Database, edit: Edit) -> Edit:
    return run_edit(database, begin_undo(database, edit.edit_id, KEEPER, NOW).edit_id, lambda: NOW)


def record(database: Database, camera_id: int) -> Declared:
    with database.reading() as tx:
        return cameras.get(tx, camera_id).declared


def test_every_kind_of_value_is_set_and_comes_back_by_the_undo(database: Database) -> None:
    town = a_listed_town(database)
    ids = (town.north_gate, town.south_gate, town.shop, town.found)
    before = {one: record(database, one) for one in ids}
    given = {
        "installed_on": "2025-03-01",
        "position_types": [2, 3],
        "indoor": True,
        "lon": 113.7,
        "lat": 34.7,
        "common_name": "共用",
        "retention_days": None,
        "bearing_deg": 450 - 360,
    }
    edit = edited(database, EditRequest(changes=given, camera_ids=ids))
    assert (edit.state, edit.result["changed"]) == (EditState.DONE, 4)
    now = record(database, town.north_gate)
    assert (now.installed_on, now.position_types, now.common_name) == (date(2025, 3, 1), (2, 3), "共用")
    assert now.pose is not None
    assert (now.pose.position.lon, now.retention_days, now.name) == (113.7, None, "北门主口")
    with database.reading() as tx:
        camera = cameras.get(tx, town.north_gate)
        assert camera.life_cycle is LifeCycle.CHANGING
        kept = camera_changes.of_camera(tx, town.north_gate, limit=200).items
        of_edit = [one for one in kept if one.author.edit_id == edit.edit_id]
        assert {one.change.field for one in of_edit} >= {"installed_on", "common_name", "life_cycle"}
        assert {(one.author.who, one.author.why) for one in of_edit} == {("wang", "new contract")}
        last = tx.execute(select(events_table.c.content).order_by(events_table.c.id.desc()).limit(1)).scalar_one()
        assert "common_name" in last["fields"]
        assert events.latest_id(tx) > 0
    back = undone(database, edit)
    assert (back.state, back.result["restored"], back.result["left"]) == (EditState.UNDONE, 4, 0)
    assert {one: record(database, one) for one in ids} == before
    with database.reading() as tx:
        assert cameras.get(tx, town.north_gate).life_cycle is LifeCycle.APPROVED
        assert cameras.get(tx, town.found).life_cycle is LifeCycle.PENDING


def test_what_follows_an_owners_registration_is_refused_and_the_rest_of_its_fields_is_not(
    sqlite_database: Database,
) -> None:
    town = a_listed_town(sqlite_database)
    with sqlite_database.writing() as tx:
        row = {"status": "approved", "submitted_at": NOW, "owner_id": town.shop_owner, "camera_id": town.shop}
        tx.execute(registrations.insert().values(**row, content={}, access_key_hash="x"))
    both = (town.shop, town.south_gate)
    preview = preview_edit(sqlite_database, EditRequest(changes={"tier": "community"}, camera_ids=both), NOW)
    assert (preview.will_change, preview.refused) == (0, 2), "nobody moves who may look by an edit of many"
    codes = {refusal.camera_id: refusal.code for refusal in preview.refusals}
    assert codes == {town.shop: "follows_registration", town.south_gate: "needs_reviewer"}
    other = preview_edit(sqlite_database, EditRequest(changes={"mgmt_unit": "x"}, camera_ids=both), NOW)
    assert (other.will_change, other.refused) == (2, 0)


def test_a_preview_that_is_not_true_any_more_is_not_done(sqlite_database: Database) -> None:
    town = a_listed_town(sqlite_database)
    request = EditRequest(changes={"mgmt_unit": "一站"}, filter_text="region in 4101")
    token = preview_edit(sqlite_database, request, NOW).token
    assert preview_edit(sqlite_database, request, NOW).token == token
    with sqlite_database.writing() as tx:
        author = camera_changes.Author(who="li")
        cameras.change_columns(tx, town.shop, {"mgmt_unit": "二站"}, NOW, author=author)
    with pytest.raises(Conflict, match="changed since the preview"):
        begin_edit(sqlite_database, request, KEEPER, "why", NOW, token=token)
    other = replace(request, changes={"mgmt_unit": "三站"})
    with pytest.raises(Conflict, match="changed since the preview"):
        begin_edit(sqlite_database, other, KEEPER, "why", NOW, token=preview_edit(sqlite_database, request, NOW).token)
    with sqlite_database.reading() as tx:
        assert edits.page(tx).total == 0


def test_a_position_that_somebody_corrected_stays_whole(sqlite_database: Database) -> None:
    town = a_listed_town(sqlite_database)
    edit = edited(sqlite_database, EditRequest(changes={"lon": 113.7, "lat": 34.7}, camera_ids=(town.north_gate,)))
    with sqlite_database.writing() as tx:
        author = camera_changes.Author(who="li")
        cameras.change_columns(tx, town.north_gate, {"lon": 113.8}, NOW, author=author)
    back = undone(sqlite_database, edit)
    assert back.result["restored"] == 0
    pose = record(sqlite_database, town.north_gate).pose
    assert pose is not None
    assert (pose.position.lon, pose.position.lat) == (113.8, 34.7)


_EDITOR = """
import sys
from datetime import UTC, datetime
from vms.services.edits.apply_edit import run_edit
from vms.store.database import Database
run_edit(Database(sys.argv[1]), int(sys.argv[2]), lambda: datetime.now(UTC))
"""
MANY = 2_600


def test_an_edit_cut_off_by_kill_9_goes_on_and_changes_every_camera_once(sqlite_database: Database) -> None:
    with sqlite_database.writing() as tx:
        rows = [
            cameras.new_columns(
                Declared(name=f"点{number}", tier=Tier.UNIT), life_cycle=LifeCycle.DRAFT, owner_id=None, now=NOW
            )
            for number in range(MANY)
        ]
        cameras.add_many(tx, rows, NOW)
    request = EditRequest(changes={"mgmt_unit": "一站"}, filter_text="tier=unit")
    token = preview_edit(sqlite_database, request, NOW).token
    edit = begin_edit(sqlite_database, request, KEEPER, "why", NOW, token=token)
    killed_at = _killed_midway(sqlite_database, edit.edit_id)
    assert 0 < killed_at < MANY, "it must be killed in the middle"
    assert resume_edits(sqlite_database, lambda: NOW) == [edit.edit_id]
    with sqlite_database.reading() as tx:
        done = edits.get(tx, edit.edit_id)
        assert (done.state, done.result["changed"]) == (EditState.DONE, MANY)
        chosen = (changes_table.c.edit_id == edit.edit_id, changes_table.c.field == "mgmt_unit")
        lines = tx.execute(select(func.count(), func.count(changes_table.c.camera_id.distinct())).where(*chosen)).one()
        assert tuple(lines) == (MANY, MANY)
        assert tx.execute(select(func.count()).where(camera_table.c.mgmt_unit == "一站")).scalar_one() == MANY
    assert resume_edits(sqlite_database, lambda: NOW) == []


def _killed_midway(database: Database, edit_id: int) -> int:
    """How many were done when it died."""
    editor = fork_program(_EDITOR, database.url, str(edit_id))
    deadline = time.monotonic() + 30
    position = 0
    while position == 0 and editor.poll() is None and time.monotonic() < deadline:
        with database.reading() as tx:
            position = edits.get(tx, edit_id).position
        time.sleep(0.002)
    editor.end()
    with database.reading() as tx:
        return edits.get(tx, edit_id).position
