"""The list of channels says where messages do not arrive, since when and why; one that is switched off is not asked."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.builders.web import Web, running_web
from vms.store import alerts
from vms.store.alerts import AlertState
from vms.store.database import Database


@pytest.fixture
async def web(sqlite_database: Database, tmp_path: Path) -> AsyncIterator[Web]:
    async with running_web(sqlite_database, tmp_path) as found:
        yield found


async def test_a_channel_that_fails_is_told_where_channels_are_listed(web: Web) -> None:
    admin = await web.signed_in()

    async def trouble() -> dict[str, object]:
        listed = (await admin.get("/maintenance/channels")).json()["items"]
        return {one["name"]: one["trouble"] for one in listed}

    people = {"kind": "mail", "target": "li@town.test"}
    for name in ("people", "others"):
        await admin.put(f"/maintenance/channels/{name}", json=people)
    tried = (await admin.post("/maintenance/channels/people/trial")).json()["items"][0]
    assert await trouble() == {"people": None, "others": None}
    why, later = "no answer within 20 s", web.clock() + timedelta(minutes=10)
    with web.database.writing() as tx:
        alerts.settle(tx, tried["id"], AlertState.SENDING, why, sent_at=None, due_at=later)
    told = {"since": tried["opened_at"], "messages": 1, "tries": 0, "answer": why}
    assert await trouble() == {"people": told, "others": None}
    await admin.put("/maintenance/channels/people", json={**people, "enabled": False})
    assert await trouble() == {"people": None, "others": None}
