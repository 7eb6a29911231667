"""The ring of an incident over HTTP: ways out, leaks, feeds in order of arrival."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.builders.coverage import at
from tests.builders.ringed_town import RingedTown
from tests.builders.web import Web, running_web
from vms.access.roles import Role
from vms.store.database import Database


@pytest.fixture
def town(sqlite_database: Database) -> RingedTown:
    return RingedTown(sqlite_database)


@pytest.fixture
async def web(town: RingedTown, tmp_path: Path) -> AsyncIterator[Web]:
    async with running_web(town.database, tmp_path, roads=town.roads) as found:
        yield found


async def an_incident(web: Web) -> int:
    client = await web.signed_in(Role.OPERATOR)
    square = at(0.0, 0.0)
    answer = await client.post("/incidents", json={"lon": square.lon, "lat": square.lat, "category": "theft"})
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


async def test_an_incident_has_its_ring_and_the_feeds_come_in_order_of_arrival(web: Web, town: RingedTown) -> None:
    far, near = town.camera_on("east", 320.0), town.camera_on("north", 30.0)
    incident_id = await an_incident(web)
    client = await web.signed_in(Role.OPERATOR)
    asked = {"minutes": "0.2,1.1", "elapsed_s": 0}
    answer = await client.get(f"/incidents/{incident_id}/ring", params=asked)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    assert [(one["minutes"], one["watched"], one["leaks"]) for one in found["minutes"]] == [(0.2, 1, 3), (1.1, 1, 3)]
    assert [(one["feed"]["camera_id"], one["feed"]["rank"]) for one in found["feeds"]] == [(near, 1), (far, 2)]
    assert found["feeds"][1]["arrives_s"] == pytest.approx(30.0, abs=0.1)
    assert (
        "0:30 min" in found["feeds"][1]["feed"]["sentence_en"]
        and "0 分 30 秒" in found["feeds"][1]["feed"]["sentence_zh"]
    )
    assert found["cut"]["closed"] is False and len(found["cut"]["leaks"]) == 2
    assert found["minutes"][0]["lines"] == []
    drawn = await client.get(f"/incidents/{incident_id}/ring", params={**asked, "shapes": True, "travel": "walk"})
    assert drawn.json()["minutes"][0]["lines"] and drawn.json()["travel"] == "walk"


async def test_what_has_gone_by_since_the_report_is_counted(web: Web) -> None:
    incident_id = await an_incident(web)
    client = await web.signed_in(Role.OPERATOR)
    web.clock.forward(timedelta(seconds=40))
    found = (await client.get(f"/incidents/{incident_id}/ring", params={"minutes": "0.2"})).json()
    assert 40.0 <= found["elapsed_s"] < 60.0
    assert {arc["road"][-4:] for arc in found["leaks"]} == {"1000"}


@pytest.mark.parametrize(
    ("asked", "code", "says"),
    [
        ({"minutes": "soon"}, 400, "minutes"),
        ({"minutes": "0"}, 400, "minutes"),
        ({"travel": "horse"}, 422, "travel"),
        ({"elapsed_s": "-1"}, 422, "elapsed_s"),
    ],
)
async def test_questions_that_make_no_sense_are_refused(web: Web, asked: dict[str, str], code: int, says: str) -> None:
    incident_id = await an_incident(web)
    client = await web.signed_in(Role.OPERATOR)
    answer = await client.get(f"/incidents/{incident_id}/ring", params=asked)
    assert answer.status_code == code and says in answer.text


async def test_a_planner_asks_for_the_ring_of_a_place_and_not_for_pictures(web: Web) -> None:
    incident_id = await an_incident(web)
    client = await web.signed_in(Role.PLANNER)
    square = at(0.0, 0.0)
    answer = await client.get("/coverage/ring", params={"lon": square.lon, "lat": square.lat, "minutes": "0.2"})
    assert answer.status_code == 200 and len(answer.json()["leaks"]) == 4
    assert (await client.get(f"/incidents/{incident_id}/ring")).status_code == 403
