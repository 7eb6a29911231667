"""A database of the first release, with cameras in it, becomes one of today and loses nothing."""

import pytest
from alembic import command
from sqlalchemy import text

from vms.services.fill_search_words import fill_search_words
from vms.store import cameras
from vms.store.migrate import newest, upgrade
from vms.store.migrations.run import configuration

NOW = "2026-01-02 03:04:05"
ROWS = (
    "INSERT INTO credentials (id, name, username, secret, version, changed_at) VALUES (1, 'set', 'admin', :s, 3, :now)",
    """INSERT INTO devices (id, address, port, manufacturer, model, firmware, serial_no, macs, endpoint_reference, auth,
       hardware, scopes, heard_by, problems, quirks, credential_id, refused_logins, first_seen_at, last_seen_at)
       VALUES (7, '10.0.0.7', 80, 'm', 'o', 'f', 'SN7', '[]', '', 'wsse', '', '[]', '[]', '[]', '{}', 1, '{}', :now,
       :now)
    """,
    "INSERT INTO device_keys (device_id, kind, value) VALUES (7, 'serial', 'SN7')",
    """INSERT INTO cameras (id, device_id, channel, life_cycle, name, common_name, tier, region_code, install_address,
       declared_channel, pole_code, gb_device_id, serial_no, mac, address, manufacturer, model, indoor, entered_system,
       asset_status, observed_name, ptz, created_at, changed_at)
       VALUES (9, 7, 'v1', 'approved', '北门', '', 'unit', '', '', '', '', '', '', '', '', '', '', false, 'wgs84',
       10, '', false, :now, :now)""",
    """INSERT INTO streams (camera_id, profile, role, encoding, width, height, uri)
       VALUES (9, 'p', 'main', 'H264', 1920, 1080, 'rtsp://10.0.0.7/1')""",
)


@pytest.mark.parametrize("empty", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_a_database_of_the_first_release_keeps_its_rows(empty, request):
    database = request.getfixturevalue(f"empty_{empty}")
    with database.writing() as tx:
        command.upgrade(configuration(tx), "0001")
    with database.writing() as tx:
        for row in ROWS:
            statement = text(row)
            tx.execute(statement, {name: value for name, value in (("now", NOW), ("s", b"x")) if f":{name}" in row})
    assert upgrade(database) == newest()
    with database.reading() as tx:
        camera = cameras.get(tx, 9)
        kept = tx.execute(text("SELECT count(*) FROM device_keys")).scalar()
    assert (camera.declared.name, camera.device_id, camera.streams[0].uri) == ("北门", 7, "rtsp://10.0.0.7/1")
    assert camera.declared.position_types == ()
    assert kept == 1


def test_words_that_hold_macs_for_everybody_are_made_anew(empty_sqlite):
    """Before 0003 a search by anybody found MACs; from then on they are among the words for who may read addresses."""
    with empty_sqlite.writing() as tx:
        command.upgrade(configuration(tx), "0002")
    with empty_sqlite.writing() as tx:
        for row in ROWS:
            statement = text(row)
            tx.execute(statement, {name: value for name, value in (("now", NOW), ("s", b"x")) if f":{name}" in row})
        tx.execute(text("UPDATE cameras SET mac = '44:19:b6:0a:1b:2c'"))
        old = {"letters": "bm 44:19:b6:0a:1b:2c", "words": "北门", "network": ""}
        tx.execute(text("INSERT INTO search_texts VALUES (9, :words, :letters, :network)"), old)
    upgrade(empty_sqlite)
    assert fill_search_words(empty_sqlite) == 1
    with empty_sqlite.reading() as tx:
        (kept,) = tx.execute(text("SELECT words, letters, network FROM search_texts")).all()
    assert "44:19" not in kept.letters
    assert "44:19:b6:0a:1b:2c" in kept.network
