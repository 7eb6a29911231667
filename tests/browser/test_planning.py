"""The planner draws an area, has it planned, reads the curve and the cameras, and turns the plan into work."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.builders.console import Console, Visit, until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(360)]
SCREENSHOTS = Path(__file__).parent / "screenshots"
FITS = "document.documentElement.scrollWidth <= innerWidth"
WORKED_OUT_WITHIN_S = 200.0
CORNERS = ((800, 250), (1150, 250), (1150, 600), (800, 600))
FAR_OFF = "点位名称,建设类别,经度,纬度\n误录点位,政府,113.62,34.75\n"
"""A camera whose position was entered wrong: it lies a continent away from the town."""


@pytest.fixture
def strayed(console: Console) -> Console:
    """The town with a camera that lies where no map is, as other tests of the same town leave some."""
    console.api.post("/imports", params={"name": "far.csv"}, content=FAR_OFF.encode()).raise_for_status()

    def is_there() -> bool:
        features = console.get("/cameras.geojson")["features"]
        return any(feature["geometry"]["coordinates"][0] > 113.0 for feature in features)

    until("the far camera is on the map", is_there, 30.0)
    return console


def over_the_town(console: Console, one: Visit) -> bool:
    """The map has moved to where the town is, whatever lies elsewhere."""
    west, south, east, north = console.get("/map/base")["box"]
    centre = one.page.get_attribute(".map-canvas", "data-centre")
    lon, lat = (float(part) for part in (centre or "0,0").split(","))
    return bool(west < lon < east and south < lat < north)


def test_an_area_is_drawn_planned_and_turned_into_draft_records(strayed: Console, visit: Callable[..., Visit]) -> None:
    console, one = strayed, visit("#/plans")
    page = one.page
    page.wait_for_selector(".map canvas")
    page.click("[data-deed=new-plan]")
    expect(page.locator("[data-deed=ask-plan]")).to_be_disabled()
    one.wait_until("document.querySelectorAll('.state-loading').length === 0")
    until("the map is over the town", lambda: over_the_town(console, one), 60.0)
    for corner in CORNERS:
        page.mouse.click(*corner)
    expect(page.locator(".plan-drawing")).to_contain_text("4")
    page.fill("[name=name]", "北区补点")
    page.fill("[name=budget]", "4")
    page.uncheck("[name=type-panorama]")
    page.uncheck("[name=night-long]")
    assert page.evaluate(FITS)
    page.screenshot(path=SCREENSHOTS / "plan-new.png")
    page.click("[data-deed=ask-plan]")
    expect(page.locator(".plans-head h2")).to_have_text("北区补点")

    def worked_out() -> bool:
        plan = console.get("/coverage/plans", limit=1)["items"][0]
        assert plan["state"] in ("waiting", "running", "done"), plan["problem"]
        return bool(plan["state"] == "done")

    until("the plan is done", worked_out, WORKED_OUT_WITHIN_S)
    expect(page.locator(".gain-curve circle")).not_to_have_count(0)
    rows = page.locator(".plan-cameras tbody tr")
    expect(rows.first).to_have_attribute("data-number", "1")
    page.click(".plan-cameras th button:has-text('覆盖率')")
    page.click(".plan-cameras th button:has-text('覆盖率')")
    assert int(rows.first.get_attribute("data-number") or 0) == rows.count(), "the last one covers most"
    rows.first.click()
    expect(page.locator(".plan-cameras tr.is-chosen")).to_have_count(1)
    assert page.evaluate(FITS)
    page.screenshot(path=SCREENSHOTS / "plan.png")
    page.click("[data-deed=apply]")
    page.click("[data-deed=apply-sure]")
    expect(page.locator(".plan-deeds .note")).to_contain_text(str(rows.count()))
    expect(page.locator(".plan-cameras th small a")).to_have_count(rows.count())
    plan_id = console.get("/coverage/plans", limit=1)["items"][0]["id"]
    turns = console.get(f"/coverage/plans/{plan_id}")["result"]["turns"]
    assert turns and all(turn["order_id"] for turn in turns)
    expect(page.locator(".plan-lines [data-order]")).to_have_count(len(turns))
    page.screenshot(path=SCREENSHOTS / "plan-applied.png")
    assert console.get("/cameras", filter="life_cycle = draft")["total"] >= rows.count()
