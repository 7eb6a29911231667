"""Registration over HTTP: what is taken, what is never called, who decides, what the owner sees."""

import io
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.builders.web import SQUARE, Web, put_camera, put_still, running_web
from vms.access.roles import Role
from vms.core.geo import distance_m
from vms.core.ids import CameraId
from vms.inventory.camera import LifeCycle
from vms.inventory.tier import Tier
from vms.services.export_cameras import Exported, ExportFormat, ExportRequest, export_cameras
from vms.sim.city import running_city
from vms.sim.plan import PretendDevice, plan_city
from vms.store import cameras, credential_uses, credentials, devices, owners
from vms.store.database import Database

BODY: dict[str, Any] = {
    "owner_name": "街角小店",
    "tier": "unit",
    "contact": "13800001234",
    "camera_name": "小店门口",
    "lon": SQUARE.lon,
    "lat": SQUARE.lat,
    "bearing_deg": 90,
    "address": "127.24.200.1",
    "port": 8080,
    "username": "admin",
    "password": "sesame-open-1",
    "consent": {"mode": "near_incident", "radius_m": 120},
}


@pytest.fixture
async def shop() -> AsyncIterator[PretendDevice]:
    plan = plan_city(1, first_address="127.24.201.1", personalities=False)
    async with running_city(plan):
        yield plan.devices[0]


def of_shop(shop: PretendDevice, **changes: Any) -> dict[str, Any]:
    there = {"address": shop.address, "port": shop.onvif_port, "username": shop.username, "password": shop.password}
    return {**BODY, **there, **changes}


async def submit(web: Web, **changes: Any) -> httpx.Response:
    return await web.client().post("/registrations", json={**BODY, **changes})


async def decide(web: Web, registration_id: int, decision: str = "approve", reason: str = "") -> httpx.Response:
    reviewer = await web.signed_in(Role.REVIEWER)
    path = f"/registrations/{registration_id}/decision"
    return await reviewer.post(path, json={"decision": decision, "reason": reason})


async def mine(web: Web, opened: dict[str, Any], key: str | None = None) -> httpx.Response:
    client = web.client()
    client.headers["X-Access-Key"] = key if key is not None else opened["access_key"]
    return await client.get(f"/registrations/{opened['id']}/mine")


FORBIDDEN = ("169.254.169.254", "127.0.0.1", "10.0.0.1", "::1", "0.0.0.0", "localhost", "2130706433", "127.24.1.1/16")
NONSENSE: tuple[tuple[str, Any], ...] = (
    ("tier", "government"),
    ("lon", 200),
    ("bearing_deg", 360),
    ("port", 0),
    ("consent", {"mode": "sometimes"}),
    ("consent", {"mode": "always", "radius_m": 1e9}),
    ("owner_name", ""),
    ("approved", True),
)


async def test_addresses_outside_the_networks_for_registration_are_refused(web: Web) -> None:
    for address in FORBIDDEN:
        answer = await submit(web, address=address)
        assert (answer.status_code, answer.json()["error"]["where"]) == (400, "address"), address


async def test_what_makes_no_sense_is_named(web: Web) -> None:
    for field, value in NONSENSE:
        answer = await submit(web, **{field: value})
        assert answer.status_code == 422, field
        assert answer.json()["error"]["where"].startswith(field)


async def test_nothing_is_made_and_nobody_called_before_approval(web: Web) -> None:
    assert (await submit(web)).status_code == 201
    with web.database.reading() as tx:
        assert list(cameras.every(tx)) == []
        assert devices.page(tx).total == 0


