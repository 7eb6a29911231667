"""The office's screens of maintenance: orders, the assessment, outages and notices, in Chinese on a small monitor."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import _visits, _web_over
from tests.builders.console import Console, Visit
from tests.builders.maintained_town import BEHIND_SWITCH, FIRM, OTHER_FIRM, SWITCH, fill
from tests.builders.web import ADMIN_PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
SCREENSHOTS = Path(__file__).parent / "screenshots"
WAIT_MS = 20_000
FITS = "document.documentElement.scrollWidth <= innerWidth"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    """With a user `wang` of the firm."""
    expect.set_options(timeout=WAIT_MS)
    with _web_over(tmp_path_factory.mktemp("office"), lambda database: fill(database, datetime.now(UTC))) as console:
        firm = next(each["id"] for each in console.get("/maintenance/maintainers")["items"] if each["name"] == FIRM)
        user = {"name": "wang", "password": ADMIN_PASSWORD, "role": "maintainer", "maintainer_id": firm}
        console.post("/users", user)
        yield console


@pytest.fixture
def visit_office(town: Console, browser: Browser) -> Iterator[Callable[..., Visit]]:
    with _visits(browser, town, ADMIN_PASSWORD) as open_one:
        yield open_one


@pytest.fixture
def visit_crew(town: Console, browser: Browser) -> Iterator[Callable[..., Visit]]:
    with httpx.Client(base_url=town.api.base_url) as api:
        token = api.post("/session", json={"username": "wang", "password": ADMIN_PASSWORD}).json()["token"]
        api.headers["Authorization"] = f"Bearer {token}"
        with _visits(browser, Console(url=town.url, api=api), ADMIN_PASSWORD) as open_one:
            yield open_one


def test_an_order_is_found_and_transferred_and_leaves_its_crews_list_by_itself(
    town: Console, visit_office: Callable[..., Visit], visit_crew: Callable[..., Visit]
) -> None:
    office = visit_office("#/orders?severity=critical&sort=number").page
    crew = visit_crew("#/orders").page
    expect(office.locator("tr[data-order]")).to_have_count(4)
    expect(crew.locator("tr[data-order]")).to_have_count(6)
    expect(crew.locator("a[href='crew.html']")).to_be_visible()
    first = office.locator("tr[data-order]").first
    expect(first).to_contain_text(f"{SWITCH} {BEHIND_SWITCH} 台摄像机")
    assert office.evaluate(FITS)
    office.screenshot(path=SCREENSHOTS / "orders.png")
    first.locator("th a").click()
    office.click("[data-action=transfer]")
    office.select_option("[name=maintainer_id]", label=OTHER_FIRM)
    office.fill(".drawer textarea[name=note]", "交由平安科技处理")
    office.click(".drawer [type=submit]")
    expect(office.locator(".order-head[data-state=transferred]")).to_be_visible()
    expect(office.locator("[data-step=transfer]")).to_contain_text(f"{OTHER_FIRM}交由平安科技处理")
    office.screenshot(path=SCREENSHOTS / "order.png")
    expect(crew.locator("tr[data-order]")).to_have_count(5)
    found = town.get(f"/work-orders/{first.get_attribute('data-order')}")
    assert (found["order"]["state"], found["order"]["maintainer"]) == ("transferred", OTHER_FIRM)
    assert (found["steps"][-1]["who"], found["steps"][-1]["note"]) == ("admin", "交由平安科技处理")


def test_the_assessment_ranks_districts_and_says_why_a_figure_is_missing(visit_office: Callable[..., Visit]) -> None:
    page = visit_office("#/assessment").page
    district = page.locator("tr[data-group='410103']")
    expect(district.locator("[data-figure=online_rate] .is-met")).to_contain_text("✓")
    expect(district.locator("[data-figure=archive_completeness] .is-missed")).to_contain_text("✕")
    expect(page.locator(".trend polyline")).not_to_have_count(0)
    expect(page.locator(".assessment-two [data-part=outage] b")).not_to_have_text("0.0 %")
    page.click("[data-deed=report]")
    expect(page.locator("tr[data-report]")).to_have_count(1)
    assert page.evaluate(FITS)
    page.screenshot(path=SCREENSHOTS / "assessment.png")
    district.locator(".link").click()
    expect(page.locator(".drawer [data-figure=recording_integrity]")).to_contain_text("考核期内没有检查录像")
    page.click("[data-deed=into]")
    expect(page.locator(".region-path")).to_contain_text("二七区")
    expect(page.locator("tr[data-group='410105']")).to_have_count(0)
    page.click(".assessment .chip:has-text('维保单位')")
    expect(page.locator("tr[data-group] .link").first).to_have_text(FIRM)
    printed = page.get_attribute("[data-deed=print]", "href") or ""
    assert "by=maintainer" in printed and "region=410103" in printed
    assert "计算方法" in page.request.get(page.url.partition("/#")[0] + printed).text()


def test_a_wrong_outage_falls_apart_and_a_notice_is_asked_for_and_withdrawn(visit_office: Callable[..., Visit]) -> None:
    page = visit_office("#/outages").page
    row = page.locator("tr[data-outage]")
    expect(row).to_contain_text("12 台设备中有 12 台在 50 秒内相继掉线")
    row.locator("th a").click()
    expect(page.locator(".drawer tr[data-camera]")).to_have_count(BEHIND_SWITCH)
    page.click("[data-verdict=wrong]")
    page.fill(".drawer textarea", "机柜有电，是各自的故障")
    page.screenshot(path=SCREENSHOTS / "outage.png")
    page.click(".drawer [type=submit]")
    expect(page.locator(".drawer .verdict.is-wrong")).to_be_visible()
    page.keyboard.press("Escape")
    page.click("[data-tab=notices]")
    page.click("[data-deed=ask]")
    page.select_option("[name=kind]", "power_cut")
    page.fill("[name=reason]", "变压器更换")
    page.select_option("[name=values]", "410105")
    page.click(".drawer [type=submit]")
    notice = page.locator("tr[data-notice]")
    expect(notice).to_contain_text("待审批")
    expect(notice).to_contain_text("金水区")
    expect(notice.locator("[data-deed=approve]")).to_have_count(0)
    notice.locator("[data-deed=withdraw]").click()
    notice.locator("[type=submit]").click()
    expect(notice).to_contain_text("已撤回")
    assert page.evaluate(FITS)
    page.screenshot(path=SCREENSHOTS / "notices.png")
