"""Plans over HTTP: planners ask and apply, staff look, nobody else does either; what is asked wrongly is refused."""

from typing import Any

import httpx

from tests.builders.web import SQUARE, Web
from vms.access.roles import Role
from vms.planning.catalogue import SiteKind
from vms.store import plans
from vms.store.plans import StoredPlanCamera


def square(side_deg: float = 0.002) -> dict[str, Any]:
    west, south = SQUARE.lon, SQUARE.lat
    ring = [[west, south], [west + side_deg, south], [west + side_deg, south + side_deg], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def wish(**changes: Any) -> dict[str, Any]:
    return {"name": "补点", "area": square(), "budget": 5.0, **changes}


def finish(web: Web, plan_id: int) -> None:
    """As the jobs process would."""
    about = {
        "site": 1,
        "kind": SiteKind.CORNER.value,
        "label": "",
        "type": "wide",
        "share": 0.5,
        "spent": 1.8,
        "road_m": 40.0,
        "places": [],
        "roads": ["人民路"],
        "gap_ids": [],
    }
    camera = StoredPlanCamera(
        number=1, lon=SQUARE.lon, lat=SQUARE.lat, bearing_deg=90.0, cost=1.8, gain=40.0, about=about
    )
    result = {
        **dict.fromkeys(("share_before", "share_after", "share_bound", "guarantee", "of_bound"), 0.5),
        **dict.fromkeys(("spots", "sites", "candidates", "refused", "cameras"), 1),
        **{name: [] for name in ("refused_areas", "turns", "moves", "onlookers")},
        "proven": False,
        "proof_gap": None,
        "cost": 1.8,
        "worth_total": 80.0,
    }
    now = web.clock()
    with web.database.writing() as tx:
        plans.begin(tx, plan_id, runner="test", now=now)
        assert plans.finish(tx, plan_id, "test", result, [camera], now)


async def asked(client: httpx.AsyncClient, **changes: Any) -> httpx.Response:
    return await client.post("/coverage/plans", json=wish(**changes))


async def test_a_planner_asks_applies_and_exports_and_operators_only_look(web: Web) -> None:
    planner, operator = await web.signed_in(Role.PLANNER), await web.signed_in(Role.OPERATOR)
    assert (await asked(operator)).status_code == 403
    plan = (await asked(planner)).json()
    assert (plan["state"], plan["budget"], plan["cost"]) == ("waiting", 5.0, None)
    early = await planner.post(f"/coverage/plans/{plan['id']}/apply", json={})
    assert (early.status_code, early.json()["error"]["code"]) == (409, "plan_not_done")

    finish(web, plan["id"])
    found = (await operator.get(f"/coverage/plans/{plan['id']}")).json()
    assert found["plan"]["state"] == "done" and found["cameras"][0]["roads"] == ["人民路"]
    assert (await operator.post(f"/coverage/plans/{plan['id']}/apply", json={})).status_code == 403
    for made in (1, 0):
        applied = (await planner.post(f"/coverage/plans/{plan['id']}/apply", json={})).json()
        assert applied["made"] == made and len(applied["camera_ids"]) == 1
    geojson = await operator.get(f"/coverage/plans/{plan['id']}/export")
    assert len(geojson.json()["features"]) == 2
    sheet = await operator.get(f"/coverage/plans/{plan['id']}/export", params={"format": "xlsx"})
    assert sheet.content.startswith(b"PK") and "attachment" in sheet.headers["content-disposition"]
    other = (await asked(planner, name="加强", budget=9)).json()
    finish(web, other["id"])
    compared = (await operator.get(f"/coverage/plans/{plan['id']}/compare", params={"other": other["id"]})).json()
    assert compared["both"] == [{"first": 1, "second": 1}] and compared["same_area"]
    assert (await planner.delete(f"/coverage/plans/{plan['id']}")).status_code == 409
    assert (await planner.delete(f"/coverage/plans/{other['id']}")).status_code == 204
    assert [one["name"] for one in (await operator.get("/coverage/plans")).json()["items"]] == ["补点"]


async def test_what_is_asked_wrongly_is_refused_with_the_place(web: Web) -> None:
    planner = await web.signed_in(Role.PLANNER)
    crossed = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}
    for changes, status, where in (
        ({"area": crossed}, 400, "area"),
        ({"area": {"type": "Point", "coordinates": [1, 1]}}, 400, "area"),
        ({"budget": 0}, 422, "budget"),
        ({"types": []}, 400, "types"),
        ({"types": [{"name": "a"}, {"name": "a"}]}, 400, "types"),
        ({"site_cost": {"moon": 1}}, 422, "site_cost"),
        ({"prove_s": 100_000}, 422, "prove_s"),
    ):
        answer = await asked(planner, **changes)
        assert answer.status_code == status, answer.text
        assert answer.json()["error"]["where"].startswith(where)
    assert (await planner.get("/coverage/plans")).json()["total"] == 0


async def test_a_plan_that_waits_is_given_up_once(web: Web) -> None:
    planner = await web.signed_in(Role.PLANNER)
    plan = (await asked(planner)).json()
    cancelled = (await planner.post(f"/coverage/plans/{plan['id']}/cancel")).json()
    assert cancelled["state"] == "cancelled"
    assert (await planner.post(f"/coverage/plans/{plan['id']}/cancel")).status_code == 409
    assert (await planner.get("/coverage/plans/999")).status_code == 404


async def test_private_areas_need_a_reason_and_are_listed_to_staff(web: Web) -> None:
    planner, operator = await web.signed_in(Role.PLANNER), await web.signed_in(Role.OPERATOR)
    without = await planner.post("/coverage/private-areas", json={"areas": square()})
    assert (without.status_code, without.json()["error"]["where"]) == (400, "feature 0")
    body = {"areas": square(), "reason": "卧室窗户"}
    assert (await operator.post("/coverage/private-areas", json=body)).status_code == 403
    for added in (1, 0):
        assert (await planner.post("/coverage/private-areas", json=body)).json()["added"] == added
    (area,) = (await operator.get("/coverage/private-areas")).json()["items"]
    assert (area["reason"], area["added_by"]) == ("卧室窗户", "planner")
    assert (await planner.delete(f"/coverage/private-areas/{area['id']}")).status_code == 204
    assert (await planner.delete(f"/coverage/private-areas/{area['id']}")).status_code == 404
    types = (await operator.get("/coverage/camera-types")).json()
    assert {one["name"] for one in types["types"]} == {"wide", "long", "panorama", "two_way"}