async def test_passwords_and_contacts_stay_where_they_belong(web: Web) -> None:
    opened = (await submit(web)).json()
    reviewer, operator = await web.signed_in(Role.REVIEWER), await web.signed_in(Role.OPERATOR)
    listed = await reviewer.get("/registrations", params={"status": "submitted"})
    assert "sesame" not in listed.text
    assert "13800001234" not in listed.text
    assert listed.json()["items"][0]["contact"].endswith("1234")
    one = (await reviewer.get(f"/registrations/{opened['id']}")).json()
    assert (one["contact"], one["has_login"]) == ("13800001234", True)
    assert (await operator.get("/registrations")).status_code == 403
    raw = (web.rooms.stills_folder / "vms.db").read_bytes() + (web.rooms.stills_folder / "vms.db-wal").read_bytes()
    assert b"sesame-open-1" not in raw
    assert opened["access_key"].encode() not in raw


async def test_only_the_key_of_this_registration_opens_it(web: Web) -> None:
    first, second = (await submit(web)).json(), (await submit(web, camera_name="另一台")).json()
    assert (await mine(web, first)).json()["camera_name"] == "小店门口"
    for key in ("", "wrong", second["access_key"]):
        assert (await mine(web, first, key)).status_code == 404


async def test_approval_finds_the_streams_and_puts_the_camera_where_the_owner_said(
    web: Web, shop: PretendDevice
) -> None:
    opened = (await web.client().post("/registrations", json=of_shop(shop))).json()
    decided = await decide(web, opened["id"])
    assert decided.status_code == 200, decided.text
    with web.database.reading() as tx:
        camera = cameras.get(tx, decided.json()["camera_id"])
        assert camera.pose is not None
        assert distance_m(camera.pose.position, SQUARE) < 0.1
        assert camera.declared.tier is Tier.UNIT
        assert {stream.role for stream in camera.streams} == {"main", "sub"}
        assert camera.device_id is not None
        assert devices.get(tx, camera.device_id).credential_id is not None
    seen = (await mine(web, opened)).json()
    assert (seen["status"], seen["consent"]["mode"], seen["consent"]["radius_m"]) == ("approved", "near_incident", 120)
    assert "120 m" in seen["sentence_en"]
    assert (await decide(web, opened["id"])).status_code == 409


async def test_a_camera_that_is_away_leaves_the_registration_undecided(web: Web) -> None:
    opened = (await submit(web)).json()
    answer = await decide(web, opened["id"])
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "device_unreachable")
    assert (await mine(web, opened)).json()["status"] == "submitted"


async def test_a_wrong_password_of_the_camera_is_told_to_the_reviewer(web: Web, shop: PretendDevice) -> None:
    opened = (await web.client().post("/registrations", json=of_shop(shop, password="not it"))).json()
    answer = await decide(web, opened["id"])
    assert (answer.status_code, answer.json()["error"]["code"]) == (502, "login_refused")
    assert (await mine(web, opened)).json()["status"] == "submitted"


async def test_who_used_the_login_of_a_registered_camera_when_is_on_record(web: Web, shop: PretendDevice) -> None:
    refused = (await submit(web, **of_shop(shop, password="wrong"))).json()
    assert (await decide(web, refused["id"])).status_code == 502
    opened = (await submit(web, **of_shop(shop))).json()
    camera_id = (await decide(web, opened["id"])).json()["camera_id"]
    with web.database.reading() as tx:
        device_id = cameras.get(tx, camera_id).device_id
        own = {one.name: one.credential_id for one in credentials.every(tx)}
        uses = {name: credential_uses.of_credential(tx, number).items for name, number in own.items()}
    counts = [[(use.purpose, use.count, use.refused) for use in found] for found in uses.values()]
    assert sorted(counts) == [[("registration", 1, 0)], [("registration", 1, 1)]]
    admin = await web.signed_in()
    answer = await admin.get(f"/devices/{device_id}/credential-uses")
    (use,) = answer.json()["items"]
    assert (use["purpose"], use["count"], use["refused"]) == ("registration", 1, 0)
    assert use["credential"].startswith(f"registration-{opened['id']}-")
    assert shop.password not in answer.text


async def test_a_refusal_needs_a_reason_and_the_owner_reads_it(web: Web) -> None:
    opened = (await submit(web)).json()
    assert (await decide(web, opened["id"], "refuse")).status_code == 422
    assert (await decide(web, opened["id"], "refuse", "方向不清")).status_code == 200
    seen = (await mine(web, opened)).json()
    assert (seen["status"], seen["reason"]) == ("refused", "方向不清")
    with web.database.reading() as tx:
        assert credentials.every(tx) == []


