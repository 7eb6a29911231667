"""Outages, what cameras hang on, and notices over HTTP."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.builders.fallen_cameras import FallingTown, a_falling_town, a_node
from tests.builders.web import Web, running_web
from vms.access.roles import Role
from vms.store.database import Database


@pytest.fixture
async def web(sqlite_database: Database, tmp_path: Path) -> AsyncIterator[Web]:
    async with running_web(sqlite_database, tmp_path) as found:
        yield found


@pytest.fixture
def town(sqlite_database: Database) -> FallingTown:
    """A cabinet with ten cameras is dead, a single camera too."""
    found = a_falling_town(sqlite_database, 30)
    a_node(sqlite_database, "cabinet 7", found.devices[:10])
    found.restart()
    found.fall(found.cameras[:10])
    found.fall(found.cameras[25:26])
    found.wait(minutes=3)
    return found


async def test_an_outage_is_listed_with_its_evidence_members_and_order(town: FallingTown, web: Web) -> None:
    seat = await web.signed_in(Role.OPERATOR)
    page = (await seat.get("/outages")).json()
    (outage,) = page["items"]
    assert (page["total"], outage["kind"], outage["name"], outage["cameras"]) == (1, "switch", "cabinet 7", 10)
    assert "10 of 10" in outage["because"]
    detail = (await seat.get(f"/outages/{outage['id']}", params={"limit": 4})).json()
    assert (detail["members_total"], len(detail["members"]), len(detail["orders"])) == (10, 4, 1)
    assert detail["members"][0]["until_at"] is None
    assert (await seat.get("/outages", params={"kind": "pole"})).json()["total"] == 0
    assert (await seat.get("/outages", params={"region": "4101"})).json()["total"] == 1
    assert (await seat.get("/outages", params={"region": "9999"})).status_code == 404
    assert (await seat.get("/outages", params={"camera_id": town.cameras[25]})).json()["total"] == 0
    assert (await seat.get("/outages", params={"state": "closed"})).json()["total"] == 0
    assert (await seat.get("/outages", params={"sort": "colour"})).status_code == 400
    assert (await seat.get("/outages/4711")).status_code == 404


async def test_faults_name_their_outage_and_can_be_asked_for_alone(town: FallingTown, web: Web) -> None:
    seat = await web.signed_in(Role.OPERATOR)
    outage = (await seat.get("/outages")).json()["items"][0]["id"]
    fell = (await seat.get("/faults", params={"outage_id": outage})).json()
    assert fell["total"] == 10
    assert {row["outage_id"] for row in fell["items"]} == {outage}
    (fault,) = (await seat.get(f"/cameras/{town.cameras[0]}")).json()["faults"]
    assert fault["outage_id"] == outage
    alone = (await seat.get("/faults", params={"alone": True})).json()
    assert [row["camera_id"] for row in alone["items"]] == [town.cameras[25]]


async def test_a_wrong_grouping_is_taken_apart_by_a_keeper_with_a_reason(town: FallingTown, web: Web) -> None:
    seat, keeper = await web.signed_in(Role.OPERATOR), await web.signed_in(Role.MAINTAINER)
    door = f"/outages/{(await seat.get('/outages')).json()['items'][0]['id']}/verdict"
    assert (await seat.post(door, json={"verdict": "wrong", "note": "no"})).status_code == 403
    assert (await keeper.post(door, json={"verdict": "wrong"})).status_code == 400
    told = (await keeper.post(door, json={"verdict": "wrong", "note": "ten thefts"})).json()
    assert (told["verdict"], told["verdict_by"], told["closed_at"] is None) == ("wrong", "maintainer", False)
    assert (await keeper.post(door, json={"verdict": "right"})).status_code == 409
    assert (await seat.get("/faults", params={"alone": True})).json()["total"] == 11


async def test_an_operator_reads_of_a_dead_network_without_its_address(sqlite_database: Database, web: Web) -> None:
    town = a_falling_town(sqlite_database, 100)
    town.all_up()
    town.fall(town.cameras[:50])
    town.wait(minutes=3)
    town.wait(minutes=3)
    seat, keeper = await web.signed_in(Role.OPERATOR), await web.signed_in(Role.MAINTAINER)
    (known,) = (await keeper.get("/outages")).json()["items"]
    assert (known["kind"], known["name"], known["cause"]) == ("subnet", "10.0.0.0/24", "10.0.0.0/24")
    (read,) = (await seat.get("/outages")).json()["items"]
    assert (read["name"], read["cause"], read["cameras"]) == ("one network", "one network", 50)
    (order,) = (await keeper.get("/work-orders", params={"outage": known["id"]})).json()["items"]
    doors = ("/outages", f"/outages/{known['id']}", "/work-orders", f"/work-orders/{order['id']}", "/notices")
    for door in (*doors, "/health/outage-areas", "/health/board", "/supply", "/faults?fold=true"):
        assert "10.0.0." not in (await seat.get(door)).text, door
    assert "10.0.0.0/24" in (await keeper.get("/work-orders")).text
    asked = {"kind": "subnet", "value": "10.0.0.1/32"}
    assert (await seat.get("/supply/impact", params=asked)).status_code == 403
    assert (await seat.get("/supply", params={"q": "10.0."})).status_code == 403
    assert (await keeper.get("/supply/impact", params=asked)).json()["cameras"] == 1


async def test_what_hangs_on_what_is_typed_asked_for_and_taken_out(town: FallingTown, web: Web) -> None:
    keeper, seat = await web.signed_in(Role.MAINTAINER), await web.signed_in(Role.OPERATOR)
    wish = {"kind": "power_feeder", "name": "feeder 3", "spot": {"lon": 113.6, "lat": 34.7}, "devices": []}
    assert (await seat.post("/supply", json=wish)).status_code == 403
    made = await keeper.post("/supply", json=wish)
    feeder = made.json()
    assert (made.status_code, feeder["source"], feeder["confirmed"], feeder["lon"]) == (201, "typed", True, 113.6)
    assert (await keeper.post("/supply", json=wish)).status_code == 409
    (cabinet,) = (await seat.get("/supply", params={"kind": "switch"})).json()["items"]
    change = {"kind": "switch", "name": "cabinet 7b", "parent_id": feeder["id"]}
    assert (await keeper.put(f"/supply/{cabinet['id']}", json=change)).json()["devices"] == 10
    blind = (await seat.get(f"/supply/{feeder['id']}/impact")).json()
    assert (blind["cameras"], blind["by_tier"]) == (10, {"government": 10})
    assert blind["loss"] == {"placed": 10, "road_m": 500.0, "places": ["人民广场"]}
    assert (await keeper.get("/supply/impact", params={"kind": "subnet", "value": "10.0.0.0/24"})).json()[
        "cameras"
    ] == 30
    assert (await seat.get("/supply/impact", params={"kind": "pole", "value": "P9"})).status_code == 404
    shown = (await keeper.get(f"/supply/{cabinet['id']}")).json()["members"][0]
    hidden = (await seat.get(f"/supply/{cabinet['id']}")).json()["members"][0]
    assert (shown["address"], hidden["address"]) == ("10.0.0.1", None)
    assert (await keeper.post(f"/supply/{cabinet['id']}/confirmation")).status_code == 409
    assert (await keeper.delete(f"/supply/{cabinet['id']}")).json()["retired_at"] is not None
    assert (await keeper.delete(f"/supply/{cabinet['id']}")).status_code == 409
    assert (await seat.get(f"/supply/{feeder['id']}/impact")).json()["cameras"] == 0


async def test_a_list_of_switches_comes_in_as_a_body(town: FallingTown, web: Web) -> None:
    keeper = await web.signed_in(Role.MAINTAINER)
    body = b"name,device\nc1,10.0.0.11\nc1,10.0.0.12\nc2,10.7.7.7\n"
    tried = (await keeper.post("/supply/import", params={"dry_run": True}, content=body)).json()
    done = (await keeper.post("/supply/import", content=body)).json()
    assert (tried["dry_run"], done["dry_run"]) == (True, False)
    assert (tried["added"], done["added"], done["rejected"]) == (1, 1, 1)
    assert done["errors"][0]["row"] == 4
    assert (await keeper.get("/supply", params={"q": "c1"})).json()["total"] == 1
    assert (await keeper.post("/supply/import", content=b"")).status_code == 400


async def test_a_notice_goes_its_way_over_http(town: FallingTown, web: Web) -> None:
    keeper, reviewer = await web.signed_in(Role.MAINTAINER), await web.signed_in(Role.REVIEWER)
    now = web.clock()
    wish = {
        "kind": "road_works",
        "reason": "the road is dug up",
        "scope": {"kind": "camera", "values": [str(town.cameras[0]), str(town.cameras[1])]},
        "start_at": (now - timedelta(hours=1)).isoformat(),
        "end_at": (now + timedelta(hours=4)).isoformat(),
    }
    asked = await keeper.post("/notices", json=wish)
    notice = asked.json()
    assert (asked.status_code, notice["state"], notice["late"], notice["cameras"]) == (201, "asked", True, 2)
    door = f"/notices/{notice['id']}"
    assert (await keeper.post(f"{door}/decision", json={"approve": True})).status_code == 403
    done = (await reviewer.post(f"{door}/decision", json={"approve": True})).json()
    assert (done["state"], done["holds"], done["decided_by"]) == ("approved", True, "reviewer")
    detail = (await keeper.get(door)).json()
    assert [one["camera_id"] for one in detail["covered"]] == town.cameras[:2]
    running = {"camera_id": town.cameras[0], "state": "approved", "now_only": True}
    assert (await keeper.get("/notices", params=running)).json()["total"] == 1
    assert (await keeper.get("/notices", params={**running, "camera_id": town.cameras[5]})).json()["total"] == 0
    ended = (await keeper.post(f"{door}/withdraw", json={"note": "finished early"})).json()
    assert (ended["state"], ended["holds"], ended["note"]) == ("approved", False, "finished early")
    assert (await keeper.post("/notices", json={**wish, "start_at": "2026-05-01T08:00"})).status_code == 422
