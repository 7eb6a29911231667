"""What nobody asks about any more goes: outages, whom notices covered, spells of our own, what devices cost."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Table, insert, select

from tests.builders.stored_cameras import store_device
from vms.services.forget_old import forget_old
from vms.services.retention_rules import RetentionRules
from vms.store import retention
from vms.store.database import Database
from vms.store.schema import (
    blind_cameras,
    blind_spells,
    device_costs,
    events,
    notice_cameras,
    notices,
    outage_cameras,
    outages,
    work_orders,
)
from vms.store.watch_sessions import start_session

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
OLD, YOUNG = NOW - timedelta(days=800), NOW - timedelta(days=700)


def put(database: Database, table: Table, **values: Any) -> None:
    with database.writing() as tx:
        tx.execute(insert(table).values(**values))


def rows_of(database: Database, column: Any) -> list[Any]:
    with database.reading() as tx:
        return list(tx.execute(select(column).order_by(column)).scalars())


def an_outage(database: Database, number: int, camera_id: int, closed_at: datetime | None) -> None:
    at = OLD - timedelta(hours=1)
    put(database, outages, id=number, kind="switch", cause="7", name="switch", source="typed", because="", cameras=1,
        opened_at=at, found_at=at, fell_from=at, closed_at=closed_at)  # fmt: skip
    put(database, outage_cameras, outage_id=number, camera_id=camera_id, from_at=at, until_at=closed_at)


def test_outages_go_with_their_cameras_unless_they_last_or_an_order_speaks_of_them(database, tmp_path):
    camera_id = store_device(database, NOW, address="10.0.0.1", port=80).camera_ids[0]
    for number, closed_at in enumerate((OLD, OLD, YOUNG, None), start=1):
        an_outage(database, number, camera_id, closed_at)
    put(database, work_orders, number="1", state="closed", outage_id=2, layer="network", kinds=[], severity="major",
        cause="", tier="government", detected_at=OLD, changed_at=OLD)  # fmt: skip
    forget_old(database, tmp_path, RetentionRules(), NOW)
    assert rows_of(database, outages.c.id) == [2, 3, 4]
    assert rows_of(database, outage_cameras.c.outage_id) == [2, 3, 4]
    assert rows_of(database, work_orders.c.outage_id) == [2]


def test_a_notice_stays_and_whom_it_covered_goes(database, tmp_path):
    camera_id = store_device(database, NOW, address="10.0.0.1", port=80).camera_ids[0]
    for number, end_at in ((1, OLD), (2, YOUNG)):
        put(database, notices, id=number, kind="power_cut", reason="cable", scope={}, start_at=OLD, end_at=end_at,
            asked_at=OLD, asked_by="ann", state="approved", cameras=1)  # fmt: skip
        put(database, notice_cameras, notice_id=number, camera_id=camera_id)
    forget_old(database, tmp_path, RetentionRules(), NOW)
    assert rows_of(database, notices.c.id) == [1, 2]
    assert rows_of(database, notice_cameras.c.notice_id) == [2]


def test_spells_of_our_own_go_and_then_the_run_that_saw_them(database, tmp_path):
    camera_id = store_device(database, NOW, address="10.0.0.1", port=80).camera_ids[0]
    with database.writing() as tx:
        first = start_session(tx, 60.0, OLD)
        start_session(tx, 60.0, NOW)
    for number, until_at in ((1, OLD), (2, YOUNG)):
        put(database, blind_spells, id=number, session_id=first, ground="eth0", from_at=OLD, until_at=until_at,
            because="", whole=False)  # fmt: skip
        put(database, blind_cameras, spell_id=number, camera_id=camera_id)
    assert forget_old(database, tmp_path, RetentionRules(), NOW).rows["watch_sessions"] == 0, "one spell is its"
    assert rows_of(database, blind_cameras.c.spell_id) == [2]
    assert forget_old(database, tmp_path, RetentionRules(), NOW + timedelta(days=60)).rows["watch_sessions"] == 1


def test_what_devices_cost_is_kept_for_some_months(database, tmp_path):
    device_id = store_device(database, NOW, address="10.0.0.1", port=80).device_id
    nothing = dict.fromkeys(("requests", "bytes_in", "busy_ms", "sign_ins", "refused", "most_at_once"), 0)
    for days in (91, 93):
        day = (NOW - timedelta(days=days)).date().isoformat()
        put(database, device_costs, device_id=device_id, day=day, **nothing)
    assert forget_old(database, tmp_path, RetentionRules(), NOW).rows["device_costs"] == 1
    assert rows_of(database, device_costs.c.day) == [(NOW - timedelta(days=91)).date().isoformat()]


def test_more_old_news_than_go_at_once_all_go(sqlite_database, tmp_path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(retention, "MOST_EVENTS", 3)
    with sqlite_database.writing() as tx:
        rows = [{"at": at, "kind": "odd", "content": {}} for at in (OLD,) * 8 + (NOW,) * 2]
        tx.execute(insert(events), rows)
    forget_old(sqlite_database, tmp_path, RetentionRules(), NOW)
    assert set(rows_of(sqlite_database, events.c.at)) == {NOW}
