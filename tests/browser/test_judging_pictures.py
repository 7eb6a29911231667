"""The tab Pictures: the reference beside the latest still, and what staff say of what is found, by keyboard too."""

import pytest

from tests.builders.judged_pictures import NAME

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
LOADED = "[...document.querySelectorAll('.compare img')].filter((i) => i.complete && i.naturalWidth).length"
FITS = "document.documentElement.scrollWidth <= window.innerWidth"


def test_a_picture_is_compared_and_its_findings_are_judged(judged, visit_judged) -> None:
    (camera,) = judged.get("/cameras", q=NAME)["items"]
    one = visit_judged(f"#/camera/{camera['id']}?tab=pictures")
    page = one.page
    one.wait_until(f"{LOADED} === 2 && {FITS}")
    page.click(".compare .chip:has-text('滑动')")
    page.focus(".compare input[type=range]")
    page.keyboard.press("Home")
    one.wait_until("document.querySelector('.compare .is-layered').style.getPropertyValue('--share') === '0%'")
    page.click(".compare .chip:has-text('夜间')")
    one.wait_until(f"{LOADED} === 2 && document.querySelector('.compare .told') !== null")

    covered, grey = ".found-list [data-kind=occlusion]", ".found-list [data-kind=mono]"
    assert "34% 的画面成片失去细节，限值 12%" in page.inner_text(covered)
    assert "得分 0.92，阈值 0.50" in page.inner_text(covered)
    page.click(f"{grey} [data-verdict=accepted]")
    page.keyboard.type("黑白摄像机")
    page.keyboard.press("Enter")
    page.wait_for_selector(grey, state="detached")
    page.wait_for_selector(".threshold-list [data-kind=mono]")
    page.click(f"{covered} [data-verdict=true]")
    page.wait_for_selector(f"{covered} [data-verdict=true][aria-pressed=true]")
    page.click(".threshold-list [data-kind=mono] button")
    page.wait_for_selector(".threshold-list [data-kind=mono]", state="detached")
    assert page.locator(".said-list .is-withdrawn").count() == 1

    page.click(".verdicts a[href='#/diagnosis']")
    page.wait_for_selector(".diagnosis tr[data-kind=occlusion]")
    assert "100 %" in page.inner_text(".diagnosis tr[data-kind=occlusion]")
