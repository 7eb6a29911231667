"""The archive over HTTP: records and their history, who may do and see what, codes, figures, photographs."""

import asyncio

import cv2
import httpx
import numpy as np
from sqlalchemy import insert

from tests.builders.web import Web, put_camera
from vms.access.registration import RegistrationStatus
from vms.access.roles import Role
from vms.inventory.camera import LifeCycle
from vms.inventory.tier import Tier
from vms.store import owners
from vms.store.schema import registrations

JPEG = {"Content-Type": "image/jpeg"}


def a_picture() -> bytes:
    return bytes(cv2.imencode(".jpg", np.full((300, 400, 3), 90, dtype=np.uint8))[1].tobytes())


def fields(record: dict) -> dict:
    return {one["about"]["name"]: one for one in record["fields"]}


def error(answer: httpx.Response) -> tuple[int, str, str]:
    found = answer.json()["error"]
    return answer.status_code, found["code"], found["where"]


async def test_a_record_goes_from_draft_to_approved_and_its_history_tells_it(web: Web) -> None:
    keeper, reviewer = await web.signed_in(Role.MAINTAINER), await web.signed_in(Role.REVIEWER)
    answer = await keeper.post("/cameras", json={"fields": {"name": "人民路口", "tier": "unit", "structure_type": 3}})
    assert answer.status_code == 201, answer.text
    made = answer.json()
    at = f"/cameras/{made['camera_id']}"
    assert (made["life_cycle"], made["point_class"]) == ("draft", 2)
    assert [step["to"] for step in made["next_steps"]] == ["submitted", "retired"]
    assert fields(made)["structure_type"]["labels"] == [
        {"code": "3", "zh": "固定枪机", "en": "fixed bullet", "known": True}
    ]
    assert {"gb_device_id", "lon"} <= set(made["completeness"]["missing"])
    assert (await keeper.post(f"{at}/life-cycle", json={"to": "submitted"})).json()["life_cycle"] == "submitted"
    assert error(await keeper.post(f"{at}/life-cycle", json={"to": "approved"})) == (403, "role", "")
    approved = (await reviewer.post(f"{at}/life-cycle", json={"to": "approved"})).json()
    edited = await keeper.patch(
        f"{at}/record", json={"changes": {"common_name": "老路口"}, "why": "现场核对", "revision": approved["revision"]}
    )
    assert edited.json()["life_cycle"] == "changing"
    assert fields(edited.json())["common_name"]["changed_by"] == "maintainer"
    changes = (await reviewer.get(f"{at}/changes")).json()
    assert [(row["field"], row["who"]) for row in changes["items"]] == [
        ("life_cycle", "maintainer"),
        ("common_name", "maintainer"),
        ("life_cycle", "reviewer"),
        ("life_cycle", "maintainer"),
        ("life_cycle", "maintainer"),
    ]
    assert changes["items"][1]["why"] == "现场核对"
    assert changes["items"][0]["after_labels"][0]["zh"] == "变更待审"
    back = await reviewer.post(f"{at}/life-cycle", json={"to": "approved", "send_back": True, "why": "不对"})
    assert fields(back.json())["common_name"]["value"] == ""
    restored = await keeper.post(f"{at}/changes/{changes['items'][1]['id']}/restore", json={"why": "再次撤销"})
    assert restored.status_code == 200


async def test_a_wrong_field_is_named_and_a_stale_edit_told_who_was_before(web: Web) -> None:
    camera_id = put_camera(web)
    keeper, admin = await web.signed_in(Role.MAINTAINER), await web.signed_in()
    at = f"/cameras/{camera_id}/record"
    seen = (await keeper.get(at)).json()["revision"]
    assert error(await keeper.patch(at, json={"changes": {"port": "x"}})) == (400, "bad_input", "port")
    assert error(await keeper.patch(at, json={"changes": {"nonsense": 1}})) == (400, "bad_input", "nonsense")
    assert (await admin.patch(at, json={"changes": {"pole_code": "7"}, "revision": seen})).status_code == 200
    stale = await keeper.patch(at, json={"changes": {"pole_code": "8"}, "revision": seen})
    assert error(stale) == (409, "changed_meanwhile", "")
    assert "admin" in stale.text and "pole_code" in stale.text


