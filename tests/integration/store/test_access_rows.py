"""The log of looks, consents, requests, sign-ins and incidents as rows, on SQLite and PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from tests.builders.access import NOON, SQUARE
from tests.builders.stored_cameras import store_camera
from vms.access.agreement import Agreements
from vms.access.consent import Consent, ConsentMode
from vms.access.decide import LookKind
from vms.access.roles import Role
from vms.core.errors import Conflict, NotFound
from vms.core.ids import CameraId, IncidentId, UserId
from vms.linkage.incident import Incident, IncidentSource, IncidentStatus
from vms.store import access_requests, camera_access, check, consents, incidents, looks, settings, sign_ins, users
from vms.store.database import Database
from vms.store.looks import Look
from vms.store.schema import looks as look_table
from vms.store.schema import settings as setting_table


def a_look(number: int = 0, **other: object) -> Look:
    known = {
        "at": NOON + timedelta(seconds=number, microseconds=123456),
        "camera_id": CameraId(7),
        "user_id": UserId(3),
        "user_name": "李雷",
        "kind": LookKind.LIVE,
        "purpose": "案件",
        "allowed": True,
        "because": "by_role",
    }
    return Look(**{**known, **other})  # type: ignore[arg-type]


def write_looks(database: Database, count: int) -> list[int]:
    with database.writing() as tx:
        return [looks.append(tx, a_look(number)) for number in range(count)]


def broken_at(database: Database) -> int | None:
    with database.reading() as tx:
        return looks.verify_chain(tx).broken_at


def told_by_check(database: Database) -> list[str]:
    with database.reading() as tx:
        return check.look_chain(tx)


def test_the_chain_holds_and_ends_may_be_written_later(database: Database) -> None:
    ids = write_looks(database, 5)
    with database.writing() as tx:
        looks.end(tx, ids[2], NOON + timedelta(minutes=1))
    with database.reading() as tx:
        chain = looks.verify_chain(tx)
        page = looks.of_camera(tx, 7, limit=2)
    assert (chain.entries, chain.broken_at) == (5, None)
    assert (page.total, [entry.look_id for entry in page.items]) == (5, [ids[4], ids[3]])
    assert all(entry.intact for entry in page.items)


@pytest.mark.parametrize(
    "change",
    [
        {"user_name": "somebody else"},
        {"allowed": False},
        {"camera_id": 8},
        {"at": NOON},
        {"incident_id": 1},
        {"hash": "0" * 64},
        {"previous_hash": "f" * 64},
    ],
)
def test_an_altered_entry_is_found(database: Database, change: dict[str, object]) -> None:
    ids = write_looks(database, 4)
    with database.writing() as tx:
        tx.execute(update(look_table).where(look_table.c.id == ids[1]).values(**change))
    assert broken_at(database) == ids[1]


def test_a_removed_entry_is_found_and_the_owner_sees_it(database: Database) -> None:
    ids = write_looks(database, 4)
    with database.writing() as tx:
        tx.execute(delete(look_table).where(look_table.c.id == ids[1]))
    assert broken_at(database) == ids[2]
    with database.reading() as tx:
        assert [entry.intact for entry in looks.of_camera(tx, 7).items] == [True, False, True]


@pytest.mark.parametrize("left", [3, 1, 0])
def test_a_log_that_was_cut_short_is_found(database: Database, left: int) -> None:
    ids = write_looks(database, 4)
    assert told_by_check(database) == []
    with database.writing() as tx:
        tx.execute(delete(look_table).where(look_table.c.id.in_(ids[left:])))
    assert told_by_check(database) == [f"the newest entries of the log of looks are gone: {left} are left"]


def test_newest_looks_that_were_replaced_are_found(database: Database) -> None:
    ids = write_looks(database, 4)
    with database.writing() as tx:
        end = settings.get(tx, looks.END_KEY)
        tx.execute(delete(look_table).where(look_table.c.id == ids[3]))
        looks.append(tx, a_look(3, user_name="somebody else"))
        tx.execute(update(setting_table).where(setting_table.c.key == looks.END_KEY).values(value=end))
    assert broken_at(database) is None, "the forged entry fits the one before it"
    assert told_by_check(database) == ["the newest entries of the log of looks are gone: 4 are left"]


def test_a_log_from_before_its_end_was_kept_is_taken_as_it_is(database: Database) -> None:
    write_looks(database, 2)
    with database.writing() as tx:
        tx.execute(delete(setting_table))
    assert told_by_check(database) == []
    ids = write_looks(database, 2)
    assert told_by_check(database) == []
    with database.writing() as tx:
        tx.execute(delete(look_table).where(look_table.c.id == ids[1]))
    assert told_by_check(database) == ["the newest entries of the log of looks are gone: 3 are left"]


def test_many_writers_at_once_make_one_chain(database: Database) -> None:
    def write(number: int) -> None:
        with database.writing() as tx:
            looks.append(tx, a_look(number))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(40)))
    with database.reading() as tx:
        chain = looks.verify_chain(tx)
        hashes = tx.execute(select(look_table.c.previous_hash)).scalars().all()
    assert (chain.entries, chain.broken_at, chain.cut) == (40, None, False)
    assert len(set(hashes)) == 40


def test_the_latest_word_of_an_owner_counts(database: Database) -> None:
    camera_id, other = store_camera(database, NOON), store_camera(database, NOON)
    with database.writing() as tx:
        for mode in (ConsentMode.ALWAYS, ConsentMode.NEVER):
            consents.put(tx, Consent(camera_id=camera_id, mode=mode, given_at=NOON), NOON)
        found = consents.of_cameras(tx, [camera_id, other])
        access = camera_access.of_cameras(tx, [camera_id, other, 999], Agreements())
    assert {key: consent.mode for key, consent in found.items()} == {camera_id: ConsentMode.NEVER}
    assert set(access) == {camera_id, other}
    assert (access[camera_id].consent, access[other].consent) == (found[camera_id], None)


def test_a_request_is_answered_once_but_a_grant_can_be_taken_back(database: Database) -> None:
    camera_id = store_camera(database, NOON)
    with database.writing() as tx:
        user = users.add(tx, "li", "hash", Role.OPERATOR, NOON)
        request = access_requests.add(tx, camera_id, user.user_id, None, "寻人", NOON)
        granted = access_requests.decide(tx, request, NOON + timedelta(hours=1), NOON)
        assert [grant.camera_id for grant in access_requests.live_grants(tx, user.user_id, NOON)] == [camera_id]
        assert access_requests.live_grants(tx, user.user_id, NOON + timedelta(hours=1)) == []
        with pytest.raises(Conflict):
            access_requests.decide(tx, granted, NOON + timedelta(hours=9), NOON)
        assert access_requests.decide(tx, granted, None, NOON).state(NOON) == "refused"
        assert access_requests.live_grants(tx, user.user_id, NOON) == []


def test_a_sign_in_ends_with_its_time_its_user_or_itself(database: Database) -> None:
    with database.writing() as tx:
        user = users.add(tx, "li", "hash", Role.OPERATOR, NOON)
        for token in ("a", "b"):
            sign_ins.add(tx, token, user.user_id, NOON, NOON + timedelta(hours=8))
        assert sign_ins.find(tx, "a", NOON) == (user, NOON + timedelta(hours=8))
        assert sign_ins.find(tx, "a", NOON + timedelta(hours=8)) is None
        sign_ins.remove(tx, "a")
        assert sign_ins.find(tx, "a", NOON) is None
        users.set_disabled(tx, user.user_id, NOON)
        assert sign_ins.find(tx, "b", NOON) is None
        assert users.with_hash(tx, "li") is None
        with pytest.raises(Conflict):
            users.add(tx, "li", "hash", Role.OPERATOR, NOON)


def an_incident(number: str = "") -> Incident:
    return Incident(
        incident_id=IncidentId(0),
        incident_no=number,
        source=IncidentSource.POLICE_110,
        reported_at=NOON,
        position=SQUARE,
    )


def test_an_incident_without_a_number_is_given_one(database: Database) -> None:
    with database.writing() as tx:
        first = incidents.add(tx, an_incident(), created_by=None, now=NOON)
        second = incidents.add(tx, an_incident(), created_by=None, now=NOON)
        assert first.incident_no.startswith("20260501-")
        assert first.incident_no != second.incident_no
        incidents.add(tx, an_incident("A-1"), created_by=None, now=NOON)
        with pytest.raises(Conflict):
            incidents.add(tx, an_incident("A-1"), created_by=None, now=NOON)


def test_a_closed_incident_is_no_scene_any_more(database: Database) -> None:
    with database.writing() as tx:
        incident = incidents.add(tx, an_incident(), created_by=None, now=NOON)
        assert incidents.scene(tx, incident.incident_id).open
        incidents.set_status(tx, incident.incident_id, IncidentStatus.FALSE, NOON)
        assert not incidents.scene(tx, incident.incident_id).open
        assert incidents.page(tx, still_open=True).total == 0
        assert incidents.page(tx, still_open=False).total == 1
        with pytest.raises(NotFound):
            incidents.scene(tx, 999)
