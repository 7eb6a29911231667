"""Nobody gives two cameras one national device id, lists neither; doubles from before stay findings."""

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.builders.inventory import declared
from vms.access.roles import Person, Role
from vms.core.errors import BadInput
from vms.core.ids import CameraId, UserId
from vms.inventory.camera import LifeCycle
from vms.inventory.tier import Tier
from vms.services.archive.change_record import RecordChange, change_record
from vms.services.archive.city_now import judge_cameras
from vms.services.archive.draft_camera import draft_camera
from vms.services.archive.move_life_cycle import Move, move_life_cycle
from vms.services.archive.restore_field import restore_field
from vms.services.edits.apply_edit import begin_edit, run_edit
from vms.services.edits.plan_edit import EditRequest
from vms.services.edits.preview_edit import preview_edit
from vms.services.edits.undo_edit import begin_undo
from vms.services.import_cameras import import_cameras
from vms.store import camera_changes, cameras
from vms.store.database import Database

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
KEEPER = Person(user_id=UserId(1), name="王工", role=Role.MAINTAINER)
REVIEWER = Person(user_id=UserId(2), name="李科", role=Role.REVIEWER)
ID, OTHER = "41010500001320000001", "41010500001320000002"


def put(database: Database, *, life_cycle: LifeCycle = LifeCycle.APPROVED, **entered: object) -> CameraId:
    with database.writing() as tx:
        return cameras.add(tx, declared(**entered), life_cycle=life_cycle, now=NOON)


def change(database: Database, camera_id: CameraId, **changes: object) -> tuple[str, ...]:
    return change_record(database, camera_id, RecordChange(changes=changes), KEEPER, NOON)


def edit(database: Database, camera_ids: tuple[int, ...], gb_device_id: str | None) -> int:
    request = EditRequest(changes={"gb_device_id": gb_device_id}, camera_ids=camera_ids)
    token = preview_edit(database, request, NOON).token
    begun = begin_edit(database, request, KEEPER, "x", NOON, token=token)
    return run_edit(database, begun.edit_id, lambda: NOON).edit_id


def id_of(database: Database, camera_id: CameraId) -> str:
    with database.reading() as tx:
        return str(cameras.columns(tx, camera_id)["gb_device_id"])


def test_a_record_does_not_take_the_id_of_another_and_says_whose_it_is(database: Database) -> None:
    one, two = put(database, gb_device_id=ID, name="北门"), put(database, name="南门")
    told = f"camera {one} \\(北门\\) has this national device id already"
    with pytest.raises(BadInput, match=told) as refused:
        change(database, two, gb_device_id=ID)
    assert (refused.value.where, refused.value.code) == ("gb_device_id", "id_taken")
    with pytest.raises(BadInput, match=told):
        draft_camera(database, {"name": "西门", "tier": "unit", "gb_device_id": ID}, KEEPER, "", NOON)
    assert change(database, one, gb_device_id=ID, pole_code="7") == ("pole_code",), "its own is no double"
    assert change(database, two, gb_device_id=OTHER) == ("gb_device_id",)


def test_the_id_of_a_retired_camera_is_free(database: Database) -> None:
    put(database, gb_device_id=ID, life_cycle=LifeCycle.RETIRED)
    assert change(database, put(database), gb_device_id=ID) == ("gb_device_id",)


def test_doubles_from_before_stay_findings_and_do_not_hinder_other_edits(database: Database) -> None:
    one, two = put(database, gb_device_id=ID), put(database, gb_device_id=ID)
    assert change(database, two, pole_code="7", gb_device_id=ID) == ("pole_code",)
    with database.reading() as tx:
        judged = judge_cameras(tx, [one, two], NOON)
    assert all("id_unique" in {rule.code for rule in found.failed} for found in judged.values())


def test_a_value_of_the_history_does_not_come_back_when_another_has_it(database: Database) -> None:
    one, two = put(database, gb_device_id=ID), put(database)
    change(database, one, gb_device_id=OTHER)
    with database.reading() as tx:
        kept = camera_changes.of_camera(tx, one).items
    change(database, two, gb_device_id=ID)
    number = next(item.change_id for item in kept if item.change.field == "gb_device_id")
    with pytest.raises(BadInput, match=f"camera {two} "):
        restore_field(database, one, number, KEEPER, "", NOON)
    back = Move(to=LifeCycle.APPROVED, send_back=True, why="nein")
    with pytest.raises(BadInput, match=f"camera {two} "):
        move_life_cycle(database, one, back, REVIEWER, NOON)
    assert id_of(database, one) == OTHER


def test_an_edit_of_many_refuses_what_is_taken_and_its_undo_leaves_it(database: Database) -> None:
    one, two = put(database, gb_device_id=ID, name="北门"), put(database)
    told = preview_edit(database, EditRequest(changes={"gb_device_id": ID}, camera_ids=(two,)), NOON)
    assert [(row.code, row.reason) for row in told.refusals] == [
        ("id_taken", f"camera {one} (北门) has this national device id already")
    ]
    emptied = edit(database, (one, two), None)
    change(database, two, gb_device_id=ID)
    begin_undo(database, emptied, KEEPER, NOON)
    undone = run_edit(database, emptied, lambda: NOON)
    assert [(row["camera_id"], row["field"]) for row in undone.result["left_fields"]] == [(one, "gb_device_id")]
    assert f"camera {two} " in undone.result["left_fields"][0]["reason"]
    assert (id_of(database, one), id_of(database, two)) == ("", ID)


def test_of_two_at_once_one_gets_it(database: Database) -> None:
    camera_ids = [put(database) for _ in range(8)]
    refused: list[str] = []

    def give(camera_id: CameraId) -> None:
        try:
            change(database, camera_id, gb_device_id=ID)
        except BadInput as problem:
            refused.append(problem.message)

    threads = [threading.Thread(target=give, args=(camera_id,)) for camera_id in camera_ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(refused) == 7
    assert [id_of(database, camera_id) for camera_id in camera_ids].count(ID) == 1


def test_a_list_brings_no_double(sqlite_database: Database, tmp_path: Path) -> None:
    there = put(sqlite_database, gb_device_id=ID, name="北门", tier=Tier.GOVERNMENT, serial_no="SN-1111")
    path = tmp_path / "list.csv"
    rows = [f"东门,government,{OTHER},SN-2222", f"北门二,government,{ID},SN-3333", f"西门,government,{OTHER},SN-4444"]
    path.write_text("\n".join(["name,tier,gb_device_id,serial_no", *rows]), encoding="utf-8")
    result = import_cameras(sqlite_database, path, clock=lambda: NOON)
    assert (result.created, result.updated) == (1, 1), "a row with an id that is there is about that camera"
    assert [(error.row, error.field, error.reason) for error in result.rejected] == [
        (4, "gb_device_id", "row 2 describes this camera already")
    ]
    with sqlite_database.reading() as tx:
        assert cameras.columns(tx, there)["name"] == "北门二"