async def test_contacts_are_masked_and_addresses_hidden_except_for_who_keeps_the_record(web: Web) -> None:
    camera_id = put_camera(web)
    keeper, operator = await web.signed_in(Role.MAINTAINER), await web.signed_in(Role.OPERATOR)
    at = f"/cameras/{camera_id}"
    wanted = {"mgmt_contact": "13812345678", "address": "127.46.0.9", "model": "DS-1"}
    await keeper.patch(f"{at}/record", json={"changes": wanted})
    whole, part = fields((await keeper.get(f"{at}/record")).json()), (await operator.get(f"{at}/record"))
    assert (whole["mgmt_contact"]["value"], whole["address"]["value"]) == ("13812345678", "127.46.0.9")
    assert fields(part.json())["mgmt_contact"]["value"] == "138****78"
    assert fields(part.json())["address"]["masked"] is True
    for hidden in (part, await operator.get(f"{at}/changes"), await operator.get("/differences")):
        assert hidden.status_code == 200
        assert "13812345678" not in hidden.text and "127.34" not in hidden.text and "127.24" not in hidden.text
    assert "13812345678" in (await keeper.get(f"{at}/changes")).text
    assert (await operator.patch(f"{at}/record", json={"changes": {"name": "x"}})).status_code == 403


async def test_what_nobody_accepted_yet_is_no_operators_business(web: Web) -> None:
    camera_id = put_camera(web, life_cycle=LifeCycle.DRAFT)
    operator = await web.signed_in(Role.OPERATOR)
    for path in ("record", "changes", "photographs", "photographs/1"):
        assert (await operator.get(f"/cameras/{camera_id}/{path}")).status_code == 404, path


async def test_codes_are_read_with_a_tag_and_changed_by_administrators_only(web: Web) -> None:
    admin, keeper = await web.signed_in(), await web.signed_in(Role.MAINTAINER)
    first = await keeper.get("/code-tables")
    assert {"table": "asset_status", "edition": "GA/T 2000.40", "code": "40", "zh": "维修"}.items() <= next(
        row for row in first.json()["items"] if (row["table"], row["code"]) == ("asset_status", "40")
    ).items()
    tag = {"If-None-Match": first.headers["etag"]}
    assert (await keeper.get("/code-tables", headers=tag)).status_code == 304
    path, wanted = "/code-tables/asset_status/GA%2FT%202000.40/40", {"zh": "在修", "en": "being repaired"}
    assert (await keeper.put(path, json=wanted)).status_code == 403
    answer = await admin.put(path, json=wanted)
    assert (answer.status_code, answer.json()["edition"], answer.json()["shipped"]) == (200, "GA/T 2000.40", False)
    again = await keeper.get("/code-tables", headers=tag)
    assert again.status_code == 200
    assert [row["zh"] for row in again.json()["items"] if (row["table"], row["code"]) == ("asset_status", "40")] == [
        "在修"
    ]
    assert error(await admin.put("/code-tables/nonsense/x/1", json=wanted)) == (400, "bad_input", "table")


