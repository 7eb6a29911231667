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


async def test_of_two_that_are_passed_together_the_one_that_surely_looks_there_comes_first(
    web: Web, town: RingedTown
) -> None:
    eight_way, exact = town.camera_on("north", 30.0), town.camera_on("north", 30.0, turned_deg=2.0)
    incident_id = await an_incident(web)
    client = await web.signed_in(Role.OPERATOR)
    asked = {"minutes": "0.2", "elapsed_s": 0}
    found = (await client.get(f"/incidents/{incident_id}/ring", params=asked)).json()["feeds"]
    assert found[0]["arrives_s"] == found[1]["arrives_s"]
    assert [one["feed"]["camera_id"] for one in found] == [exact, eight_way], "one of eight words may be 22.5° off"
    terms = {one["name"]: one["contribution"] for one in found[0]["feed"]["terms"]}
    assert set(terms) == {"arrival", "density", "pose"} and terms["pose"] == pytest.approx(0.6 * 0.05)


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


async def test_a_standing_ring_is_made_shown_and_removed(web: Web, town: RingedTown) -> None:
    east = town.camera_on("east")
    planner = await web.signed_in(Role.PLANNER)
    corners = [at(x, y) for x, y in ((-500.0, -480.0), (500.0, -480.0), (500.0, 520.0), (-500.0, 520.0))]
    body = {"name": "middle ring", "kind": "middle", "outline": [[one.lon, one.lat] for one in corners]}
    made = await planner.post("/rings", json=body)
    assert made.status_code == 201, made.text
    ring = made.json()
    assert (ring["closed"], ring["points"], ring["watched"]) == (False, 4, 1)
    assert [view["camera_id"] for point in ring["at"] for view in point["views"]] == [east]
    assert {point["because"] for point in ring["at"]} == {None, "none_built"}
    operator = await web.signed_in(Role.OPERATOR)
    (row,) = (await operator.get("/rings")).json()["items"]
    assert row["name"] == "middle ring" and [len(one["points"]) for one in row["openings"]] == [3]
    assert (await operator.post("/rings", json={**body, "name": "other"})).status_code == 403
    assert (await planner.post("/rings", json=body)).status_code == 409
    around = {"lon": at(0.0, 0.0).lon, "lat": at(0.0, 0.0).lat, "inner_minutes": 0.2, "beyond_minutes": 1.5}
    cut = await planner.post("/rings", json={"name": "cut", "around": around})
    assert cut.status_code == 201 and cut.json()["made_from"] == "cut" and cut.json()["points"] == 4
    assert (await planner.delete(f"/rings/{ring['id']}")).status_code == 204
    assert (await operator.get(f"/rings/{ring['id']}")).status_code == 404
