"""Who would repair a camera, asked before it happens; many orders moved on at once; what hangs on a node changed."""

from datetime import datetime, timedelta
from typing import Any

from tests.builders.web import Web, put_camera
from vms.access.roles import Role
from vms.store import maintainers

USUAL = {"name": "usual", "respond_s": 4 * 3600, "repair_s": 24 * 3600}
FITS: dict[str, Any] = {"point_classes": [], "tiers": [], "regions": [], "severities": [], "maintainers": []}


def a_firm(web: Web, name: str) -> int:
    with web.database.writing() as tx:
        made = maintainers.put(tx, name, web.clock(), contact="", contract="", calendar_id=None, retired=False)
    return made.maintainer_id


async def test_who_would_repair_a_camera_is_said_by_what_holds_and_by_what_is_being_written(web: Web) -> None:
    admin, crew = await web.signed_in(), await web.signed_in(Role.PLANNER)
    east, west = a_firm(web, "东城维保"), a_firm(web, "西城维保")
    camera = put_camera(web)
    asked = {"camera_id": camera, "layer": "picture", "severity": "critical"}
    nobody = (await admin.post("/maintenance/tryout", json=asked)).json()
    assert (nobody["rule"], nobody["maintainer"], nobody["level"]) == (None, "", 1)
    rules = [{"layer": "network", "maintainer_id": east}, {"maintainer_id": west}]
    tried = (await admin.post("/maintenance/tryout", json={**asked, "rules": rules})).json()
    assert (tried["rule"], tried["maintainer"]) == (1, "西城维保")
    assert (await admin.get("/maintenance/rules")).json()["rules"] == []

    narrow = [{"tier": "unit", "maintainer_id": east}, {"layer": "picture", "maintainer_id": west}]
    by_layer = {
        layer: (await admin.post("/maintenance/reach", json={"layer": layer, "rules": narrow})).json()
        for layer in ("picture", "network")
    }
    assert by_layer == {
        "picture": {"cameras": [0, 1], "nobodys": 0},
        "network": {"cameras": [0, 0], "nobodys": 1},
    }
    assert (await admin.post("/maintenance/reach", json={})).json() == {"cameras": [], "nobodys": 1}

    office = {"time_zone": "Asia/Shanghai", "week": [[[540, 1020]]] * 5 + [[], []]}
    assert (await admin.put("/maintenance/calendars/office", json=office)).status_code == 200
    quick = {"name": "quick", "fits": {**FITS, "maintainers": [west]}, "respond_s": 3600, "repair_s": 7200}
    levels = [quick, {**USUAL, "calendar": "office", "many_from": 8, "many_repair_s": 172_800}]
    by_firm = (await admin.post("/maintenance/tryout", json={**asked, "rules": rules, "levels": levels})).json()
    assert (by_firm["level"], by_firm["in_calendar"]) == (0, False)
    respond_by, repair_by = (datetime.fromisoformat(by_firm[name]) for name in ("respond_by", "repair_by"))
    assert repair_by - respond_by == timedelta(hours=1)
    one, many = [
        (await admin.post("/maintenance/tryout", json={**asked, "levels": levels, "cameras": n})).json() for n in (1, 8)
    ]
    assert (one["level"], one["in_calendar"], one["respond_by"] < many["repair_by"]) == (1, True, True)
    assert one["repair_by"] < many["repair_by"]

    lost = await admin.post("/maintenance/tryout", json={**asked, "levels": [{**USUAL, "calendar": "no such"}]})
    assert (lost.status_code, lost.json()["error"]["where"]) == (400, "levels.0.calendar")
    assert (await admin.post("/maintenance/tryout", json={**asked, "camera_id": 4711})).status_code == 404
    assert (await crew.post("/maintenance/tryout", json=asked)).status_code == 403


async def test_many_orders_are_moved_on_at_once_and_each_is_refused_on_its_own(web: Web) -> None:
    admin, desk = await web.signed_in(), await web.signed_in(Role.OPERATOR)
    firm = a_firm(web, "东城维保")
    orders = []
    for number in range(3):
        camera = put_camera(web, name=f"口 {number}", address=f"127.66.1.{number + 1}")
        made = await desk.post("/work-orders", json={"camera_id": camera, "reason": "a wasps' nest"})
        orders.append({"id": made.json()["order"]["id"], "version": made.json()["order"]["version"]})
    stale = [*orders[:2], {**orders[2], "version": 99}, {"id": 4711}]
    asked = {"orders": stale, "action": "assign", "content": {"maintainer_id": firm}, "note": "请本周处理"}
    taken = (await admin.post("/work-orders/steps", json=asked)).json()
    assert (taken["done"], [one["done"] for one in taken["items"]]) == (2, [True, True, False, False])
    assert [one["code"] for one in taken["items"][2:]] == ["changed_meanwhile", "not_found"]
    listed = (await admin.get("/work-orders", params={"maintainer": firm})).json()
    assert (listed["total"], {one["state"] for one in listed["items"]}) == (2, {"assigned"})
    rest = {"orders": [{"id": one["id"]} for one in orders], "action": "suspend", "content": {"reason": "power_cut"}}
    missing = (await admin.post("/work-orders/steps", json=rest)).json()
    assert (missing["done"], {one["where"] for one in missing["items"]}) == (0, {"content.until"})
    assert {one["code"] for one in (await desk.post("/work-orders/steps", json=rest)).json()["items"]} == {"role"}
    assert (await admin.post("/work-orders/steps", json={**rest, "orders": []})).status_code == 422


