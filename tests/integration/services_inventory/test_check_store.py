"""The check finds nothing in a sound store and names each thing that was spoilt, on SQLite and PostgreSQL."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text, update

from tests.builders.inventory import a_channel, a_device, declared
from vms.inventory.camera import LifeCycle
from vms.inventory.networks import NetworkPlan
from vms.services.check_store import check_store
from vms.services.record_device import record_device
from vms.store import cameras, events
from vms.store.database import Database
from vms.store.schema import camera_devices, camera_paths, daily_sets, devices, faults, flips, watch_sessions, watches
from vms.store.schema import cameras as camera_table

NOW = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)


@pytest.fixture
def sound(database):
    """A store with a camera that was watched, has flipped twice, and had a fault."""
    with database.writing() as tx:
        record_device(tx, a_device(serial_no="DS0001", channels=(a_channel(),)), networks=NetworkPlan([]), now=NOW)
        cameras.add(tx, declared(), life_cycle=LifeCycle.APPROVED, now=NOW)
        tx.execute(watch_sessions.insert().values(id=1, started_at=NOW, alive_at=NOW, interval_s=60.0))
        for number, (before, after) in enumerate((("unknown", "up"), ("up", "suspect")), start=1):
            flip = {"id": number, "camera_id": 1, "session_id": 1, "from_status": before, "to_status": after, "at": NOW}
            tx.execute(flips.insert().values(flip))
        watch = {"camera_id": 1, "session_id": 1, "status": "suspect", "since": NOW, "updated_at": NOW}
        tx.execute(watches.insert().values(watch))
        fault = {"camera_id": 1, "kind": "unreachable", "layer": "network", "severity": "critical", "opened_at": NOW}
        tx.execute(faults.insert().values(fault))
    return database


def look(database):
    return [(finding.where, finding.message) for finding in check_store(database, now=NOW)]


def test_nothing_is_wrong_with_an_empty_store(database):
    assert look(database) == []


def test_nothing_is_wrong_with_a_sound_store(sound):
    assert look(sound) == []


SPOILT = [
    (update(camera_table).where(camera_table.c.id == 2).values(tier="moon"), "cameras", "camera 2"),
    (update(camera_table).where(camera_table.c.id == 2).values(lon=1.0), "cameras", "camera 2"),
    (update(camera_devices).values(channel="vs9"), "identity", "is not that of its device and channel"),
    (update(camera_devices).values(until_at=NOW), "identity", "is not that of its device and channel"),
    (camera_paths.insert().values(camera_id=2, device_id=1, channel="vs0", found_at=NOW),
     "identity", "channel vs0 of device 1 leads to several cameras"),
    (text("INSERT INTO streams VALUES (1, 'p9', 'main', 'H264', 1, 1, 'rtsp://x')"), "streams", "several main streams"),
    (update(flips).where(flips.c.id == 2).values(from_status="down"), "flips", "flip 2 starts at down"),
    (daily_sets.insert().values(day="2026-05-20", what="diagnosed", bits=b"torn"), "daily_sets", "on 2026-05-20"),
    (update(watches).values(status="down"), "flips", "watched as down, but its last flip ended at suspect"),
    (faults.insert().values(camera_id=1, kind="unreachable", layer="network", severity="minor", opened_at=NOW),
     "faults", "unreachable is open several times"),
    (faults.update().values(closed_at=NOW - timedelta(hours=1)), "faults", "closed before it was opened"),
    (watch_sessions.update().values(alive_at=NOW - timedelta(hours=1)), "watch_sessions", "ended before it began"),
    (devices.insert().values(address="10.0.0.1", port=80, first_seen_at=NOW, last_seen_at=NOW, quirks={}),
     "devices", "several devices are said to be at 10.0.0.1:80"),
]  # fmt: skip


@pytest.mark.parametrize(("spoil", "where", "message"), SPOILT, ids=[item[2] for item in SPOILT])
def test_what_was_spoilt_is_named(sound, spoil, where, message):
    with sound.writing() as tx:
        tx.execute(spoil)
    assert [(place, message in found) for place, found in look(sound)] == [(where, True)]


def test_events_from_the_future_and_from_before_the_one_before_are_named(sound):
    with sound.writing() as tx:
        events.append(tx, "late", None, {}, NOW - timedelta(days=1))
        events.append(tx, "early", None, {}, NOW + timedelta(days=1))
    assert ["still to come" in found or "more than an hour older" in found for _, found in look(sound)] == [True, True]


def test_a_reference_to_nowhere_in_the_file_is_named(sqlite_database):
    with sqlite_database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql("INSERT INTO streams VALUES (99, 'p', 'main', 'H264', 1, 1, 'rtsp://x')")
    found = look(sqlite_database)
    assert found[0][0] == "file"
    assert "streams refers to a row of cameras that is not there" in found[0][1]


def test_a_database_that_was_not_brought_up_is_named_and_not_looked_into(tmp_path):
    found = look(Database(f"sqlite:///{tmp_path / 'empty.db'}"))
    assert [where for where, _ in found] == ["revision"]
