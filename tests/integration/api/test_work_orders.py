"""Work orders over HTTP: who sees which, what they may do, photographs, how repair is arranged."""

from collections.abc import AsyncIterator
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import cv2
import httpx
import numpy as np
import pytest

from tests.builders.access import a_person
from tests.builders.orders import Town
from tests.builders.web import Web, put_camera, running_web
from vms.access.roles import Role
from vms.core.ids import CameraId, MaintainerId, OwnerId
from vms.inventory.tier import Tier
from vms.maintenance.assignment import AssignmentRule
from vms.services.follow_news import what_may_be_heard
from vms.services.passwords import token_hash
from vms.store import events, maintainers, owners, sign_ins, users
from vms.store.database import Database

SETTINGS = {"alert_networks": (ip_network("127.66.0.0/16"),)}


@pytest.fixture
async def web(sqlite_database: Database, tmp_path: Path) -> AsyncIterator[Web]:
    async with running_web(sqlite_database, tmp_path, settings=SETTINGS) as found:
        yield found


def come_in(
    web: Web, role: Role = Role.ADMIN, name: str = "", *, firm: int | None = None, owner: int | None = None
) -> httpx.AsyncClient:
    """Signed in by a token alone: passwords take half a second each."""
    token = f"{role.value}-{name}"
    now = web.clock()
    with web.database.writing() as tx:
        user = users.add(
            tx,
            name or f"the {role.value}",
            "no password",
            role,
            now,
            owner_id=None if owner is None else OwnerId(owner),
            maintainer_id=None if firm is None else MaintainerId(firm),
        )
        sign_ins.add(tx, token_hash(token), user.user_id, now, now + timedelta(hours=1))
    return web.client(token)


def firm_with_crew(web: Web, name: str, crew: str) -> tuple[int, httpx.AsyncClient]:
    with web.database.writing() as tx:
        made = maintainers.put(
            tx, name, web.clock(), contact="13800000000", contract="", calendar_id=None, retired=False
        )
    return made.maintainer_id, come_in(web, Role.MAINTAINER, crew, firm=made.maintainer_id)


def give_everything_to(web: Web, firm: int) -> None:
    with web.database.writing() as tx:
        maintainers.replace_rules(tx, [AssignmentRule(maintainer_id=MaintainerId(firm))], web.clock())


def order_for(web: Web, camera_id: CameraId) -> int:
    """Through a fault and a turn of the program."""
    town = Town(database=web.database, now=web.clock() - timedelta(minutes=3))
    town.fails(camera_id)
    town.later(minutes=3)
    assert town.turn().opened == 1
    return town.orders()[-1].order_id


def a_picture() -> bytes:
    return bytes(cv2.imencode(".jpg", np.full((60, 80, 3), 90, np.uint8))[1].tobytes())