async def test_figures_and_differences_of_the_town_are_for_staff(web: Web) -> None:
    camera_id = put_camera(web)
    keeper = await web.signed_in(Role.MAINTAINER)
    await keeper.patch(f"/cameras/{camera_id}/record", json={"changes": {"address": "127.46.0.1"}})
    figures = (await keeper.get("/archive/figures", params={"by": "tier"})).json()
    assert [(one["key"], one["name"], one["cameras"]) for one in figures["items"]] == [("government", "政府", 1)]
    assert figures["total"]["failed"]["id_missing"] == 1
    assert figures["current"] is True
    assert figures["targets"] == {"completeness": 1.0, "conformity": 0.98, "consistency": 0.95}
    assert await listed(keeper, figures["total"]["filter"], figures["filters"]["differing"]) == [camera_id]
    assert await listed(keeper, figures["items"][0]["filter"], figures["filters"]["failed"]["id_missing"]) == [
        camera_id
    ]
    assert await listed(keeper, figures["items"][0]["filter"], figures["filters"]["conforming"]) == []
    found = (await keeper.get("/differences")).json()
    assert [(row["camera_id"], row["field"], row["observed"]) for row in found["items"]] == [
        (camera_id, "address", "127.24.64.1")
    ]
    answer = await keeper.post(f"/cameras/{camera_id}/differences/address/accept", json={"value": "observed"})
    assert fields(answer.json())["address"]["value"] == "127.24.64.1"
    assert (await keeper.get("/differences")).json()["total"] == 0
    shop = web.database
    with shop.writing() as tx:
        owner_id = owners.ensure(tx, "小店", Tier.UNIT, web.clock())
    owner = await web.signed_in(Role.OWNER, owner_id=owner_id)
    assert (await owner.get("/archive/figures")).status_code == 403
    assert (await owner.get("/differences")).status_code == 403


async def test_many_differences_are_decided_at_once_and_one_that_has_changed_costs_one(web: Web) -> None:
    first, second = put_camera(web), put_camera(web)
    keeper, operator = await web.signed_in(Role.MAINTAINER), await web.signed_in(Role.OPERATOR)
    for camera_id in (first, second):
        await keeper.patch(f"/cameras/{camera_id}/record", json={"changes": {"address": "127.46.0.1"}})
    shown = (await keeper.get("/differences")).json()["items"]
    names = ("camera_id", "field", "declared", "observed")
    items = [{name: row[name] for name in names} for row in shown]
    await keeper.patch(f"/cameras/{second}/record", json={"changes": {"address": "127.46.0.2"}})
    body = {"value": "observed", "why": "现场核对", "items": [*items, items[0] | {"field": "model"}]}
    assert (await operator.post("/differences/accept", json=body)).status_code == 403
    answer = (await keeper.post("/differences/accept", json=body)).json()
    assert answer["accepted"] == 1
    assert [(one["camera_id"], one["field"], one["code"]) for one in answer["refused"]] == [
        (second, "address", "changed"),
        (first, "model", "no_difference"),
    ]
    assert [row["camera_id"] for row in (await keeper.get("/differences")).json()["items"]] == [second]
    change = (await keeper.get(f"/cameras/{first}/changes")).json()["items"]
    assert next(one for one in change if one["field"] == "address")["why"] == "现场核对"
    assert (await keeper.post("/differences/accept", json=body | {"items": []})).status_code == 422


async def listed(client: httpx.AsyncClient, group: str, number: str) -> list[int]:
    answer = await client.get("/cameras", params={"filter": f"{group} and {number}", "sort": "completeness"})
    assert answer.status_code == 200, answer.text
    return [row["id"] for row in answer.json()["items"]]


async def test_what_is_judged_is_shown_filtered_and_sorted_as_it_is_now(web: Web) -> None:
    camera_id = put_camera(web)
    keeper, operator = await web.signed_in(Role.MAINTAINER), await web.signed_in(Role.OPERATOR)
    (row,) = (await operator.get("/cameras", params={"filter": "breaks=id_missing"})).json()["items"]
    assert (row["id"], "id_missing" in row["breaks"], 0 < row["completeness_pct"] < 100) == (camera_id, True, True)
    await keeper.patch(f"/cameras/{camera_id}/record", json={"changes": {"gb_device_id": "41010500001320000001"}})
    assert await listed(operator, "breaks=id_missing", "tier=government") == []
    groups = (await operator.get("/cameras/groups", params={"by": "tier", "filter": "has:breaks"})).json()["items"]
    assert [(one["key"], one["counts"]["total"]) for one in groups] == [("government", 1)]
    for asked in ("differs=mac", "differs in (model, address)"):
        refused = await operator.get("/cameras", params={"filter": asked})
        assert refused.json()["error"]["message"].startswith("your role may not filter by differs="), asked
    fields = {one["name"]: one for one in (await operator.get("/filter-fields")).json()["items"]}
    assert "mac" not in [choice["value"] for choice in fields["differs"]["choices"]]
    assert fields["breaks"]["choices"][0] == {
        "value": "id_missing",
        "label_en": "no national id",
        "label_zh": "缺国标编码",
    }
    question = {"filter": "breaks=id_missing", "changes": {"common_name": "x"}}
    assert (await keeper.post("/edits/preview", json=question)).json()["cameras"] == 0
    exported = await keeper.get("/exports", params={"format": "csv", "filter": "has:breaks"})
    assert exported.headers["x-cameras"] == "1"