async def test_a_camera_that_is_registered_already_cannot_be_taken_over(web: Web, shop: PretendDevice) -> None:
    first = (await web.client().post("/registrations", json=of_shop(shop))).json()
    assert (await decide(web, first["id"])).status_code == 200
    for name in ("别人", BODY["owner_name"]):
        thief = (await web.client().post("/registrations", json=of_shop(shop, owner_name=name, contact="mine"))).json()
        answer = await decide(web, thief["id"])
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "conflict"), name
    with web.database.reading() as tx:
        assert [camera.declared.name for camera in cameras.every(tx)] == ["小店门口"]


async def test_a_government_camera_cannot_be_registered_and_withdrawn(web: Web, shop: PretendDevice) -> None:
    mine_already = (await web.client().post("/registrations", json=of_shop(shop))).json()
    camera_id = (await decide(web, mine_already["id"])).json()["camera_id"]
    with web.database.writing() as tx:
        camera = cameras.get(tx, camera_id)
        cameras.update_declared(tx, camera_id, replace(camera.declared, tier=Tier.GOVERNMENT), web.clock())
    thief = (await web.client().post("/registrations", json=of_shop(shop))).json()
    for life_cycle in LifeCycle:
        with web.database.writing() as tx:
            cameras.set_life_cycle(tx, camera_id, life_cycle, web.clock())
        answer = await decide(web, thief["id"])
        assert answer.status_code == 409, life_cycle
        assert "government" in answer.json()["error"]["message"], life_cycle


async def test_a_camera_that_staff_gave_an_owner_is_not_free_for_one_of_that_name(
    web: Web, shop: PretendDevice
) -> None:
    first = await owning(web, shop)
    await first.leave()
    for life_cycle in LifeCycle:
        with web.database.writing() as tx:
            camera = cameras.get(tx, first.camera_id)
            written = owners.ensure(tx, BODY["owner_name"], Tier.UNIT, web.clock())
            cameras.update_declared(tx, first.camera_id, camera.declared, web.clock(), owner_id=written)
            cameras.set_life_cycle(tx, first.camera_id, life_cycle, web.clock())
        opened = (await web.client().post("/registrations", json=of_shop(shop))).json()
        answer = await decide(web, opened["id"])
        assert (answer.status_code, "somebody else" in answer.text) == (409, True), life_cycle


async def test_who_left_can_register_the_same_camera_again(web: Web, shop: PretendDevice) -> None:
    first = (await web.client().post("/registrations", json=of_shop(shop))).json()
    camera_id = (await decide(web, first["id"])).json()["camera_id"]
    owner = web.client()
    owner.headers["X-Access-Key"] = first["access_key"]
    assert (await owner.post(f"/registrations/{first['id']}/consent", json={"withdraw": True})).status_code == 200
    with web.database.reading() as tx:
        assert credentials.every(tx) == []
    second = (await web.client().post("/registrations", json=of_shop(shop))).json()
    assert (await decide(web, second["id"])).json()["camera_id"] == camera_id
    operator = await web.signed_in(Role.OPERATOR)
    row = (await operator.get(f"/cameras/{camera_id}")).json()["row"]
    assert (row["life_cycle"], row["access"]["code"]) == ("approved", "no_incident")


async def test_one_change_at_a_time_and_only_what_makes_sense(web: Web, shop: PretendDevice) -> None:
    opened = (await web.client().post("/registrations", json=of_shop(shop))).json()
    owner = web.client()
    owner.headers["X-Access-Key"] = opened["access_key"]
    consent = f"/registrations/{opened['id']}/consent"
    assert (await owner.post(consent, json={"mode": "always"})).status_code == 409
    await decide(web, opened["id"])
    assert (await owner.post(consent, json={})).status_code == 422
    assert (await owner.post(consent, json={"mode": "always", "withdraw": True})).status_code == 422
    yesterday = (web.clock() - timedelta(days=1)).isoformat()
    assert (await owner.post(consent, json={"paused_until": yesterday})).status_code == 400
    changed = (await owner.post(consent, json={"mode": "always"})).json()
    assert (changed["consent"]["mode"], changed["consent"]["radius_m"]) == ("always", 120)