async def test_a_crew_does_its_work_and_sees_nobody_elses(web: Web) -> None:
    east, crew = firm_with_crew(web, "东城维保", "wang")
    _, others = firm_with_crew(web, "西城维保", "zhao")
    give_everything_to(web, east)
    number = order_for(web, put_camera(web))
    listed = (await crew.get("/work-orders")).json()
    assert (listed["total"], listed["totals"], listed["items"][0]["id"]) == (1, {"assigned": 1}, number)
    assert listed["items"][0]["cause_zh"] == "网络不通：连接被拒绝"
    assert (await crew.get("/work-orders", params={"mine": True})).json()["total"] == 1
    assert (await others.get("/work-orders")).json()["total"] == 0
    assert (await others.get(f"/work-orders/{number}")).status_code == 404
    seen = (await crew.get(f"/work-orders/{number}")).json()
    assert (seen["may"], seen["maintainer_contact"]) == (["accept", "arrive", "note"], None)
    assert seen["place"]["lon"] == pytest.approx(113.62, abs=0.01)
    assert [one["camera_name"] for one in seen["faults"]] == [seen["order"]["name"]]
    step = {"action": "accept", "token": "phone-0001", "version": 1}
    for _ in range(2):
        taken = await crew.post(f"/work-orders/{number}/steps", json=step)
        assert (taken.status_code, taken.json()["order"]["state"]) == (200, "accepted")
    refused = await crew.post(f"/work-orders/{number}/steps", json={"action": "false_alarm"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "role")
    early = await crew.post(f"/work-orders/{number}/steps", json={"action": "repair"})
    assert (early.status_code, early.json()["error"]["code"]) == (409, "not_now")
    parts = [{"name": "电源", "count": 2}]
    for body in ({"action": "arrive"}, {"action": "repair", "content": {"parts": parts}}):
        done = await crew.post(f"/work-orders/{number}/steps", json=body)
    assert done.json()["steps"][-1]["content"]["parts"] == [{"name": "电源", "count": 2, "serial_no": ""}]


async def test_a_crew_asks_what_those_cameras_are_worth_that_it_was_sent_for(web: Web) -> None:
    east, crew = firm_with_crew(web, "东城维保", "wang")
    give_everything_to(web, east)
    sent_for = put_camera(web)
    order_for(web, sent_for)
    other = put_camera(web, address="127.24.64.2")
    own = await crew.get("/coverage/price", params={"camera": sent_for})
    assert [row["camera_id"] for row in own.json()["items"]] == [sent_for]
    both = await crew.get("/coverage/price", params={"camera": [sent_for, other]})
    assert (both.status_code, both.json()["error"]["code"]) == (403, "role")
    assert both.json()["error"]["message"] == f"camera {other} is none that your firm was sent for"
    assert (await come_in(web).get("/coverage/price", params={"camera": other})).status_code == 200


async def test_the_office_sees_all_with_contacts_and_a_moved_user_sees_his_new_firms(web: Web) -> None:
    east, _ = firm_with_crew(web, "东", "wang")
    west, zhao = firm_with_crew(web, "西", "zhao")
    give_everything_to(web, east)
    number = order_for(web, put_camera(web))
    office = come_in(web, Role.MAINTAINER)
    seen = (await office.get(f"/work-orders/{number}")).json()
    assert seen["maintainer_contact"] == "13800000000"
    assert {"suspend", "transfer", "false_alarm"} <= set(seen["may"])
    admin = come_in(web)
    ids = {one["name"]: one["id"] for one in (await admin.get("/users")).json()["items"]}
    moved = await admin.patch(f"/users/{ids['zhao']}", json={"maintainer_id": east})
    assert moved.json()["maintainer_id"] == east
    assert (await zhao.get("/work-orders")).status_code == 401  # whoever is moved signs in anew
    with web.database.writing() as tx:
        sign_ins.add(tx, token_hash("anew"), ids["zhao"], web.clock(), web.clock() + timedelta(hours=1))
    zhao = web.client("anew")
    assert (await zhao.get("/work-orders")).json()["total"] == 1
    own = (await zhao.get("/maintenance/maintainers")).json()["items"]
    assert [(one["id"], one["contact"]) for one in own] == [(east, None)]
    wrong = await admin.patch(f"/users/{ids['admin']}", json={"maintainer_id": west})
    assert (wrong.status_code, wrong.json()["error"]["where"]) == (400, "maintainer_id")


async def test_an_owner_sees_how_it_goes_and_not_who_goes(web: Web) -> None:
    firm, crew = firm_with_crew(web, "东", "wang")
    give_everything_to(web, firm)
    with web.database.writing() as tx:
        shop = owners.ensure(tx, "街角小店", Tier.UNIT, web.clock())
    mine = order_for(web, put_camera(web, name="店门", tier=Tier.UNIT, owner_id=shop))
    other = order_for(web, put_camera(web, name="路口", address="127.24.64.2"))
    await crew.post(f"/work-orders/{mine}/steps", json={"action": "accept", "note": "owner is rude"})
    owner = come_in(web, Role.OWNER, owner=shop)
    assert [one["id"] for one in (await owner.get("/work-orders")).json()["items"]] == [mine]
    seen = await owner.get(f"/work-orders/{mine}")
    assert seen.json()["order"]["state"] == "accepted"
    assert "wang" not in seen.text
    assert "rude" not in seen.text
    assert (await owner.get(f"/work-orders/{other}")).status_code == 404
    denied = await owner.post(f"/work-orders/{mine}/steps", json={"action": "note", "note": "soon?"})
    assert denied.status_code == 403


async def test_the_list_is_filtered_sorted_and_counted(web: Web) -> None:
    cameras = [put_camera(web, name=f"路口{n}", address=f"127.24.64.{n}") for n in range(1, 4)]
    numbers = [order_for(web, camera) for camera in cameras]
    admin = come_in(web)
    await admin.post(f"/work-orders/{numbers[2]}/steps", json={"action": "false_alarm"})

    async def ids(**query: Any) -> list[int]:
        return [one["id"] for one in (await admin.get("/work-orders", params=query)).json()["items"]]

    assert await ids() == numbers[:2]
    assert await ids(state="ended") == numbers[2:]
    assert await ids(state="all", sort="-number") == numbers[::-1]
    assert await ids(camera=cameras[1]) == [numbers[1]]
    assert await ids(unassigned=True) == numbers[:2]
    assert await ids(overdue=True) == []
    page = (await admin.get("/work-orders", params={"state": "detected", "limit": 1})).json()
    assert (page["total"], page["totals"]) == (2, {"detected": 2, "false_alarm": 1})
    assert (await admin.get("/work-orders", params={"sort": "beauty"})).status_code == 400


async def test_photographs_are_kept_once_and_private_places_are_not_for_every_desk(web: Web) -> None:
    firm, crew = firm_with_crew(web, "东", "wang")
    give_everything_to(web, firm)
    number = order_for(web, put_camera(web, tier=Tier.UNIT))
    door = f"/work-orders/{number}/photographs"
    jpeg = {"content-type": "image/jpeg"}
    tries = [
        await crew.post(f"{door}?moment=before&token=photo-0001", content=a_picture(), headers=jpeg) for _ in range(2)
    ]
    assert [one.status_code for one in tries] == [201, 201]
    assert tries[0].json()["id"] == tries[1].json()["id"]
    shown = (await crew.get(f"/work-orders/{number}")).json()["photographs"]
    assert [one["moment"] for one in shown] == ["before"]
    picture = await crew.get(f"{door}/{shown[0]['id']}?small=true")
    assert (picture.status_code, picture.content[:2]) == (200, b"\xff\xd8")
    operator = come_in(web, Role.OPERATOR)
    assert (await operator.get(f"{door}/{shown[0]['id']}")).status_code == 403
    assert (await operator.post(f"{door}?moment=after", content=a_picture(), headers=jpeg)).status_code == 403
    damaged = await crew.post(f"{door}?moment=after", content=b"no picture", headers=jpeg)
    assert damaged.status_code == 400


async def test_a_phone_hands_in_what_was_done_before_the_order_was_given_to_another_firm(web: Web) -> None:
    east, crew = firm_with_crew(web, "东", "wang")
    west, _ = firm_with_crew(web, "西", "li")
    give_everything_to(web, east)
    number = order_for(web, put_camera(web))
    there, sent = web.clock().isoformat(), (web.clock() + timedelta(hours=1)).isoformat()
    door = f"/work-orders/{number}"
    given = await come_in(web).post(f"{door}/steps", json={"action": "transfer", "content": {"maintainer_id": west}})
    assert given.status_code == 200
    assert (await crew.get(door)).status_code == 404
    step = {"action": "arrive", "at": there, "sent_at": sent}
    late = await crew.post(f"{door}/steps", json={**step, "at": sent})
    assert (late.status_code, late.json()["error"]["code"]) == (409, "given_away")
    jpeg = {"content-type": "image/jpeg"}
    for at, status in ((there, 201), (sent, 409)):
        asked = {"moment": "before", "at": at, "sent_at": sent}
        answer = await crew.post(f"{door}/photographs", params=asked, content=a_picture(), headers=jpeg)
        assert answer.status_code == status
    assert (await crew.post(f"{door}/steps", json=step)).status_code == 204


async def test_an_order_is_opened_by_hand(web: Web) -> None:
    camera = put_camera(web)
    operator = come_in(web, Role.OPERATOR)
    made = await operator.post("/work-orders", json={"camera_id": camera, "reason": "立杆倾斜"})
    assert (made.status_code, made.json()["order"]["cause_zh"]) == (201, "立杆倾斜")
    again = await operator.post("/work-orders", json={"camera_id": camera, "reason": "x"})
    assert (again.status_code, again.json()["error"]["code"]) == (409, "order_open")
    assert (await operator.post("/work-orders", json={"camera_id": 99, "reason": "x"})).status_code == 404


async def test_levels_calendars_and_rules_are_set_and_wrong_ones_named(web: Web) -> None:
    admin = come_in(web)
    assert [one["repair_s"] for one in (await admin.get("/maintenance/levels")).json()["levels"]] == [7200, 86400]
    hours = [[[540, 1080]]] * 5 + [[], []]
    calendar = {"week": hours, "days": {"2026-10-01": [], "2026-10-10": [[540, 1080]]}}
    assert (await admin.put("/maintenance/calendars/office", json=calendar)).status_code == 200
    shown = (await admin.get("/maintenance/calendars")).json()["items"][0]
    assert (shown["week"], shown["days"]) == (hours, calendar["days"])
    for wrong in ({"week": [[]] * 7}, {"week": [[[600, 540]]] * 7}, {"week": hours, "time_zone": "Mars/Olympus"}):
        assert (await admin.put("/maintenance/calendars/wrong", json=wrong)).status_code == 400
    level = {"name": "only", "respond_s": 3600, "repair_s": 7200, "calendar": "office"}
    assert (await admin.put("/maintenance/levels", json={"levels": [level]})).status_code == 200
    assert (await admin.delete("/maintenance/calendars/office")).status_code == 409
    half = await admin.put("/maintenance/levels", json={"levels": [{**level, "many_from": 8}]})
    assert (half.status_code, half.json()["error"]["where"]) == (400, "levels.0")
    nobody = await admin.put("/maintenance/rules", json={"rules": [{"maintainer_id": 5}]})
    assert (nobody.status_code, nobody.json()["error"]["where"]) == (400, "rules.0")
    office = come_in(web, Role.MAINTAINER)
    assert (await office.put("/maintenance/levels", json={"levels": []})).status_code == 403


async def test_a_webhook_to_a_forbidden_place_is_refused_where_it_is_written(web: Web) -> None:
    admin = come_in(web)
    for target, word in (
        ("http://10.0.0.1/x", "outside"),
        ("http://[::ffff:10.0.0.1]/x", "outside"),
        ("ftp://127.66.0.1/x", "http"),
        ("http://a:b@127.66.0.1/", "password"),
        ("http://127.66.0.1/a\r\nHost: x", "letters"),
        ("http://127.66.0.1:99999/", "address"),
    ):
        refused = await admin.put("/maintenance/channels/hook", json={"kind": "webhook", "target": target})
        assert (refused.status_code, word in refused.json()["error"]["message"]) == (400, True), target


async def test_a_channels_secret_is_shown_once(web: Web) -> None:
    admin = come_in(web)
    body = {"kind": "webhook", "target": "http://127.66.0.1:8000/hook"}
    made = (await admin.put("/maintenance/channels/hook", json=body)).json()
    assert len(made["secret"]) >= 32
    assert (await admin.put("/maintenance/channels/hook", json=body)).json()["secret"] is None
    listed = await admin.get("/maintenance/channels")
    assert made["secret"] not in listed.text
    assert listed.json()["networks"] == ["127.66.0.0/16"]
    tried = await admin.post("/maintenance/channels/hook/trial")
    assert tried.json()["items"][0]["state"] == "sending"
    _, crew = firm_with_crew(web, "东", "wang")
    assert (await crew.get("/maintenance/alerts")).status_code == 403


async def test_news_of_orders_reach_the_firm_and_no_other(web: Web) -> None:
    east, _ = firm_with_crew(web, "东", "wang")
    west, _ = firm_with_crew(web, "西", "zhao")
    give_everything_to(web, east)
    order_for(web, put_camera(web))
    with web.database.reading() as tx:
        news = events.after(tx, 0, 1000)
        for firm, heard in ((east, True), (west, False), (None, True)):
            person = a_person(Role.MAINTAINER, maintainer_id=firm)
            kinds = {one.kind for one in what_may_be_heard(tx, person, news)}
            assert ("order.opened" in kinds) is heard


async def test_news_of_gaps_rings_and_plans_are_the_offices(web: Web) -> None:
    east, _ = firm_with_crew(web, "东", "wang")
    kinds = {"coverage.gaps_changed", "ring.opened", "plan.done"}
    with web.database.writing() as tx:
        for kind in kinds:
            events.append(tx, kind, 1, {}, web.clock())
    with web.database.reading() as tx:
        news = events.after(tx, 0, 1000)
        for person, heard in (
            (a_person(Role.MAINTAINER, maintainer_id=east), set()),
            (a_person(Role.MAINTAINER), kinds),
            (a_person(Role.PLANNER), kinds),
        ):
            assert {one.kind for one in what_may_be_heard(tx, person, news)} & kinds == heard


async def test_a_firms_crew_keeps_no_archive(web: Web) -> None:
    _, crew = firm_with_crew(web, "东", "wang")
    office = come_in(web, Role.MAINTAINER)
    camera = put_camera(web)
    for method, path in (
        ("PATCH", f"/cameras/{camera}/record"),
        ("POST", "/sweeps"),
        ("GET", "/credentials"),
        ("GET", "/exports?format=csv"),
        ("GET", "/maintenance/rules"),
        ("GET", "/device-tasks"),
    ):
        refused = await crew.request(method, path, json={} if method != "GET" else None)
        assert (refused.status_code, refused.json()["error"]["code"]) == (403, "role"), path
        assert (await office.request(method, path, json={"nonsense": 1})).status_code != 403, path
