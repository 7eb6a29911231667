"""The tab Pictures: the reference beside the latest still, and what staff say of what is found, by keyboard too."""

import pytest

from tests.builders.judged_pictures import NAME, PRIVATE

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
LOADED = "[...document.querySelectorAll('.compare img')].filter((i) => i.complete && i.naturalWidth).length"
FITS = "document.documentElement.scrollWidth <= window.innerWidth"


def test_a_picture_is_compared_and_its_findings_are_judged(judged, visit_judged) -> None:
    (camera,) = judged.get("/cameras", q=NAME)["items"]
    one = visit_judged("#/diagnosis")
    page = one.page
    waiting = f".unconfirmed tr[data-camera='{camera['id']}']:has([data-doubt=mono])"
    page.wait_for_selector(waiting)
    one.wait_until(FITS)
    page.click(f"{waiting} a")
    one.wait_until(f"{LOADED} === 2 && {FITS}")
    page.click(".compare .chip:has-text('白天')")
    page.wait_for_selector(".sureness [data-doubt=mono]")
    assert "基准未确认" in page.inner_text(".sureness")
    page.click("[data-deed=confirm]:enabled")
    page.wait_for_selector(".sureness[data-sureness=confirmed]")
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
    page.wait_for_selector(".unconfirmed table, .unconfirmed .state-empty")
    assert page.locator(waiting).count() == 0


def test_of_a_private_camera_nobody_says_that_nothing_was_found(judged, visit_judged) -> None:
    (camera,) = judged.get("/cameras", q=PRIVATE)["items"]
    page = visit_judged(f"#/camera/{camera['id']}?tab=pictures").page
    page.wait_for_selector(".verdicts")
    assert "未诊断" in page.inner_text(".verdicts") and "未发现画面异常" not in page.inner_text(".verdicts")


def test_the_office_shows_where_the_caption_stands_with_the_mouse_and_with_the_keys(judged, visit_judged) -> None:
    (camera,) = judged.get("/cameras", q=NAME)["items"]
    one = visit_judged(f"#/camera/{camera['id']}?tab=pictures")
    page = one.page

    def kept() -> dict:
        return judged.get(f"/cameras/{camera['id']}/caption-region")

    page.click(".caption-region [data-deed=draw]:enabled")
    page.wait_for_selector(".caption-frame:focus")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    page.click("[data-deed=keep]")
    page.wait_for_selector("[data-deed=take-out]")
    assert (kept()["left_share"], kept()["top_share"], kept()["height_share"]) == (0.03, 0.02, 0.09)
    page.click("[data-deed=draw]")
    one.wait_until("document.querySelector('.caption-picture img').naturalHeight > 0")
    picture = page.locator(".caption-picture")
    picture.scroll_into_view_if_needed()
    box = picture.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + box["height"] * 0.3)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.1, steps=3)
    page.mouse.up()
    page.click("[data-deed=keep]")
    page.wait_for_selector("[data-deed=take-out]")
    assert abs(kept()["left_share"] - 0.5) < 0.01
    assert abs(kept()["height_share"] - 0.2) < 0.01
    page.click("[data-deed=take-out]")
    page.click("[data-deed=take-out]")
    page.wait_for_selector("[data-deed=take-out]", state="detached")
    assert kept() is None