async def test_an_owner_may_leave_before_anybody_decided(web: Web) -> None:
    opened = (await submit(web)).json()
    owner = web.client()
    owner.headers["X-Access-Key"] = opened["access_key"]
    left = await owner.post(f"/registrations/{opened['id']}/consent", json={"withdraw": True})
    assert left.json()["status"] == "withdrawn"
    assert (await decide(web, opened["id"])).status_code == 409


async def test_one_address_cannot_flood_the_reviewers(sqlite_database: Database, tmp_path: Path) -> None:
    async with running_web(sqlite_database, tmp_path, settings={"registrations_per_hour": 2}) as web:
        assert [(await submit(web)).status_code for _ in range(3)] == [201, 201, 429]
        web.clock.forward(timedelta(hours=1))
        assert (await submit(web)).status_code == 201


async def test_a_later_owner_does_not_read_the_looks_of_an_earlier_ones_time(web: Web, shop: PretendDevice) -> None:
    first = (await web.client().post("/registrations", json=of_shop(shop))).json()
    camera_id = (await decide(web, first["id"])).json()["camera_id"]
    operator = await web.signed_in(Role.OPERATOR)
    put_still(web, camera_id)
    await operator.get(f"/cameras/{camera_id}/snapshot")
    owner = web.client()
    owner.headers["X-Access-Key"] = first["access_key"]
    assert (await owner.get(f"/registrations/{first['id']}/looks")).json()["total"] == 1
    await owner.post(f"/registrations/{first['id']}/consent", json={"withdraw": True})
    second = (await web.client().post("/registrations", json=of_shop(shop))).json()
    assert (await decide(web, second["id"])).json()["camera_id"] == camera_id
    owner.headers["X-Access-Key"] = second["access_key"]
    assert (await owner.get(f"/registrations/{second['id']}/looks")).json()["total"] == 0


async def test_neighbours_on_one_recorder_keep_their_login_when_one_leaves(web: Web) -> None:
    plan = plan_city(1, first_address="127.24.202.1", personalities=False)
    single = plan.devices[0]
    second_channel = replace(single.channels[0], token="VideoSource_2", number=2)
    recorder = replace(single, channels=(single.channels[0], second_channel))

    def login_of(camera_id: int) -> int | None:
        with web.database.reading() as tx:
            camera = cameras.get(tx, camera_id)
            assert camera.device_id is not None
            return devices.get(tx, camera.device_id).credential_id

    async with running_city(replace(plan, devices=(recorder,))):
        first = await owning(web, recorder, channel="VideoSource_1")
        logins = [login_of(first.camera_id)]
        second = await owning(web, recorder, channel="VideoSource_2", owner_name="隔壁")
        logins.append(login_of(second.camera_id))
        assert first.camera_id != second.camera_id
        assert None not in logins
        await second.leave()
        assert login_of(first.camera_id) == logins[0], "the neighbour's pictures go on"
        await first.leave()
        assert login_of(first.camera_id) is None
    with web.database.reading() as tx:
        assert credentials.every(tx) == []


async def test_what_owners_registered_is_in_no_exported_list(web: Web, shop: PretendDevice) -> None:
    put_camera(web, name="路口")
    first = await owning(web, shop)
    for _ in ("in use", "left"):
        out = io.BytesIO()
        exported = export_cameras(web.database, out, ExportRequest(file_format=ExportFormat.CSV))
        assert exported == Exported(written=1, left_out=1)
        assert ("路口" in out.getvalue().decode(), "小店" in out.getvalue().decode()) == (True, False)
        await first.client.post(f"{first.path}/consent", json={"withdraw": True})


