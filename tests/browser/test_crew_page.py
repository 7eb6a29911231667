"""The crew's page on a phone: an order is done without network and told when the network is back, once."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest
from playwright.async_api import BrowserContext, Page, async_playwright, expect

from tests.browser.conftest import CHROMIUM, FLAGS
from tests.builders.orders import Town
from tests.builders.web import Web, put_camera, running_web
from vms.access.roles import Role
from vms.api.guards import COOKIE
from vms.core.ids import OrderId
from vms.maintenance.order import OrderState
from vms.services.passwords import token_hash
from vms.store import sign_ins, users, work_order_steps, work_orders
from vms.store.database import Database

pytestmark = pytest.mark.browser
PHONE = {"width": 360, "height": 740}
SCREENSHOTS = Path(__file__).parent / "screenshots"


@pytest.fixture
async def web(sqlite_database: Database, tmp_path: Path) -> AsyncIterator[Web]:
    async with running_web(sqlite_database, tmp_path) as found:
        yield found


@pytest.fixture
async def phone(web: Web) -> AsyncIterator[BrowserContext]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        context = await browser.new_context(viewport=PHONE, locale="zh-CN", has_touch=True)
        yield context
        await browser.close()


def an_order_of(web: Web, crew: str) -> OrderId:
    """Of a firm whose user `crew` signs in with a token of the same name."""
    town = Town(database=web.database, now=web.clock() - timedelta(hours=3))
    firm = town.firm()
    with web.database.writing() as tx:
        user = users.add(tx, crew, "no password", Role.MAINTAINER, town.now, maintainer_id=firm)
        sign_ins.add(tx, token_hash(crew), user.user_id, town.now, web.clock() + timedelta(hours=1))
    camera = put_camera(web, name="人民路与建设街交叉口东北角 3 号杆")
    town.fails(camera)
    town.later(minutes=3)
    town.turn()
    return town.orders()[-1].order_id


async def visit(web: Web, phone: BrowserContext, crew: str) -> Page:
    await phone.add_cookies([{"name": COOKIE, "value": crew, "url": web.url}])
    page = await phone.new_page()
    await page.goto(f"{web.url}/crew.html")
    await page.wait_for_selector("html[data-kept=yes]", state="attached")
    return page


IS_KEPT = """async (key) => {
  const opened = await new Promise((done, failed) => {
    const asked = indexedDB.open('vms-crew', 1);
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
  return new Promise((done) => {
    const asked = opened.transaction('seen').objectStore('seen').get(key);
    asked.onsuccess = () => { opened.close(); done(Boolean(asked.result)); };
  });
}"""
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
PLANNED = "plan 3: 中心区; turn the camera from 10° to 90°, then set its direction on the map"
STEP_NOTES = (
    "note => import('/js/parts.js').then((parts) => ['li', 'program'].map((who) => parts.stepNote({ who, note })))"
)


async def test_a_repair_without_network_is_told_once_when_the_network_is_back(
    web: Web, phone: BrowserContext, tmp_path: Path
) -> None:
    number = an_order_of(web, "wang")
    page = await visit(web, phone, "wang")
    await expect(page.locator(".card")).to_contain_text("网络不通")
    assert await page.evaluate(FITS)
    await page.screenshot(path=SCREENSHOTS / "crew_list.png")
    await page.locator(".card").click()
    await expect(page.locator("h1")).to_contain_text("人民路")
    await page.screenshot(path=SCREENSHOTS / "crew_order.png", full_page=True)
    told = "规划方案 3：中心区；将摄像机由 10° 转到 90°，然后在地图上更正其方向"
    assert await page.evaluate(STEP_NOTES, PLANNED) == [told, told]
    assert (await page.evaluate(STEP_NOTES, "camera 3 cannot turn"))[0] == "camera 3 cannot turn", (
        "a person's own words"
    )
    assert await page.evaluate(FITS)
    await phone.set_offline(True)
    await page.get_by_role("button", name="接单").click()
    await page.get_by_role("button", name="我已到场").click()
    picture = tmp_path / "before.jpg"
    picture.write_bytes(cv2.imencode(".jpg", np.full((1200, 2400, 3), 90, np.uint8))[1].tobytes())
    await page.locator("input[type=file]").first.set_input_files(picture)
    await page.fill("textarea[name=parts]", "12V 电源\n网线")
    await page.get_by_role("button", name="已修好").click()
    await expect(page.locator(".waiting li")).to_have_count(4)
    await page.reload()
    await expect(page.locator(".waiting li")).to_have_count(4)
    await expect(page.locator(".away")).to_be_visible()
    await page.screenshot(path=SCREENSHOTS / "crew_offline.png", full_page=True)
    await phone.set_offline(False)
    await expect(page.locator(".waiting")).to_have_count(0, timeout=20_000)
    with web.database.reading() as tx:
        order = work_orders.get(tx, number).order
        steps = work_order_steps.of_order(tx, number)
        (photograph,) = work_order_steps.photographs_of(tx, number)
    assert order.state is OrderState.REPAIRED
    assert [step.action for step in steps] == ["open", "assign", "accept", "arrive", "repair"]
    assert [part["name"] for part in steps[-1].content["parts"]] == ["12V 电源", "网线"]
    assert (photograph.content.moment, photograph.content.width) == ("before", 1920)
    assert all(step.at <= step.told_at for step in steps)


async def test_an_order_opens_for_the_first_time_without_network_and_what_is_refused_then_stays_with_its_words(
    web: Web, phone: BrowserContext
) -> None:
    number = an_order_of(web, "wang")
    page = await visit(web, phone, "wang")
    await expect(page.locator(".card")).to_be_visible()
    await page.wait_for_function(IS_KEPT, arg=f"work-orders/{number}", timeout=20_000)
    await phone.set_offline(True)
    await page.goto(f"{web.url}/crew.html#{number}")
    await expect(page.get_by_role("button", name="接单")).to_be_visible()
    await page.get_by_role("button", name="接单").click()
    with web.database.writing() as tx:
        stored = work_orders.get(tx, number)
        ended = replace(stored.order, state=OrderState.FALSE_ALARM, closed_at=web.clock())
        work_orders.save_many(tx, [replace(stored, order=ended)], web.clock())
    await phone.set_offline(False)
    await expect(page.locator(".waiting .problem")).to_be_visible(timeout=20_000)
    await page.get_by_role("button", name="知道了").click()
    await expect(page.locator(".waiting")).to_have_count(0)
