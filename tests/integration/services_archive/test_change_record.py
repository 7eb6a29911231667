"""Records are drafted, changed, approved, sent back and restored, on both databases, with every step in the history."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from tests.builders.inventory import a_pose, declared
from vms.access.roles import Person, Role
from vms.core.errors import BadInput, Conflict, NotAllowed
from vms.core.ids import CameraId, UserId
from vms.inventory.camera import LifeCycle
from vms.services.archive.change_record import RecordChange, change_record
from vms.services.archive.draft_camera import draft_camera
from vms.services.archive.move_life_cycle import Move, move_life_cycle
from vms.services.archive.restore_field import restore_field
from vms.store import camera_changes, cameras, events, owners
from vms.store.database import Database
from vms.store.schema import camera_changes as changes_table

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
KEEPER = Person(user_id=UserId(1), name="王工", role=Role.MAINTAINER)
ADMIN = Person(user_id=UserId(3), name="王工", role=Role.ADMIN)
REVIEWER = Person(user_id=UserId(2), name="李审", role=Role.REVIEWER)


def approved(database: Database, **entered) -> CameraId:
    with database.writing() as tx:
        return cameras.add(tx, declared(**entered), life_cycle=LifeCycle.APPROVED, now=NOON)


def edit(database, camera_id, *, person=KEEPER, minutes=1, revision=None, why="现场核对", **changes):
    change = RecordChange(changes=changes, why=why, revision=revision)
    return change_record(database, camera_id, change, person, NOON + timedelta(minutes=minutes))


def move(database, camera_id, to, person, *, minutes=5, **rest):
    return move_life_cycle(database, camera_id, Move(to=to, **rest), person, NOON + timedelta(minutes=minutes))


def history(database, camera_id):
    """(field, before, after, who), the oldest first."""
    with database.reading() as tx:
        return [
            (one.change.field, one.change.before, one.change.after, one.author.who)
            for one in reversed(camera_changes.of_camera(tx, camera_id, limit=200).items)
        ]


def row(database, camera_id):
    with database.reading() as tx:
        return cameras.columns(tx, camera_id)


def revision(database, camera_id):
    with database.reading() as tx:
        return camera_changes.revision(tx, camera_id)


def test_a_draft_is_submitted_approved_changed_and_approved_again(database: Database) -> None:
    fields = {"name": "人民路口", "tier": "government", "installed_on": "2026-01-02", "position_types": [1, 8]}
    camera_id = draft_camera(database, fields, KEEPER, "新建点位", NOON)
    assert row(database, camera_id)["installed_on"] == date(2026, 1, 2)
    assert move(database, camera_id, LifeCycle.SUBMITTED, KEEPER) is LifeCycle.SUBMITTED
    assert move(database, camera_id, LifeCycle.APPROVED, REVIEWER) is LifeCycle.APPROVED
    assert edit(database, camera_id, common_name="老路口") == ("common_name",)
    assert row(database, camera_id)["life_cycle"] == "changing"
    move(database, camera_id, LifeCycle.APPROVED, REVIEWER)
    assert history(database, camera_id) == [
        ("life_cycle", None, "draft", "王工"),
        ("life_cycle", "draft", "submitted", "王工"),
        ("life_cycle", "submitted", "approved", "李审"),
        ("common_name", "", "老路口", "王工"),
        ("life_cycle", "approved", "changing", "王工"),
        ("life_cycle", "changing", "approved", "李审"),
    ]


def test_every_kind_of_field_is_kept_as_it_was_and_as_it_became(database: Database) -> None:
    camera_id = approved(database)
    edit(
        database,
        camera_id,
        filing_on="2026-04-01",
        function_types=[3],
        signage_present=False,
        retention_days=30,
        owner="第一小学",
        person=ADMIN,
        lon=113.625368,
        lat=34.746599,
    )
    kept = {field: (before, after) for field, before, after, _ in history(database, camera_id)}
    with database.reading() as tx:
        owner_id = owners.every(tx)[0].owner_id
    assert kept["filing_on"] == (None, "2026-04-01")
    assert kept["function_types"] == ([], [3])
    assert kept["signage_present"] == (None, False)
    assert kept["owner_id"] == (None, owner_id)
    assert kept["lon"] == (None, 113.625368)
    assert kept["life_cycle"] == ("approved", "changing")


def test_what_is_the_same_as_before_changes_nothing(database: Database) -> None:
    camera_id = approved(database, common_name="老路口")
    with database.reading() as tx:
        before = events.latest_id(tx)
    assert edit(database, camera_id, common_name=" 老路口 ", mount_height_m=None) == ()
    assert row(database, camera_id)["life_cycle"] == "approved"
    with database.reading() as tx:
        assert events.latest_id(tx) == before


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"nonsense": 1}, "nonsense"),
        ({"life_cycle": "approved"}, "life_cycle"),
        ({"name": ""}, "name"),
        ({"common_name": "x", "port": 70_000}, "port"),
        ({"lon": 113.6}, "lat"),
        ({"lon": 0, "lat": 0}, "lon"),
        ({"lon": 113.6, "lat": 34.7, "coordinate_system": "utm"}, "coordinate_system"),
    ],
)
def test_a_bad_field_is_named_and_nothing_is_changed(sqlite_database: Database, changes, where) -> None:
    camera_id = approved(sqlite_database)
    before = row(sqlite_database, camera_id)
    with pytest.raises(BadInput) as refusal:
        edit(sqlite_database, camera_id, **changes)
    assert refusal.value.where == where
    assert row(sqlite_database, camera_id) == before


def test_a_position_is_kept_as_entered_and_as_wgs84(sqlite_database: Database) -> None:
    camera_id = approved(sqlite_database)
    edit(sqlite_database, camera_id, lon=113.631414637, lat=34.745416415, coordinate_system="gcj02")
    found = row(sqlite_database, camera_id)
    assert (found["entered_x"], found["entered_system"]) == (113.631414637, "gcj02")
    assert (found["lon"], found["lat"]) == pytest.approx((113.625368, 34.746599), abs=1e-6)
    edit(sqlite_database, camera_id, coordinate_system="wgs84")
    assert row(sqlite_database, camera_id)["lon"] == 113.631414637, "the same figures, in another system"
    edit(sqlite_database, camera_id, lon=None, lat=None)
    assert row(sqlite_database, camera_id)["lon"] is None


def test_who_edits_an_old_state_is_told_who_changed_what(database: Database) -> None:
    camera_id = approved(database)
    seen = revision(database, camera_id)
    edit(database, camera_id, common_name="一", revision=seen)
    with pytest.raises(Conflict, match=r"王工 changed this record at .*common_name") as refusal:
        edit(database, camera_id, person=REVIEWER, common_name="二", revision=seen)
    assert refusal.value.code == "changed_meanwhile"
    edit(database, camera_id, common_name="二", revision=revision(database, camera_id))
    assert row(database, camera_id)["common_name"] == "二"


def test_who_may_look_is_not_moved_by_who_only_keeps_the_archive(database: Database) -> None:
    camera_id = approved(database)
    for changes in ({"tier": "unit"}, {"owner": "某小区"}):
        with pytest.raises(NotAllowed) as refused:
            edit(database, camera_id, **changes)
        assert refused.value.code == "needs_reviewer"
    edit(database, camera_id, person=ADMIN, tier="unit")
    with pytest.raises(NotAllowed):
        restore_field(database, camera_id, change_of(database, camera_id, "tier"), KEEPER, "", NOON)


def test_sent_back_the_record_is_what_was_approved(database: Database) -> None:
    camera_id = approved(database, common_name="老", pose=a_pose(113.625368, 34.746599, bearing_deg=10.0))
    before = row(database, camera_id)
    edit(database, camera_id, common_name="一", bearing_deg=20, filing_on="2026-04-01")
    edit(database, camera_id, minutes=2, common_name="二", lon=113.7, lat=34.8, owner="某小区", person=ADMIN)
    assert row(database, camera_id)["common_name"] == "二"
    with pytest.raises(BadInput, match="reason"):
        move(database, camera_id, LifeCycle.APPROVED, REVIEWER, send_back=True)
    move(database, camera_id, LifeCycle.APPROVED, REVIEWER, send_back=True, why="方位不对")
    after = row(database, camera_id)
    assert {name for name in before if before[name] != after[name]} == {"changed_at"}
    assert ("common_name", "二", "老", "李审") in history(database, camera_id)


def test_only_what_was_changed_since_the_approval_goes_back(sqlite_database: Database) -> None:
    camera_id = approved(sqlite_database, common_name="老")
    edit(sqlite_database, camera_id, common_name="一", pole_code="7")
    move(sqlite_database, camera_id, LifeCycle.APPROVED, REVIEWER)
    edit(sqlite_database, camera_id, minutes=9, common_name="二")
    move(sqlite_database, camera_id, LifeCycle.APPROVED, REVIEWER, minutes=10, send_back=True, why="不")
    found = row(sqlite_database, camera_id)
    assert (found["common_name"], found["pole_code"]) == ("一", "7")


def test_each_role_takes_its_own_steps(sqlite_database: Database) -> None:
    camera_id = draft_camera(sqlite_database, {"name": "a", "tier": "unit"}, KEEPER, "", NOON)
    with pytest.raises(NotAllowed):
        move(sqlite_database, camera_id, LifeCycle.SUBMITTED, REVIEWER)
    with pytest.raises(Conflict, match="cannot become approved"):
        move(sqlite_database, camera_id, LifeCycle.APPROVED, REVIEWER)
    move(sqlite_database, camera_id, LifeCycle.SUBMITTED, KEEPER)
    with pytest.raises(NotAllowed):
        move(sqlite_database, camera_id, LifeCycle.APPROVED, KEEPER)
    seen = revision(sqlite_database, camera_id)
    edit(sqlite_database, camera_id, common_name="改")
    with pytest.raises(Conflict, match="王工 changed"):
        move(sqlite_database, camera_id, LifeCycle.APPROVED, REVIEWER, revision=seen)


def test_a_retired_record_is_not_edited(sqlite_database: Database) -> None:
    camera_id = approved(sqlite_database)
    move(sqlite_database, camera_id, LifeCycle.RETIRED, KEEPER, why="拆除")
    with pytest.raises(Conflict, match="retired"):
        edit(sqlite_database, camera_id, common_name="x")
    assert row(sqlite_database, camera_id)["common_name"] == ""


def change_of(database, camera_id, field):
    with database.reading() as tx:
        statement = select(changes_table.c.id).where(
            changes_table.c.camera_id == camera_id, changes_table.c.field == field
        )
        return tx.execute(statement.order_by(changes_table.c.id.desc())).scalars().first()


def test_one_field_comes_back_from_the_history_and_a_position_whole(database: Database) -> None:
    camera_id = approved(database, pose=a_pose(113.625368, 34.746599), installed_on=date(2025, 1, 1))
    edit(database, camera_id, lon=113.7, lat=34.8, installed_on="2026-02-02", common_name="新")
    restore_field(database, camera_id, change_of(database, camera_id, "lat"), KEEPER, "", NOON + timedelta(minutes=3))
    found = row(database, camera_id)
    assert (found["lon"], found["lat"], found["common_name"]) == (113.625368, 34.746599, "新")
    restore_field(
        database, camera_id, change_of(database, camera_id, "installed_on"), KEEPER, "抄错", NOON + timedelta(minutes=4)
    )
    assert row(database, camera_id)["installed_on"] == date(2025, 1, 1)
    with pytest.raises(BadInput, match="not a field"):
        restore_field(database, camera_id, change_of(database, camera_id, "life_cycle"), KEEPER, "", NOON)
