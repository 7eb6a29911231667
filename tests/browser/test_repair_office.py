"""How repair is arranged, profiles of the assessment, many orders at once, and what hangs on what: as people do it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from tests.browser.conftest import _visits
from tests.builders.console import Console, Visit
from tests.builders.maintained_town import FIRM, OTHER_FIRM
from tests.builders.web import ADMIN_PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
SCREENSHOTS = Path(__file__).parent / "screenshots"
FITS = "document.documentElement.scrollWidth <= innerWidth"


@pytest.fixture(scope="module")
def page(town: Console, browser: Browser) -> Iterator[Page]:
    """One page of the administrator for all walks: opening one costs more than most of them."""
    with _visits(browser, town, ADMIN_PASSWORD) as open_one:
        yield open_one().page


def open_screen(page: Page, address: str) -> None:
    page.goto(f"{page.url.partition('#')[0]}#/{address}")


def save(page: Page) -> None:
    page.click("[data-deed=save]")
    expect(page.locator(".save-bar")).to_have_count(0)


def looked_at(page: Page, name: str) -> None:
    assert page.evaluate(FITS)
    page.screenshot(path=SCREENSHOTS / f"{name}.png")


def test_rules_are_put_in_order_and_tried_before_they_are_saved(
    town: Console, page: Page, visit_crew: Callable[..., Visit]
) -> None:
    open_screen(page, "repair?tab=rules")
    page.click("[data-deed=add]")
    page.select_option(".drawer [name=region]", "410105")
    page.select_option(".drawer [name=maintainer_id]", label=OTHER_FIRM)
    page.click(".drawer [type=submit]")
    expect(page.locator("tr[data-rule='1']")).to_contain_text("轮不到这条")
    page.fill(".try-out input[type=search]", "人民路与建设街交叉口 1 号")
    page.locator(".found-cameras button", has_text="交叉口 1 号").first.click()
    expect(page.locator(".try-answer")).to_contain_text(FIRM)
    page.locator("tr[data-rule='1'] .handle").focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator(".try-answer")).to_contain_text(OTHER_FIRM)
    expect(page.locator("tr[data-rule='0'][aria-current]")).to_contain_text(OTHER_FIRM)
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    page.once("dialog", stay)
    page.click("[data-tab=levels]")
    expect(page.locator("[data-tab=rules][aria-selected=true]")).to_be_visible()
    assert asked == ["还有没有保存的修改，确定离开吗？"]
    looked_at(page, "rules")
    save(page)
    rules = town.get("/maintenance/rules")["rules"]
    assert [(rule["region_code"], rule["maintainer"]) for rule in rules] == [("410105", OTHER_FIRM), ("", FIRM)]
    crew = visit_crew("#/repair").page
    expect(crew.locator("tr[data-firm]")).to_have_count(1)
    expect(crew.locator("[data-tab]")).to_have_count(3)
    expect(crew.locator("[data-deed=add]")).to_have_count(0)


def test_hours_and_holidays_are_drawn_and_a_level_runs_in_them(town: Console, page: Page) -> None:
    open_screen(page, "repair?tab=calendars")
    page.click("[data-deed=add]")
    page.fill("[name=name]", "机关工作时间")
    page.click(".inline-form [type=submit]")
    until = page.locator("[data-spans='0'] .time-input").nth(1)
    until.fill("1730")
    until.press("Tab")
    expect(until).to_have_value("17:30")
    page.click("[data-deed=as_monday]")
    first_of_month = page.locator("button.day").first
    day = first_of_month.get_attribute("data-day") or ""
    first_of_month.click()
    page.click("[data-day-is=holiday]")
    expect(page.locator(f"[data-day='{day}']")).to_contain_text("休")
    until.fill("08:00")
    until.press("Tab")
    expect(page.locator(".save-bar")).to_contain_text("结束应在开始之后")
    expect(page.locator("[data-deed=save]")).to_be_disabled()
    until.fill("1730")
    until.press("Tab")
    looked_at(page, "calendar")
    save(page)
    (made,) = town.get("/maintenance/calendars")["items"]
    assert (made["week"][4], made["days"]) == ([[540, 1050]], {day: []})
    page.click("[data-tab=levels]")
    page.locator("tr[data-level^='一般'] [data-deed=edit]").click()
    page.fill(".drawer [name=repair_s]", "2")
    expect(page.locator(".drawer [name=repair_s][aria-invalid=true]")).to_be_visible()
    page.fill(".drawer [name=repair_s]", "36.5")
    page.select_option(".drawer [name=calendar]", "机关工作时间")
    page.click(".drawer [type=submit]")
    expect(page.locator("tr[data-level^='一般']")).to_contain_text("36 小时 30 分钟")
    looked_at(page, "levels")
    save(page)
    usual = town.get("/maintenance/levels")["levels"][1]
    assert (usual["repair_s"], usual["calendar"]) == (131_400, "机关工作时间")


def test_a_profile_is_copied_weighed_and_its_ranking_looked_at_first(town: Console, page: Page) -> None:
    open_screen(page, "assessment?view=profiles")
    page.click("[data-deed=copy]")
    page.fill("[name=name]", "本市方案")
    page.click(".inline-form [type=submit]")
    page.fill("tr[data-figure=intact_rate] [name=weight]", "60")
    expect(page.locator("[data-weight-sum]")).to_have_text("140")
    page.fill("tr[data-figure=online_rate] [name=target]", "")
    expect(page.locator("tr[data-figure=online_rate]")).to_contain_text("计分的指标要有目标")
    page.fill("tr[data-figure=online_rate] [name=target]", "99.9")
    page.click(".rank-change .chip:has-text('本月至今')")
    page.click("[data-deed=compare]")
    expect(page.locator("[data-compared='total']")).to_contain_text("在线率")
    page.locator(".rank-change").scroll_into_view_if_needed()
    looked_at(page, "profile")
    save(page)
    stored = next(each for each in town.get("/assessment/profiles")["items"] if each["name"] == "本市方案")
    assert stored["aims"]["online_rate"] == {"target": pytest.approx(0.999), "weight": 20.0}
    open_screen(page, "assessment")
    page.locator("tr[data-group='410103'] [data-figure=online_rate] button").click()
    told = page.locator(".drawer tr[data-figure=online_rate][aria-current]")
    expect(told).to_contain_text("在线秒数 ÷ 纳入考核的秒数")
    expect(told.locator("a")).to_have_attribute("href", "#/inventory?region=410103")


def test_orders_are_opened_by_hand_given_away_together_and_printed(town: Console, page: Page) -> None:
    camera = town.get("/cameras", q="交叉口 40 号", limit=1)["items"][0]["id"]
    open_screen(page, f"camera/{camera}")
    page.click("[data-deed=open_order]")
    page.fill(".drawer [name=reason]", "立杆歪斜")
    page.click(".drawer [type=submit]")
    expect(page.locator(".order-head")).to_contain_text("立杆歪斜")
    page.emulate_media(media="print")
    expect(page.locator(".print-sheet h1")).to_be_visible()
    expect(page.locator(".shell")).to_be_hidden()
    page.screenshot(path=SCREENSHOTS / "order_sheet.png")
    page.emulate_media(media="screen")
    page.keyboard.press("Escape")
    expect(page.locator(".print-sheet")).to_have_count(0)
    rows = page.locator("tr[data-order]")
    page.keyboard.press("j")
    page.keyboard.press("x")
    rows.nth(2).locator("input").click(modifiers=["Shift"])
    expect(page.locator(".many-orders > b")).to_have_text("已选 3 张")
    page.click("[data-many=suspend]")
    page.select_option(".many-orders [name=reason]", "power_cut")
    page.fill(".many-orders [name=until]", "2026-01-01T08:00")
    page.click(".many-orders [type=submit]")
    expect(page.locator(".many-refused li")).to_have_count(3)
    page.click("[data-many=deadlines]")
    page.fill(".many-orders [name=repair_by]", "2199-01-01T08:00")
    looked_at(page, "many_orders")
    page.click(".many-orders [type=submit]")
    expect(page.locator(".many-told")).to_contain_text("3 张已办理")
    assert sum(each["repair_by"][:4] in ("2198", "2199") for each in town.get("/work-orders")["items"]) == 3


def test_a_feeder_is_typed_in_and_what_goes_blind_with_it_is_a_picture(town: Console, page: Page) -> None:
    open_screen(page, "outages?tab=supply")
    page.click("[data-deed=add]")
    page.select_option(".drawer [name=kind]", "power_feeder")
    page.fill(".drawer [name=name]", "人民路 2 号馈线")
    page.click(".drawer [type=submit]")
    feeder = page.locator("tr[data-node]", has_text="人民路 2 号馈线")
    feeder.locator("th a").click()
    page.click("[data-part=devices]")
    page.fill(".drawer input[type=search]", "交叉口 39 号")
    page.locator(".found-cameras button").first.click()
    expect(page.locator(".drawer tr[data-device]")).to_have_count(1)
    page.click("[data-part=impact]")
    expect(page.locator("[data-blind='1']")).to_be_visible()
    page.keyboard.press("Escape")
    switch = page.locator("tr[data-node]", has_text="交换机").first
    switch.locator("th a").click()
    page.click("[data-part=edit]")
    page.select_option(".drawer [name=parent_id]", label="供电线路 · 人民路 2 号馈线")
    page.click(".drawer [type=submit]")
    expect(page.locator(".impact-map[data-placed='12']")).to_be_visible()
    looked_at(page, "impact")
    page.keyboard.press("Escape")
    page.click("[data-deed=import]")
    lines = "名称,设备\n新机柜,10.0.0.30\n新机柜,10.9.9.9\n"
    page.set_input_files(
        ".drop-zone input", {"name": "依赖.csv", "mimeType": "text/csv", "buffer": lines.encode("utf-8")}
    )
    expect(page.locator("[data-count=rejected]")).to_contain_text("1")
    assert town.get("/supply", q="新机柜")["total"] == 0
    page.click("[data-deed=take]")
    expect(page.locator("tr[data-node]", has_text="新机柜")).to_be_visible()
