"""Characters that nobody sees are left out at every door through which a name comes in."""

import asyncio

import pytest

from tests.builders.web import SQUARE, Web, put_camera
from vms.access.roles import Role

WRITTEN, KEPT = "北\u202e门\u200b口\u2066", "北门口"


async def test_a_record_an_edit_and_a_draft_keep_what_is_seen(web: Web) -> None:
    camera = put_camera(web)
    keeper = await web.signed_in(Role.MAINTAINER)
    await keeper.patch(f"/cameras/{camera}/record", json={"changes": {"name": WRITTEN}, "why": f"校正{WRITTEN}"})
    change = (await keeper.get(f"/cameras/{camera}/changes")).json()["items"]
    assert {(one["after"], one["why"]) for one in change if one["field"] == "name"} == {(KEPT, f"校正{KEPT}")}
    question = {"ids": [camera], "changes": {"common_name": WRITTEN}}
    preview = (await keeper.post("/edits/preview", json=question)).json()
    assert preview["rows"][0]["after"]["common_name"] == KEPT
    draft = await keeper.post("/cameras", json={"fields": {"name": WRITTEN, "tier": "unit", "owner": f"{WRITTEN}店"}})
    kept = {one["about"]["name"]: one["value"] for one in draft.json()["fields"]}
    assert (kept["name"], kept["owner"]) == (KEPT, f"{KEPT}店")
    nothing = await keeper.patch(f"/cameras/{camera}/record", json={"changes": {"name": "\u202e\ufeff"}})
    assert (nothing.status_code, nothing.json()["error"]["where"]) == (400, "name")


async def test_a_registration_keeps_what_is_seen(web: Web) -> None:
    body = {
        "owner_name": f"街角{WRITTEN}", "tier": "unit", "contact": "13800001234", "camera_name": WRITTEN,
        "lon": SQUARE.lon, "lat": SQUARE.lat, "bearing_deg": 10, "address": "127.24.9.9", "port": 80,
        "consent": {"mode": "never"},
    }  # fmt: skip
    assert (await web.client().post("/registrations", json=body)).status_code == 201
    reviewer = await web.signed_in(Role.REVIEWER)
    (row,) = (await reviewer.get("/registrations")).json()["items"]
    assert (row["owner_name"], row["camera_name"]) == (f"街角{KEPT}", KEPT)
    nothing = await web.client().post("/registrations", json=body | {"camera_name": "\u202e\u200b"})
    assert nothing.status_code == 422
    assert "camera_name" in nothing.json()["error"]["where"]


async def test_a_list_keeps_what_is_seen(web: Web) -> None:
    keeper = await web.signed_in(Role.MAINTAINER)
    content = f"\ufeffname,tier,pole_code\n{WRITTEN},government,\u200bP-1\n".encode()
    opened = await keeper.post("/imports", params={"name": "a.csv"}, content=content)
    assert opened.status_code == 202, opened.text
    async with asyncio.timeout(20):
        while (await keeper.get(f"/imports/{opened.json()['id']}")).json()["state"] not in ("done", "failed"):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    (row,) = (await keeper.get("/cameras", params={"filter": "pole=P-1"})).json()["items"]
    assert row["name"] == KEPT


@pytest.mark.parametrize("query", [WRITTEN, KEPT])
async def test_a_search_looks_for_what_is_seen(web: Web, query: str) -> None:
    put_camera(web, name=KEPT)
    keeper = await web.signed_in(Role.MAINTAINER)
    assert (await keeper.get("/cameras", params={"q": query})).json()["total"] == 1
