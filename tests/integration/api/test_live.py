"""Live pictures over the WebSocket, from the pretend city through the real gateway."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus

from tests.builders.live_viewer import a_viewer
from tests.builders.web import SQUARE, Web, probe, put_camera, running_web
from vms.access.roles import Role
from vms.core.geo import LocalFrame
from vms.core.ids import CameraId
from vms.inventory.camera import Camera, Stream, StreamRole
from vms.inventory.stream_roles import assign_roles
from vms.media.login import Login
from vms.media.still import fetch_still
from vms.sim.city import City, running_city
from vms.sim.faults import Fault
from vms.sim.plan import plan_city
from vms.store import looks
from vms.store.credentials import StoredLogin
from vms.store.database import Database

_blocks = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Street:
    """One pretend camera and how to sign in to it."""

    city: City
    address: str
    port: int
    username: str
    password: str


@pytest.fixture
async def street() -> AsyncIterator[Street]:
    plan = plan_city(1, first_address=f"127.24.{next(_blocks)}.1", personalities=False)
    device = plan.devices[0]
    async with running_city(plan) as city:
        yield Street(city, device.address, device.onvif_port, device.username, device.password)


async def hang(web: Web, street: Street) -> CameraId:
    """The pretend camera as a government camera in the inventory, streams as it tells them."""
    login = StoredLogin(
        credential_id=1,  # type: ignore[arg-type]
        username=street.username,
        password=street.password,
        version=1,
    )
    observed = await probe(street.address, street.port, login)
    streams = assign_roles(observed.channels[0].streams)
    return put_camera(web, address=street.address, streams=streams, login=(street.username, street.password))


async def register(web: Web, street: Street, mode: str, radius_m: float = 150) -> dict[str, Any]:
    submitted = await web.client().post(
        "/registrations",
        json={
            "owner_name": "街角小店",
            "tier": "unit",
            "contact": "13800001234",
            "camera_name": "小店门口",
            "lon": SQUARE.lon,
            "lat": SQUARE.lat,
            "bearing_deg": 90,
            "address": street.address,
            "port": street.port,
            "username": street.username,
            "password": street.password,
            "consent": {"mode": mode, "radius_m": radius_m},
        },
    )
    assert submitted.status_code == 201, submitted.text
    found: dict[str, Any] = submitted.json()
    return found


async def approve(web: Web, registration_id: int) -> CameraId:
    reviewer = await web.signed_in(Role.REVIEWER)
    decided = await reviewer.post(f"/registrations/{registration_id}/decision", json={"decision": "approve"})
    assert decided.status_code == 200, decided.text
    return CameraId(decided.json()["camera_id"])


async def incident_at(operator: Any, away_m: float) -> int:
    spot = LocalFrame(SQUARE).to_wgs84(away_m, 0.0)
    opened = await operator.post("/incidents", json={"lon": spot.lon, "lat": spot.lat, "category": "theft"})
    return int(opened.json()["id"])


async def token_of(web: Web, name: str) -> str:
    return str((await web.sign_in(name))["token"])


async def test_a_camera_plays_and_the_look_is_logged_from_first_to_last(web: Web, street: Street) -> None:
    camera_id = await hang(web, street)
    token = await token_of(web, "admin")
    async with a_viewer(web, f"/api/v1/live/{camera_id}?role=sub", token) as viewer:
        init = await viewer.until_it_plays()
        assert init["codec"].startswith("avc1.")
        assert (init["width"], init["height"]) == (640, 360)
        with web.database.reading() as tx:
            entry = looks.of_camera(tx, camera_id).items[0]
        assert (entry.look.kind, entry.look.user_name, entry.look.allowed) == ("live", "admin", True)
        assert entry.ended_at is None
    await until(lambda: look_ended(web, camera_id))


async def test_who_is_not_signed_in_is_told_so_and_sees_nothing(web: Web, street: Street) -> None:
    camera_id = await hang(web, street)
    async with a_viewer(web, f"/api/v1/live/{camera_id}", None) as viewer:
        assert await viewer.until_it_ends() == (4401, "not_signed_in")
        assert viewer.bytes == 0
    async with a_viewer(web, f"/api/v1/live/{camera_id}?token=wrong", None) as viewer:
        assert await viewer.until_it_ends() == (4401, "not_signed_in")


async def test_another_sites_page_is_turned_away_before_the_socket_opens(web: Web, street: Street) -> None:
    camera_id = await hang(web, street)
    token = await token_of(web, "admin")
    with pytest.raises(InvalidStatus) as refused:
        async with a_viewer(web, f"/api/v1/live/{camera_id}?token={token}", None, Origin="https://evil.example"):
            pass
    assert refused.value.response.status_code == 403


async def test_a_maintainer_and_a_stranger_camera_are_refused_with_the_reason(web: Web, street: Street) -> None:
    camera_id = await hang(web, street)
    await web.signed_in(Role.MAINTAINER)
    token = await token_of(web, "maintainer")
    async with a_viewer(web, f"/api/v1/live/{camera_id}", token) as viewer:
        assert await viewer.until_it_ends() == (4403, "maintenance_stills_only")
    async with a_viewer(web, "/api/v1/live/9999", token) as viewer:
        assert await viewer.until_it_ends() == (4404, "not_found")
    async with a_viewer(web, f"/api/v1/live/{camera_id}?incidnet=1", token) as viewer:
        assert (await viewer.until_it_ends())[1] == "bad_input"
        assert viewer.told[-1]["sentence_en"].endswith("did you mean incident?")


async def test_a_shop_camera_plays_only_near_an_open_incident_and_stops_when_the_owner_leaves(
    web: Web, street: Street
) -> None:
    opened = await register(web, street, "near_incident", radius_m=120)
    operator = await web.signed_in(Role.OPERATOR)
    near, far = await incident_at(operator, 100), await incident_at(operator, 140)
    assert (await operator.get("/cameras")).json()["total"] == 0
    assert (await operator.get(f"/incidents/{near}/feeds")).json()["feeds"] == []

    camera_id = await approve(web, opened["id"])
    token = await token_of(web, "operator")
    for path, because in ((f"?incident={far}", "too_far"), ("", "no_incident")):
        async with a_viewer(web, f"/api/v1/live/{camera_id}{path}", token) as viewer:
            assert await viewer.until_it_ends() == (4403, because)
    feed = (await operator.get(f"/incidents/{near}/feeds")).json()["feeds"][0]
    assert (feed["camera_id"], feed["access"]["decision"]) == (camera_id, "allowed")

    owner = web.client()
    owner.headers["X-Access-Key"] = opened["access_key"]
    async with a_viewer(web, feed["live"]["url"], token) as viewer:
        await viewer.until_it_plays()
        left = await owner.post(f"/registrations/{opened['id']}/consent", json={"withdraw": True})
        assert left.json()["status"] == "withdrawn"
        assert await viewer.until_it_ends(within_s=3.0) == (4403, "withdrawn")
    assert (await operator.get("/cameras")).json()["total"] == 0
    seen = (await owner.get(f"/registrations/{opened['id']}/looks")).json()
    assert seen["chain_ok"]
    assert [row["allowed"] for row in seen["items"]] == [True, False, False]
    with web.database.reading() as tx:
        assert looks.verify_chain(tx).broken_at is None


async def test_pictures_stop_when_the_incident_is_closed(web: Web, street: Street) -> None:
    opened = await register(web, street, "near_incident")
    camera_id = await approve(web, opened["id"])
    operator = await web.signed_in(Role.OPERATOR)
    incident_id = await incident_at(operator, 10)
    token = await token_of(web, "operator")
    async with a_viewer(web, f"/api/v1/live/{camera_id}?incident={incident_id}", token) as viewer:
        await viewer.until_it_plays()
        await operator.post(f"/incidents/{incident_id}/status", json={"status": "closed"})
        assert await viewer.until_it_ends(within_s=3.0) == (4403, "incident_closed")


async def test_on_request_the_owner_says_yes_for_a_while_and_may_take_it_back(web: Web, street: Street) -> None:
    opened = await register(web, street, "on_request")
    camera_id = await approve(web, opened["id"])
    operator = await web.signed_in(Role.OPERATOR)
    owner = web.client()
    owner.headers["X-Access-Key"] = opened["access_key"]
    requests = f"/registrations/{opened['id']}/access-requests"
    token = await token_of(web, "operator")
    async with a_viewer(web, f"/api/v1/live/{camera_id}", token) as viewer:
        assert await viewer.until_it_ends() == (4403, "ask_owner")

    asked = await operator.post(f"/cameras/{camera_id}/access-requests", json={"purpose": "寻人"})
    assert asked.status_code == 201, asked.text
    waiting = (await owner.get(requests)).json()["items"]
    assert [(row["who"], row["purpose"], row["state"]) for row in waiting] == [("operator", "寻人", "open")]
    answer = f"{requests}/{waiting[0]['id']}/decision"
    assert (await owner.post(answer, json={"grant": True, "minutes": 30})).json()["state"] == "granted"
    async with a_viewer(web, f"/api/v1/live/{camera_id}", token) as viewer:
        await viewer.until_it_plays()
        assert (await owner.post(answer, json={"grant": False})).json()["state"] == "refused"
        assert await viewer.until_it_ends(within_s=3.0) == (4403, "ask_owner")


async def test_pictures_stop_when_the_person_signs_out(web: Web, street: Street) -> None:
    camera_id = await hang(web, street)
    await web.signed_in(Role.OPERATOR)
    token = await token_of(web, "operator")
    async with a_viewer(web, f"/api/v1/live/{camera_id}", token) as viewer:
        await viewer.until_it_plays()
        await web.client(token).delete("/session")
        assert await viewer.until_it_ends(within_s=3.0) == (4403, "signed_out")


async def test_a_pause_stops_pictures_and_its_end_brings_them_back(web: Web, street: Street) -> None:
    opened = await register(web, street, "always")
    camera_id = await approve(web, opened["id"])
    await web.signed_in(Role.OPERATOR)
    token = await token_of(web, "operator")
    owner = web.client()
    owner.headers["X-Access-Key"] = opened["access_key"]
    consent = f"/registrations/{opened['id']}/consent"
    async with a_viewer(web, f"/api/v1/live/{camera_id}", token) as viewer:
        await viewer.until_it_plays()
        until_then = (web.clock() + timedelta(hours=2)).isoformat()
        assert (await owner.post(consent, json={"paused_until": until_then})).status_code == 200
        assert await viewer.until_it_ends(within_s=3.0) == (4403, "paused")
    assert "Paused" in (await owner.get(f"/registrations/{opened['id']}/mine")).json()["sentence_en"]
    await owner.post(consent, json={"paused_until": None})
    async with a_viewer(web, f"/api/v1/live/{camera_id}", token) as viewer:
        await viewer.until_it_plays()


async def test_a_fresh_snapshot_is_fetched_from_the_camera_and_logged_as_such(
    sqlite_database: Database, tmp_path: Path, street: Street
) -> None:
    async def fetch(camera: Camera, login: StoredLogin | None) -> bytes:
        assert camera.snapshot_uri and login
        return (await fetch_still(camera.snapshot_uri, Login(login.username, login.password))).jpeg

    async with running_web(sqlite_database, tmp_path, fetch_still=fetch) as web:
        opened = await register(web, street, "always")
        camera_id = await approve(web, opened["id"])
        operator = await web.signed_in(Role.OPERATOR)
        answer = await operator.get(f"/cameras/{camera_id}/snapshot", params={"fresh": True})
        assert answer.content.startswith(b"\xff\xd8")
        assert answer.headers["age"] == "0"
        await street.city.set_fault(street.address, Fault.OFF, True)
        away = await operator.get(f"/cameras/{camera_id}/snapshot", params={"fresh": True})
        assert (away.status_code, away.json()["error"]["code"]) == (502, "unreachable")
        with web.database.reading() as tx:
            kinds = [entry.look.kind for entry in looks.of_camera(tx, camera_id).items]
        assert kinds == ["snapshot"], "the picture that never came was seen by nobody"


async def test_a_camera_that_was_asleep_is_asked_for_a_key_frame(
    sqlite_database: Database, tmp_path: Path, street: Street
) -> None:
    called = asyncio.Event()

    async def ask(camera: Camera, stream: Stream, login: StoredLogin | None) -> None:
        assert stream.role is StreamRole.SUB
        called.set()

    async with running_web(sqlite_database, tmp_path, ask_for_key_frame=ask) as web:
        camera_id = await hang(web, street)
        async with a_viewer(web, f"/api/v1/live/{camera_id}", await token_of(web, "admin")) as viewer:
            await viewer.until_it_plays()
            async with asyncio.timeout(5):
                await called.wait()


def look_ended(web: Web, camera_id: int) -> bool:
    with web.database.reading() as tx:
        return looks.of_camera(tx, camera_id).items[0].ended_at is not None


async def until(happened: Any, within_s: float = 5.0) -> None:
    async with asyncio.timeout(within_s):
        while not happened():  # noqa: ASYNC110 - the store tells nobody
            await asyncio.sleep(0.02)