@dataclass(frozen=True, kw_only=True)
class Owner:
    """One who registered the shop's camera, with the key."""

    client: httpx.AsyncClient
    path: str
    camera_id: int

    async def requests(self) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = (await self.client.get(f"{self.path}/access-requests")).json()["items"]
        return items

    async def grant(self, request_id: int) -> httpx.Response:
        path = f"{self.path}/access-requests/{request_id}/decision"
        return await self.client.post(path, json={"grant": True, "minutes": 60})

    async def leave(self) -> None:
        assert (await self.client.post(f"{self.path}/consent", json={"withdraw": True})).status_code == 200


async def owning(web: Web, shop: PretendDevice, **changes: Any) -> Owner:
    wanted = {"consent": {"mode": "on_request", "radius_m": 50}, **changes}
    opened = (await web.client().post("/registrations", json=of_shop(shop, **wanted))).json()
    decided = await decide(web, opened["id"])
    assert decided.status_code == 200, decided.text
    client = web.client()
    client.headers["X-Access-Key"] = opened["access_key"]
    return Owner(client=client, path=f"/registrations/{opened['id']}", camera_id=decided.json()["camera_id"])


async def ask(operator: httpx.AsyncClient, camera_id: int) -> int:
    asked = await operator.post(f"/cameras/{camera_id}/access-requests", json={"purpose": "走失儿童"})
    assert asked.status_code == 201, asked.text
    return int(asked.json()["id"])


async def test_the_key_of_an_owner_who_left_opens_nothing_of_the_next_owner(web: Web, shop: PretendDevice) -> None:
    operator = await web.signed_in(Role.OPERATOR)
    first = await owning(web, shop)
    granted, waiting = await ask(operator, first.camera_id), await ask(operator, first.camera_id)
    assert (await first.grant(granted)).status_code == 200
    await first.leave()
    assert {one["id"]: one["state"] for one in await first.requests()} == {granted: "refused", waiting: "refused"}
    second = await owning(web, shop, owner_name="新店主")
    assert second.camera_id == first.camera_id
    snapshot = f"/cameras/{first.camera_id}/snapshot"
    assert (await operator.get(snapshot)).status_code == 403, "the first owner's word is not the second one's"
    asked = await ask(operator, second.camera_id)
    assert (await first.grant(asked)).status_code == 409
    assert (await first.grant(waiting)).status_code == 409
    assert (await second.grant(granted)).status_code == 404
    assert (await operator.get(snapshot)).status_code == 403
    assert (await second.grant(asked)).status_code == 200
    assert (await operator.get(snapshot)).json()["error"]["code"] == "no_picture", "allowed; none is kept yet"


async def test_an_owner_who_left_reads_nothing_of_the_next_owners_time(web: Web, shop: PretendDevice) -> None:
    operator = await web.signed_in(Role.OPERATOR)
    first = await owning(web, shop, consent={"mode": "always", "radius_m": 50})
    snapshot = f"/cameras/{first.camera_id}/snapshot"
    put_still(web, CameraId(first.camera_id))
    await operator.get(snapshot)
    await first.leave()
    second = await owning(web, shop, owner_name="新店主")
    await operator.get(snapshot)
    await operator.get(snapshot)
    asked = await ask(operator, second.camera_id)
    told = (await first.client.get(f"{first.path}/mine")).json()
    assert (told["status"], told["looks_total"], told["open_requests"]) == ("withdrawn", 1, 0)
    assert (told["consent"]["mode"], told["consent"]["withdrawn_at"] is None) == ("always", False)
    assert told["sentence_en"] == "Nobody sees your camera: you have left."
    assert (await first.client.get(f"{first.path}/looks")).json()["total"] == 1
    assert await first.requests() == []
    theirs = (await second.client.get(f"{second.path}/mine")).json()
    assert (theirs["consent"]["mode"], theirs["looks_total"], theirs["open_requests"]) == ("on_request", 2, 1)
    assert [one["id"] for one in await second.requests()] == [asked]
