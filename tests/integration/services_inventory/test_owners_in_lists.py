"""Whose cameras a list says they are: an owner is who it is, whatever the tier; of households the contact decides."""

from datetime import UTC, datetime

import pytest

from tests.builders.inventory import declared
from vms.access.roles import Person, Role
from vms.core.ids import UserId
from vms.inventory.camera import LifeCycle
from vms.inventory.tier import Tier
from vms.services.archive.change_record import RecordChange, change_record
from vms.services.edits.apply_edit import begin_edit, run_edit
from vms.services.edits.plan_edit import EditRequest
from vms.services.edits.preview_edit import preview_edit
from vms.services.import_cameras import import_cameras
from vms.store import camera_changes, cameras, owners

NOW = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)
ADMIN = Person(user_id=UserId(1), name="admin", role=Role.ADMIN)
HEADINGS = "name,tier,serial_no,owner,mgmt_contact"


@pytest.fixture
def take_in(database, tmp_path):
    def _take_in(*rows, headings=HEADINGS, dry_run=False):
        file = tmp_path / "list.csv"
        file.write_text("\n".join((headings, *rows)), encoding="utf-8")
        return import_cameras(database, file, dry_run=dry_run)

    return _take_in


def owned(database):
    """By the camera's name: its owner's number and name."""
    with database.reading() as tx:
        names = {one.owner_id: one.name for one in owners.every(tx)}
        return {camera.name: (camera.owner_id, names.get(camera.owner_id)) for camera in cameras.every(tx)}


def every_owner(database):
    with database.reading() as tx:
        return [(one.name, one.tier.value) for one in owners.every(tx)]


def test_a_camera_of_another_tier_stays_its_owners(database, take_in):
    take_in("甲,government,SN0001,市局,", "乙,household,SN0002,张三,138")
    before = owned(database)
    result = take_in("甲,unit,SN0001,市局,", "乙,unit,SN0002,张三,138")
    assert (result.updated, result.rejected) == (2, [])
    assert owned(database) == before
    assert every_owner(database) == [("市局", "government"), ("张三", "household")]


def test_an_office_is_one_owner_whatever_the_tier_of_its_cameras(database, take_in):
    take_in("甲,government,SN0001,市局,", "乙,unit,SN0002,市局,0371-65850000")
    take_in("丙,community,SN0003,市局,")
    assert len({owner_id for owner_id, _ in owned(database).values()}) == 1
    assert every_owner(database) == [("市局", "government")]


def test_a_household_and_an_office_of_one_name_do_not_see_each_others_cameras(database, take_in):
    take_in("甲,household,SN0001,王伟,138", "乙,unit,SN0002,王伟,138", "丙,household,SN0003,王伟,138")
    found = owned(database)
    assert found["甲"] == found["丙"] != found["乙"]


def test_two_households_of_one_name_are_told_apart_by_their_contacts(database, take_in):
    rows = ("甲,household,SN0001,张三,138 0013-8000", "乙,household,SN0002,张三,13900139000")
    more = ("丙,household,SN0003,张三,13800138000", "丁,household,SN0004,张三,13900139000")
    assert take_in(*rows).created == 2
    assert take_in(*more).created == 2
    found = owned(database)
    assert found["甲"] == found["丙"] != found["乙"] == found["丁"]
    assert every_owner(database) == [("张三", "household"), ("张三（2）", "household")]
    again = take_in(*rows, *more)
    assert (again.unchanged, every_owner(database)) == (4, [("张三", "household"), ("张三（2）", "household")])


def test_where_several_households_fit_nobody_is_chosen(database, take_in):
    take_in("甲,household,SN0001,张三,138", "乙,household,SN0002,张三,139")
    for dry_run in (True, False):
        result = take_in("丙,household,SN0003,张三,", "丁,household,SN0004,李四,", dry_run=dry_run)
        assert (result.created, [(e.row, e.field) for e in result.rejected]) == (1, [(2, "owner")])
    assert "several households are called so" in result.rejected[0].reason
    assert take_in("丙,household,SN0003,张三（2）,").created == 1
    assert owned(database)["丙"][1] == "张三（2）"


def test_a_contact_that_went_out_masked_keeps_the_owner(database, take_in):
    take_in("甲,household,SN0001,张三,13800138000", "乙,household,SN0002,张三,13900139000")
    result = take_in("甲,household,SN0001,张三,•••••••8000", "乙,household,SN0002,张三（2）,•••••••9000")
    assert (result.unchanged, result.rejected) == (2, [])


def test_the_record_s_page_and_bulk_edits_keep_the_owner_when_the_tier_changes(database):
    with database.writing() as tx:
        owner_id = owners.ensure(tx, "张三", Tier.HOUSEHOLD, NOW)
        one, other = (
            cameras.add(tx, declared(n, tier=Tier.HOUSEHOLD), life_cycle=LifeCycle.DRAFT, now=NOW, owner_id=owner_id)
            for n in ("甲", "乙")
        )
        revision = camera_changes.revision(tx, one)
    change = RecordChange(changes={"tier": "unit", "owner": "张三"}, why="a shop now", revision=revision)
    change_record(database, one, change, ADMIN, NOW)
    request = EditRequest(changes={"tier": "unit", "owner": "张三"}, camera_ids=(other,))
    told = preview_edit(database, request, NOW)
    edit = begin_edit(database, request, ADMIN, "shops now", NOW, token=told.token)
    run_edit(database, edit.edit_id, lambda: NOW)
    assert every_owner(database) == [("张三", "household")]
    with database.reading() as tx:
        found = [cameras.get(tx, camera_id) for camera_id in (one, other)]
    assert [(camera.owner_id, camera.declared.tier) for camera in found] == [(owner_id, Tier.UNIT)] * 2
