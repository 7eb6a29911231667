"""Server-sent events: in order, resumed where they broke off, and only what a person may know."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx

from tests.builders.web import Web, put_camera
from vms.access.consent import Consent, ConsentMode
from vms.access.roles import Role
from vms.inventory.camera import LifeCycle
from vms.inventory.tier import Tier
from vms.store import consents, events, owners


async def pieces(answer: httpx.Response) -> AsyncIterator[dict[str, Any]]:
    """Each event as `id`, `event`, `data`."""
    piece: dict[str, Any] = {}
    async for line in answer.aiter_lines():
        if not line:
            if "event" in piece:
                yield piece
            piece = {}
            continue
        name, _, value = line.partition(": ")
        piece[name] = json.loads(value) if name == "data" else value


class Ear:
    """Listens until it has heard what the test waits for."""

    def __init__(self, answer: httpx.Response) -> None:
        self._pieces = pieces(answer)

    async def hear(self, kind: str) -> list[dict[str, Any]]:
        """Everything up to and with the first event of that kind."""
        heard = []
        async with asyncio.timeout(10):
            async for piece in self._pieces:
                heard.append(piece)
                if piece["event"] == kind:
                    return heard
        raise AssertionError(f"the stream ended without {kind}")


def tell(web: Web, kind: str, subject: int | None = None, **content: Any) -> int:
    with web.database.writing() as tx:
        return events.append(tx, kind, subject, content, web.clock())


async def test_an_incident_is_heard_at_once(web: Web) -> None:
    operator = await web.signed_in(Role.OPERATOR)
    async with operator.stream("GET", "/events") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        ear = Ear(answer)
        await ear.hear("hello")
        opened = await operator.post("/incidents", json={"lon": 113.62, "lat": 34.75, "category": "fire"})
        heard = (await ear.hear("incident.opened"))[-1]
    assert heard["data"]["subject"] == opened.json()["id"]
    assert heard["data"]["content"]["category"] == "fire"
    assert int(heard["id"]) == heard["data"]["id"]


async def test_a_broken_stream_goes_on_behind_the_last_event_heard(web: Web) -> None:
    admin = await web.signed_in()
    first = tell(web, "coverage.measured", number=1)
    tell(web, "coverage.measured", number=2)
    tell(web, "coverage.measured", number=3)
    last = tell(web, "coverage.done")
    await until_read(web, last)
    async with admin.stream("GET", "/events", headers={"Last-Event-ID": str(first)}) as answer:
        heard = await Ear(answer).hear("coverage.done")
    assert [one["data"]["content"].get("number") for one in heard[1:]] == [2, 3, None]
    async with admin.stream("GET", "/events", params={"last_event_id": 0}) as answer:
        assert len(await Ear(answer).hear("coverage.done")) > 4


async def test_an_operator_hears_nothing_of_cameras_that_nobody_approved(web: Web) -> None:
    operator, maintainer = await web.signed_in(Role.OPERATOR), await web.signed_in(Role.MAINTAINER)
    pending = put_camera(web, life_cycle=LifeCycle.PENDING)
    known = put_camera(web)
    end = tell(web, "incident.status")
    await until_read(web, end)
    heard = {}
    for role, client in (("operator", operator), ("maintainer", maintainer)):
        async with client.stream("GET", "/events", params={"last_event_id": 0}) as answer:
            heard[role] = {(one["data"].get("subject")) for one in await Ear(answer).hear("incident.status")}
    assert pending in heard["maintainer"]
    assert pending not in heard["operator"]
    assert known in heard["operator"]


async def test_each_role_hears_its_own(web: Web) -> None:
    with web.database.writing() as tx:
        shop = owners.ensure(tx, "街角小店", Tier.UNIT, web.clock())
    clients = {
        role: await web.signed_in(role, owner_id=shop if role is Role.OWNER else None)
        for role in (Role.ADMIN, Role.REVIEWER, Role.PLANNER, Role.OWNER)
    }
    camera_id = put_camera(web, tier=Tier.UNIT, owner_id=shop)
    with web.database.writing() as tx:
        consents.put(
            tx, Consent(camera_id=camera_id, mode=ConsentMode.ALWAYS, radius_m=100, given_at=web.clock()), web.clock()
        )
    tell(web, "registration.submitted", 1)
    tell(web, "access.asked", camera_id, user_id=999)
    tell(web, "settings.changed", key="x")
    end = tell(web, "map.end")
    await until_read(web, end)
    heard: dict[Role, set[str]] = {}
    for role, client in clients.items():
        async with client.stream("GET", "/events", params={"last_event_id": 0}) as answer:
            heard[role] = {one["event"] for one in await Ear(answer).hear("map.end")} - {"hello", "map.end"}
    assert heard[Role.OWNER] == {"camera.added", "camera.changed", "consent.changed", "access.asked"}
    assert "registration.submitted" in heard[Role.REVIEWER]
    assert not {"registration.submitted", "access.asked", "consent.changed"} & heard[Role.PLANNER]
    assert {"settings.changed", "sign_in.opened", "access.asked", "user.added"} <= heard[Role.ADMIN]
    assert not any(
        kind.startswith(("sign_in.", "user.")) for role in heard if role is not Role.ADMIN for kind in heard[role]
    )


async def test_who_signs_out_hears_no_more(web: Web) -> None:
    operator = await web.signed_in(Role.OPERATOR)
    async with operator.stream("GET", "/events") as answer:
        ear = Ear(answer)
        await ear.hear("hello")
        await operator.delete("/session")
        assert (await ear.hear("signed_out"))[-1]["event"] == "signed_out"


async def until_read(web: Web, event_id: int) -> None:
    async with asyncio.timeout(5):
        while web.app.state.news.latest_id < event_id:  # noqa: ASYNC110 - the follower tells no test
            await asyncio.sleep(0.01)