async def test_cameras_and_devices_are_put_on_a_node_and_taken_off_it(web: Web) -> None:
    keeper, desk = await web.signed_in(Role.MAINTAINER), await web.signed_in(Role.OPERATOR)
    cameras = [put_camera(web, name=f"口 {n}", address=f"127.66.2.{n + 1}") for n in range(3)]
    switch = (await keeper.post("/supply", json={"kind": "switch", "name": "3 号机柜"})).json()["id"]
    door = f"/supply/{switch}/devices"
    assert (await keeper.post(door, json={"add_cameras": cameras[:2]})).json()["devices"] == 2
    members = (await keeper.get(f"/supply/{switch}")).json()["members"]
    assert [one["cameras"][0]["name"] for one in members] == ["口 0", "口 1"]
    changed = {"add_cameras": cameras[2:], "take_off": [members[0]["device_id"]]}
    assert (await keeper.post(door, json=changed)).json()["devices"] == 2
    blind = (await desk.get(f"/supply/{switch}/impact")).json()
    assert {one["name"]: one["lon"] is not None for one in blind["listed"]} == {"口 1": True, "口 2": True}
    unknown = await keeper.post(door, json={"add_cameras": [4711]})
    assert (unknown.status_code, unknown.json()["error"]["where"]) == (400, "add_cameras")
    assert (await desk.post(door, json=changed)).status_code == 403


A_MINUTE = {"time_zone": "Asia/Shanghai", "week": [[[540, 541]]] + [[]] * 6}
OFFICE = {"time_zone": "Asia/Shanghai", "week": [[[540, 1020]]] * 5 + [[], []]}


async def test_a_service_level_that_no_calendar_can_hold_is_refused_by_name(web: Web) -> None:
    admin = await web.signed_in()
    for name, calendar in (("office", OFFICE), ("minute", A_MINUTE)):
        assert (await admin.put(f"/maintenance/calendars/{name}", json=calendar)).status_code == 200
    slow = {**USUAL, "repair_s": 30 * 86_400}
    levels = "/maintenance/levels"
    refused = await admin.put(levels, json={"levels": [{**slow, "calendar": "minute"}]})
    said = "levels: service level usual: calendar minute has not enough working time for 720 h"
    assert (refused.status_code, refused.json()["error"]["message"]) == (400, said)
    assert (await admin.put(levels, json={"levels": [{**slow, "calendar": "office"}]})).status_code == 200
    shrunk = await admin.put("/maintenance/calendars/office", json=A_MINUTE)
    assert (shrunk.status_code, shrunk.json()["error"]["where"]) == (400, "week")
    assert (await admin.get("/maintenance/calendars")).json()["items"][1]["week"] == OFFICE["week"]
    assert (await admin.put(levels, json={"levels": [slow]})).status_code == 200
    by_firm = await admin.put("/maintenance/maintainers/东城维保", json={"calendar": "minute"})
    assert (by_firm.status_code, by_firm.json()["error"]["where"]) == (400, "calendar")


async def test_repair_is_not_due_before_somebody_must_be_there(web: Web) -> None:
    admin = await web.signed_in()
    for odd, where in (
        ({"repair_s": 3600}, "levels.0.repair_s"),
        ({"many_from": 8, "many_repair_s": 3600}, "levels.0.many_repair_s"),
    ):
        refused = await admin.put("/maintenance/levels", json={"levels": [{**USUAL, **odd}]})
        assert (refused.status_code, refused.json()["error"]["where"]) == (400, where)


async def test_a_channel_that_is_quiet_all_day_is_refused(web: Web) -> None:
    admin = await web.signed_in()
    channel = {"kind": "mail", "target": "duty@town.example", "quiet": [[0, 720], [720, 1440]]}
    refused = await admin.put("/maintenance/channels/duty", json=channel)
    assert (refused.status_code, refused.json()["error"]["where"]) == (400, "quiet")
