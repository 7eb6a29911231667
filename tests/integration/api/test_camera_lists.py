"""The list of cameras over HTTP: filters, pages, groups, trees, views, and who sees what of them."""

import asyncio
from pathlib import Path
from typing import Any

import httpx

from tests.builders.listed_cameras import NOW, a_listed_town
from tests.builders.web import running_web
from vms.access.roles import Role
from vms.places.regions import Region, RegionLevel
from vms.services.take_in_settings import take_in_regions
from vms.store import cameras
from vms.store.camera_changes import Author
from vms.store.camera_groups import GroupBy
from vms.store.database import Database


async def got(client: httpx.AsyncClient, path: str, **asked: Any) -> Any:
    answer = await client.get(path, params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def refused(client: httpx.AsyncClient, path: str, **asked: Any) -> tuple[int, dict[str, str]]:
    answer = await client.get(path, params=asked)
    return answer.status_code, answer.json()["error"]


async def test_a_row_tells_what_lists_show_and_addresses_only_to_who_may_see_them(
    sqlite_database: Database, tmp_path: Path
) -> None:
    town = a_listed_town(sqlite_database)
    take_in_regions(sqlite_database, [Region(code="410105", name="金水区", level=RegionLevel.COUNTY)], NOW)
    async with running_web(sqlite_database, tmp_path) as web:
        admin, operator = await web.signed_in(), await web.signed_in(Role.OPERATOR)
        row = (await got(admin, "/cameras", filter="name~北门"))["items"][0]
        assert (row["address"], row["port"], row["manufacturer"]) == ("10.1.0.5", 8000, "Hikvision")
        assert (row["serial_no"], row["firmware"], row["region_name"]) == ("SN-AAA1", "V-DS-2CD1", "金水区")
        assert (row["installed_on"], row["retention_days"], row["open_faults"]) == ("2023-06-01", 30, 0)
        south = (await got(admin, "/cameras", filter="name=南门"))["items"][0]
        assert (south["manufacturer"], south["open_faults"], south["problems"]) == ("大华", 1, ["clock_missing"])
        shop = (await got(admin, "/cameras", q="10.2.0.7"))["items"]
        assert [(one["id"], one["address"]) for one in shop] == [(town.shop, "10.2.0.7")]
        seen = (await got(operator, "/cameras", filter="name~北门"))["items"][0]
        assert (seen["address"], seen["port"]) == (None, None)
        assert (await got(operator, "/cameras", q="10.1.0.5"))["total"] == 0
        assert (await refused(operator, "/cameras", filter="address=10.1.0.5"))[0] == 403
        assert (await refused(operator, "/cameras", sort="address"))[0] == 403
        names = {field["name"] for field in (await got(operator, "/filter-fields"))["items"]}
        assert "status" in names
        assert not names & {"address", "ipv6", "port"}


async def test_pages_follow_one_another_by_their_next(sqlite_database: Database, tmp_path: Path) -> None:
    a_listed_town(sqlite_database)
    async with running_web(sqlite_database, tmp_path) as web:
        admin = await web.signed_in()
        first = await got(admin, "/cameras", sort="-name", limit=2)
        second = await got(admin, "/cameras", sort="-name", limit=2, after=first["next"])
        third = await got(admin, "/cameras", sort="-name", limit=2, after=second["next"])
        ids = [row["id"] for page in (first, second, third) for row in page["items"]]
        assert ids == [row["id"] for row in (await got(admin, "/cameras", sort="-name"))["items"]]
        assert (third["next"], first["total"], len(ids)) == (None, 5, 5)
        status, error = await refused(admin, "/cameras", sort="name", after=first["next"])
        assert (status, error["where"]) == (400, "after")


async def test_a_filter_that_is_not_understood_says_where_and_what_comes_near(
    sqlite_database: Database, tmp_path: Path
) -> None:
    async with running_web(sqlite_database, tmp_path) as web:
        admin = await web.signed_in()
        for path in ("/cameras", "/cameras/groups?by=tier", "/region-tree", "/owner-tree"):
            answer = await admin.get(path + ("&" if "?" in path else "?") + "filter=tier=unit%20and%20staus=down")
            error = answer.json()["error"]
            assert (answer.status_code, error["code"], error["where"]) == (400, "bad_filter", "filter")
            assert "at character 15" in error["message"]
            assert "did you mean status?" in error["message"]


async def test_groups_count_every_camera_once(sqlite_database: Database, tmp_path: Path) -> None:
    a_listed_town(sqlite_database)
    async with running_web(sqlite_database, tmp_path) as web:
        admin = await web.signed_in()
        for by in GroupBy:
            answer = await got(admin, "/cameras/groups", by=by.value)
            counts = [group["counts"] for group in answer["items"]]
            assert sum(one["total"] for one in counts) == 5, by
            assert all(one["total"] == one["up"] + one["suspect"] + one["down"] + one["unknown"] for one in counts), by
            assert counts == sorted(counts, key=lambda one: -one["total"]), by


async def test_trees_roll_up_and_show_each_person_what_it_may_know_of(
    sqlite_database: Database, tmp_path: Path
) -> None:
    town = a_listed_town(sqlite_database)
    tree = [
        Region(code="4101", name="郑州市", level=RegionLevel.CITY),
        Region(code="410105", name="金水区", level=RegionLevel.COUNTY, parent="4101"),
    ]
    take_in_regions(sqlite_database, tree, NOW)
    async with running_web(sqlite_database, tmp_path) as web:
        admin, operator = await web.signed_in(), await web.signed_in(Role.OPERATOR)
        owner = await web.signed_in(Role.OWNER, owner_id=town.shop_owner)

        async def regions_of(client: httpx.AsyncClient) -> dict[str, int]:
            return {node["code"]: node["counts"]["total"] for node in (await got(client, "/region-tree"))["items"]}

        assert await regions_of(admin) == {"4101": 3, "410105": 2, "410105001": 1, "410103": 1, "": 2}
        assert await regions_of(operator) == {"4101": 3, "410105": 2, "410105001": 1, "410103": 1}
        assert await regions_of(owner) == {"4101": 1, "410105": 0, "410103": 1}
        tiers = (await got(owner, "/owner-tree"))["items"]
        assert [(one["tier"], one["owners"][0]["name"]) for one in tiers] == [("household", "便民商店")]
        every = {one["tier"]: one["counts"]["total"] for one in (await got(admin, "/owner-tree"))["items"]}
        assert every == {"government": 2, "unit": 1, "household": 1, "community": 1}
        assert (await got(owner, "/cameras/groups", by="tier"))["items"][0]["counts"]["total"] == 1
        assert (await got(owner, "/cameras", filter="tier=government"))["total"] == 0


async def test_views_are_kept_shared_changed_and_deleted_by_their_own(
    sqlite_database: Database, tmp_path: Path
) -> None:
    async with running_web(sqlite_database, tmp_path) as web:
        admin, operator = await web.signed_in(), await web.signed_in(Role.OPERATOR)
        content = {"filter": "status=down", "columns": ["name", "since"], "widths": {"name": 220}, "sort": "-since"}
        made = (await operator.post("/views", json={"name": "坏的", "shared": False, "content": content})).json()
        assert made["mine"]
        assert made["content"]["columns"] == ["name", "since"]
        assert (await got(admin, "/views"))["items"] == []
        path = f"/views/{made['id']}"
        assert (await admin.put(path, json={"name": "x", "content": {}})).status_code == 404
        shared = await operator.put(path, json={"name": "坏的", "shared": True, "content": content})
        assert shared.status_code == 200
        seen = (await got(admin, "/views"))["items"][0]
        assert (seen["name"], seen["mine"], seen["owner"]) == ("坏的", False, "operator")
        planner = await web.signed_in(Role.PLANNER)
        assert (await planner.delete(path)).status_code == 403
        assert (await operator.post("/views", json={"name": "坏的", "content": {}})).status_code == 409
        assert (await operator.delete(path)).status_code == 204
        assert (await operator.delete(path)).status_code == 404


async def test_a_view_that_could_not_be_opened_is_not_saved(sqlite_database: Database, tmp_path: Path) -> None:
    wrong: tuple[dict[str, Any], ...] = (
        {"filter": "staus=down"},
        {"sort": "colour"},
        {"columns": ["x" * 50]},
        {"columns": ["a"] * 61},
        {"widths": {"name": 9}},
        {"more": 1},
    )
    async with running_web(sqlite_database, tmp_path) as web:
        admin = await web.signed_in()
        for content in wrong:
            assert (await admin.post("/views", json={"name": "x", "content": content})).status_code in (400, 422)
        assert (await got(admin, "/views"))["items"] == []


async def test_many_cameras_are_edited_after_a_look_and_taken_back(sqlite_database: Database, tmp_path: Path) -> None:
    town = a_listed_town(sqlite_database)
    async with running_web(sqlite_database, tmp_path) as web:
        admin, operator = await web.signed_in(), await web.signed_in(Role.OPERATOR)
        question = {"filter": "id>0", "changes": {"mgmt_unit": "一站", "retention_days": 30}}
        assert (await operator.post("/edits/preview", json=question)).status_code == 403
        preview = (await admin.post("/edits/preview", json=question)).json()
        assert (preview["cameras"], preview["will_change"], preview["refused"]) == (5, 4, 1)
        assert preview["refusals"][0]["code"] == "retired"
        days = next(one for one in preview["fields"] if one["field"] == "retention_days")
        assert (days["changes"], days["before"]) == (3, [{"value": None, "cameras": 3}])
        row = next(one for one in preview["rows"] if one["camera_id"] == town.north_gate)
        assert row["before"] == {"mgmt_unit": "", "life_cycle": "approved"}
        assert row["after"] == {"mgmt_unit": "一站", "life_cycle": "changing"}
        asked = question | {"why": "新合同", "token": preview["token"], "expected_count": 4}
        edit = (await admin.post("/edits", json=asked)).json()
        assert (edit["state"], edit["changed"], edit["refused"], edit["who"]) == ("done", 4, 0, "admin")
        assert (await got(admin, "/cameras", filter="mgmt_unit=一站"))["total"] == 4
        again = await admin.post("/edits", json=asked)
        assert (again.status_code, again.json()["error"]["code"]) == (409, "preview_outdated")

        def somebody_changes_one() -> None:
            with sqlite_database.writing() as tx:
                cameras.change_columns(tx, town.south_gate, {"mgmt_unit": "二站"}, NOW, author=Author(who="li"))

        await asyncio.to_thread(somebody_changes_one)
        undone = (await admin.post(f"/edits/{edit['id']}/undo")).json()
        assert (undone["state"], undone["restored"], undone["left"]) == ("undone", 4, 1)
        assert [(one["camera_id"], one["field"]) for one in undone["left_fields"]] == [(town.south_gate, "mgmt_unit")]
        assert "li changed it since" in undone["left_fields"][0]["reason"]
        assert (await got(admin, "/cameras", filter="mgmt_unit=一站"))["total"] == 0
        assert (await got(admin, "/cameras", filter="mgmt_unit=二站 and life_cycle=changing"))["total"] == 1
        assert (await got(admin, "/cameras", filter="retention_days=30"))["total"] == 1
        assert (await admin.post(f"/edits/{edit['id']}/undo")).status_code == 409
        listed = await got(admin, "/edits")
        assert (listed["total"], listed["items"][0]["why"]) == (1, "新合同")
        changed = await got(admin, f"/edits/{edit['id']}/cameras", limit=3)
        told = {one["camera_id"]: one for one in changed["items"]} | {0: changed["total"]}
        assert told[0] == 4
        assert told[town.north_gate]["before"] == {"mgmt_unit": "", "life_cycle": "approved"}
        assert told[town.north_gate]["after"] == {"mgmt_unit": "一站", "life_cycle": "changing"}
        assert len(told) == 3 + 1
        assert (await admin.get("/edits/999")).status_code == 404
        assert (await admin.get("/edits/999/cameras")).status_code == 404


async def test_an_edit_that_makes_no_sense_is_refused_by_name(sqlite_database: Database, tmp_path: Path) -> None:
    a_listed_town(sqlite_database)
    wrong: tuple[tuple[dict[str, Any], str], ...] = (
        ({"filter": "id=1", "changes": {"colour": "red"}}, "colour"),
        ({"filter": "id=1", "changes": {"retention_days": "many"}}, "retention_days"),
        ({"filter": "id=1", "changes": {"name": None}}, "name"),
        ({"changes": {"mgmt_unit": "x"}}, "filter"),
        ({"filter": "id=1", "ids": [1], "changes": {"mgmt_unit": "x"}}, "filter"),
        ({"filter": "has:name", "changes": {"serial_no": "A"}}, "serial_no"),
        ({"filter": "colour=1", "changes": {"mgmt_unit": "x"}}, "filter"),
    )
    async with running_web(sqlite_database, tmp_path) as web:
        admin = await web.signed_in()
        for question, where in wrong:
            answer = await admin.post("/edits/preview", json=question)
            assert (answer.status_code, answer.json()["error"]["where"]) == (400, where), question
