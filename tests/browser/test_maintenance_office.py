"""The office's screens of maintenance: orders, the assessment, outages and notices, in Chinese on a small monitor."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.builders.console import Console, Visit
from tests.builders.maintained_town import BEHIND_SWITCH, DAYS, FIRM, OTHER_FIRM, SWITCH

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
SCREENSHOTS = Path(__file__).parent / "screenshots"
FITS = "document.documentElement.scrollWidth <= innerWidth"


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
    expect(page.locator(".drawer [data-figure=recording_integrity]")).to_contain_text("考核期内没有可判定的录像")
    page.click("[data-deed=into]")
    expect(page.locator(".region-path")).to_contain_text("二七区")
    expect(page.locator("tr[data-group='410105']")).to_have_count(0)
    page.click(".assessment .chip:has-text('维保单位')")
    expect(page.locator("tr[data-group] .link").first).to_have_text(FIRM)
    printed = page.get_attribute("[data-deed=print]", "href") or ""
    assert "by=maintainer" in printed and "region=410103" in printed
    assert "计算方法" in page.request.get(page.url.partition("/#")[0] + printed).text()


def test_the_wall_counts_the_town_and_its_numbers_open_what_they_count(
    town: Console, visit_office: Callable[..., Visit]
) -> None:
    board = town.get("/health/board")
    page = visit_office("#/wall").page
    expect(page.locator(".region-path")).to_contain_text("郑州市")
    expect(page.locator("[data-tile=orders] b")).to_have_text(str(board["all"]["orders_open"]))
    expect(page.locator("[data-number=down] b")).to_have_text(str(board["all"]["down"]))
    page.keyboard.press("f")
    expect(page.locator(".rail")).to_be_hidden()
    page.screenshot(path=SCREENSHOTS / "wall.png")
    page.keyboard.press("f")
    expect(page.locator(".rail")).to_be_visible()
    county = next(row for row in board["rows"] if row["key"] == "410105")
    page.locator("tr[data-row='410105'] td:nth-child(7) a").click()
    expect(page.locator(".inventory h2 b")).to_have_text(str(county["down"]))
    page = visit_office("#/wall?by=maintainer").page
    firm = page.locator("tr[data-row]", has_text=FIRM)
    expect(firm.locator("a[href^='#/outages'], a[href^='#/recordings']")).to_have_count(0)
    down = firm.locator("td:nth-child(7) a")
    expect(down).to_have_attribute("href", re.compile("inventory.*maintainer="))
    count = down.inner_text()
    down.click()
    expect(page.locator(".inventory h2 b")).to_have_text(count)
    expect(page.locator(".inventory select[name=maintainer] option:checked")).to_have_text(FIRM)


def test_faults_are_under_their_outage_and_judged_with_the_keyboard(
    town: Console, visit_office: Callable[..., Visit]
) -> None:
    page = visit_office("#/maintenance?sort=kind").page
    alone = page.locator(".fault-list tr[data-fault]")
    expect(alone).to_have_count(5)
    folded = page.locator("tr.is-folded")
    expect(folded).to_contain_text(SWITCH)
    folded.locator("button").click()
    expect(alone).to_have_count(5 + BEHIND_SWITCH)
    under = page.locator("tr.is-child [data-verdict=true]").first
    under.click()
    expect(under).to_have_attribute("aria-pressed", "true")
    folded.locator("button").click()
    expect(alone).to_have_count(5)
    blurred = page.locator("tr[data-fault=blur]")
    camera = blurred.first.get_attribute("data-camera")
    page.keyboard.press("j")
    expect(page.locator("tr.is-cursor")).to_have_attribute("data-camera", str(camera))
    page.screenshot(path=SCREENSHOTS / "faults.png")
    page.keyboard.press("Enter")
    expect(page.locator(".camera-head h2")).to_be_visible()
    page.go_back()
    expect(alone).to_have_count(5)
    page.keyboard.press("j")
    page.keyboard.press("a")
    expect(page.locator(".chosen-bar input")).to_be_focused()  # what is to stay so needs a word why
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    for row in range(2):
        blurred.nth(row).locator("input[type=checkbox]").check()
    page.fill(".chosen-bar input", "画面正常")
    page.click(".chosen-bar [data-verdict=false]")
    expect(blurred).to_have_count(0)
    page.locator("tr[data-fault=unreachable] input[type=checkbox]").first.check()
    expect(page.locator(".chosen-bar [data-verdict=false]")).to_be_visible()
    expect(page.locator("[data-verdict=accepted]")).to_have_count(0)  # only what is seen in a picture may stay so
    assert page.evaluate(FITS)
    assert town.get("/faults", kind="blur")["total"] == 0


def test_a_cameras_days_are_walked_by_keyboard_and_one_opens_by_the_hour(
    town: Console, visit_office: Callable[..., Visit]
) -> None:
    fault = town.get("/faults", fold=True)["folded"][0]
    camera = town.get("/faults", outage_id=fault["outage_id"])["items"][0]["camera_id"]
    page = visit_office(f"#/camera/{camera}?tab=history").page
    days = page.locator(".heat-day")
    expect(days).to_have_count(90)
    days.last.focus()
    expect(page.locator(".heat-said")).to_contain_text("网络不通")
    page.keyboard.press("Home")
    expect(days.first).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    expect(page.locator(".history-day .is-critical").first).to_be_visible()
    page.click("[aria-pressed=false]:has-text('30 天')")
    expect(days).to_have_count(30)
    page.click(".heat-table summary")
    expect(page.locator(".heat-table tbody tr")).to_have_count(30)
    assert page.evaluate(FITS)
    page.screenshot(path=SCREENSHOTS / "calendar.png")


def test_what_our_looking_costs_a_device_is_shown_by_day_and_reason(
    town: Console, visit_office: Callable[..., Visit]
) -> None:
    (asked,) = town.get("/cameras", q="建设街交叉口 1 号", limit=1)["items"]
    page = visit_office(f"#/camera/{asked['id']}?tab=device").page
    expect(page.locator(".cost-bars .cost-diagnosis")).to_have_count(DAYS)
    expect(page.locator(".cost-bars .is-refused")).to_have_count(1)
    page.click(".costs .heat-table summary")
    expect(page.locator(".costs tbody tr")).to_have_count(30)
    expect(page.locator(".costs tbody tr").nth(1)).to_contain_text("1,590")
    expect(page.locator(".costs")).to_contain_text("登录限额的")
    assert page.evaluate(FITS)


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


def test_nobody_is_disabled_by_one_press_and_a_drawer_keeps_the_keyboard(
    town: Console, visit_office: Callable[..., Visit]
) -> None:
    town.post("/users", {"name": "leaving", "password": "a-password-of-one-who-leaves", "role": "planner"})
    one = visit_office("#/settings")
    page = one.page
    leaving = page.locator("tr", has_text="leaving")
    disable = leaving.locator("[data-deed=disable]")
    disable.click()
    expect(disable).to_contain_text("确定停用")
    page.keyboard.press("Escape")
    expect(disable).to_have_text("停用")
    disable.click()
    disable.click()
    expect(leaving.locator("[data-deed=enable]")).to_be_visible()
    one.go("#/orders?sort=number")
    page.locator("tr[data-order] th a").first.click()
    expect(page.locator(".drawer .stages")).to_be_visible()
    page.locator(".drawer [data-deed=print]").focus()
    page.keyboard.press("Tab")
    expect(page.locator(".drawer > header button")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.locator(".drawer [data-deed=print]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".drawer")).to_have_count(0)