async def test_a_device_id_is_given_once(web: Web) -> None:
    camera_id = put_camera(web)
    keeper = await web.signed_in(Role.MAINTAINER)
    at = f"/cameras/{camera_id}"
    assert error(await keeper.post(f"{at}/gb-device-id", json={})) == (400, "bad_input", "region_code")
    await keeper.patch(f"{at}/record", json={"changes": {"region_code": "410105"}})
    assert (await keeper.post(f"{at}/gb-device-id", json={})).json() == {"gb_device_id": "41010500001320000001"}
    assert error(await keeper.post(f"{at}/gb-device-id", json={}))[:2] == (409, "has_id")


async def test_photographs_are_handed_in_shown_and_taken_out(web: Web) -> None:
    camera_id = put_camera(web)
    keeper, operator = await web.signed_in(Role.MAINTAINER), await web.signed_in(Role.OPERATOR)
    at = f"/cameras/{camera_id}/photographs"
    answer = await keeper.post(at, params={"kind": "near", "note": "近"}, content=a_picture(), headers=JPEG)
    assert answer.status_code == 201, answer.text
    one = answer.json()
    assert (one["width"], one["height"], one["is_look"]) == (400, 300, False)
    assert (await operator.get(at)).json()["items"] == [one]
    shown = await operator.get(f"{at}/{one['id']}")
    assert (shown.headers["content-type"], shown.content[:2]) == ("image/jpeg", b"\xff\xd8")
    assert len((await operator.get(f"{at}/{one['id']}", params={"small": True})).content) < len(shown.content)
    assert error(await keeper.post(at, params={"kind": "near"}, content=b"x", headers=JPEG))[0] == 400
    wrong = await keeper.post(at, params={"kind": "near"}, content=b"x", headers={"Content-Type": "image/gif"})
    assert error(wrong) == (400, "bad_input", "content-type")
    assert (await keeper.post(at, params={"kind": "selfie"}, content=a_picture(), headers=JPEG)).status_code == 422
    assert (await operator.delete(f"{at}/{one['id']}")).status_code == 403
    assert (await keeper.delete(f"{at}/{one['id']}")).status_code == 204
    assert (await operator.get(at)).json()["items"] == []
    assert (await operator.get(f"{at}/{one['id']}")).status_code == 404


async def test_only_photographs_may_be_large(web: Web) -> None:
    camera_id = put_camera(web)
    keeper = await web.signed_in(Role.MAINTAINER)
    megabytes = b"\xff\xd8" + b"x" * 3_000_000
    at = f"/cameras/{camera_id}/photographs"
    assert error(await keeper.post(at, params={"kind": "near"}, content=megabytes, headers=JPEG))[0] == 400
    assert "413" in await first_line(web, f"POST /api/v1{at}?kind=near", 12_000_001)
    assert "413" in await first_line(web, f"PATCH /api/v1/cameras/{camera_id}/record", 1_000_001)
    assert "413" in await first_line(web, f"POST /api/v1{at}/1", 1_000_001)


async def first_line(web: Web, request: str, length: int) -> str:
    """Of the answer to a request that only announces its body."""
    reader, writer = await asyncio.open_connection(*web.address)
    writer.write(f"{request} HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n".encode())
    line = await asyncio.wait_for(reader.readline(), 10)
    writer.close()
    return line.decode()


