"""A planner edits what is to be seen: a refusal stands at its field, an edit of somebody else is not lost."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.builders.console import Console, Visit

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
SCREENSHOTS = Path(__file__).parent / "screenshots"
FITS = "document.documentElement.scrollWidth <= innerWidth"


def test_rules_are_edited_refused_saved_and_given_back(
    mapped: tuple[Console, Path], visit_mapped: Callable[..., Visit]
) -> None:
    console = mapped[0]
    before = console.get("/coverage/needs")
    one = visit_mapped("#/coverage/needs")
    page = one.page
    weight = page.locator("tr[data-rule='3'] input[name=weight]")
    weight.fill("5000")
    page.click("[data-deed=save]")
    expect(page.locator("tr[data-rule='3'] .is-wrong")).to_have_text("应为 0 到 1000 的数")
    assert page.evaluate(FITS)
    page.screenshot(path=SCREENSHOTS / "needs.png")
    weight.fill("500")
    page.fill("[name=why]", "重点部位从严")
    page.click("[data-deed=save]")
    expect(page.locator(".need-head")).to_contain_text("重点部位从严")
    kept = console.get("/coverage/needs")
    assert kept["document"]["rule"][2]["weight"] == 500.0
    weight.fill("400")
    document = {**kept["document"], "rule": kept["document"]["rule"][:-1]}
    console.api.put("/coverage/needs", json={"document": document, "version": kept["version"]}).raise_for_status()
    page.click("[data-deed=save]")
    expect(page.locator(".needs [role=alert]").first).to_contain_text("期间有人改过这些规则")
    page.click("[data-deed=take]")
    expect(page.locator("tr[data-rule]")).to_have_count(len(document["rule"]))
    page.click("[data-deed=own]")
    page.click("[data-deed=own]")
    expect(page.locator(".need-head")).to_contain_text("现为程序自带的规则")
    assert console.get("/coverage/needs")["document"] == before["document"]
    refused = [each for each in one.complaints if "400" in each or "409" in each]
    assert len(refused) == 2
    one.complaints = [each for each in one.complaints if each not in refused]