async def looks_of(web: Web, camera_id: int) -> list[tuple[str, bool]]:
    admin = await web.signed_in()
    rows = (await admin.get(f"/cameras/{camera_id}/looks")).json()["items"]
    return [(row["who"], row["allowed"]) for row in rows]


async def test_to_look_at_a_photograph_of_the_picture_is_a_look(web: Web) -> None:
    camera_id = put_camera(web)
    admin, operator, planner = [await web.signed_in(role) for role in (Role.ADMIN, Role.OPERATOR, Role.PLANNER)]
    at = f"/cameras/{camera_id}/photographs"
    far = (await admin.post(at, params={"kind": "far"}, content=a_picture(), headers=JPEG)).json()
    picture = (await admin.post(at, params={"kind": "picture"}, content=a_picture(), headers=JPEG)).json()
    assert (await planner.get(f"{at}/{far['id']}")).status_code == 200
    assert await looks_of(web, camera_id) == []
    assert (await operator.get(f"{at}/{picture['id']}")).status_code == 200
    assert (await planner.get(f"{at}/{picture['id']}")).status_code == 403
    assert await looks_of(web, camera_id) == [("planner", False), ("operator", True)]


async def test_a_private_cameras_place_is_shown_as_its_picture_is(web: Web) -> None:
    with web.database.writing() as tx:
        owner_id = owners.ensure(tx, "张家", Tier.HOUSEHOLD, web.clock())
    camera_id = put_camera(web, tier=Tier.HOUSEHOLD, owner_id=owner_id)
    keeper, operator = await web.signed_in(Role.MAINTAINER), await web.signed_in(Role.OPERATOR)
    owner = await web.signed_in(Role.OWNER, owner_id=owner_id)
    at = f"/cameras/{camera_id}/photographs"
    one = (await keeper.post(at, params={"kind": "near"}, content=a_picture(), headers=JPEG)).json()
    assert (await operator.get(f"{at}/{one['id']}")).status_code == 403
    assert (await owner.get(f"{at}/{one['id']}")).status_code == 200
    assert await looks_of(web, camera_id) == [(f"owner{owner_id}", True), ("operator", False)]


async def test_a_registered_camera_is_not_retired_around_its_registration(web: Web) -> None:
    with web.database.writing() as tx:
        owner_id = owners.ensure(tx, "张家", Tier.HOUSEHOLD, web.clock())
    camera_id = put_camera(web, tier=Tier.HOUSEHOLD, owner_id=owner_id)
    with web.database.writing() as tx:
        tx.execute(
            insert(registrations).values(
                status=RegistrationStatus.APPROVED.value, submitted_at=web.clock(), owner_id=owner_id,
                camera_id=camera_id, content=SUBMITTED, access_key_hash="x", reason="",
            )
        )  # fmt: skip
    admin = await web.signed_in()
    at = f"/cameras/{camera_id}"
    retired = await admin.post(f"{at}/life-cycle", json={"to": "retired", "why": "x"})
    assert error(retired)[:2] == (409, "follows_registration")
    refused = await admin.patch(f"{at}/record", json={"changes": {"tier": "government"}})
    assert error(refused) == (400, "follows_registration", "tier")
    changed = await admin.patch(f"{at}/record", json={"changes": {"pole_code": "12"}})
    assert changed.json()["life_cycle"] == "changing"
    assert [(step["to"], step["send_back"]) for step in changed.json()["next_steps"]] == [
        ("approved", False),
        ("approved", True),
    ]


SUBMITTED = {
    "owner_name": "张家", "tier": "household", "contact": "", "camera_name": "门口", "install_address": "",
    "entered_x": 113.62, "entered_y": 34.75, "entered_system": "wgs84", "lon": 113.62, "lat": 34.75,
    "bearing_deg": None, "h_fov_deg": None, "mount_height_m": None, "address": "127.46.0.1", "port": 80, "channel": "",
    "consent_mode": "never", "radius_m": 100.0,
}  # fmt: skip
