"""Correcting which way a camera looks: its sector is dragged and turned by keys; points in both are solved.

Where the presets of one that turns look, and the sensors of one housing.
"""

import math

import pytest

from tests.builders.clicked_street import ALL_ROUND, DOME, MARKS, NAME, REACH_M, TRULY, marks_px

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
FITS = """document.documentElement.scrollWidth <= window.innerWidth
  && document.documentElement.scrollHeight <= window.innerHeight + 1"""
IN_THE_MIDDLE = """() => {
  const middle = (box) => [box.x + box.width / 2, box.y + box.height / 2];
  const [map, foot] = ['.pose-map .map', '.pose-foot'].map((at) => document.querySelector(at)?.getBoundingClientRect());
  return Boolean(foot) && middle(map).every((value, n) => Math.abs(value - middle(foot)[n]) < 1);
}"""
SAVED = """document.querySelector('.pose-panel') === null
  && document.querySelector('.pose-confidence.is-verified') !== null"""
HORIZON = "document.querySelectorAll('.pose-line.is-horizon').length === 1"
SOLVED = f"{HORIZON} && document.querySelectorAll('.pose-found dd').length >= 5"
NOBODY_IS_BAD = "document.querySelectorAll('[data-point]').length === 5 && document.querySelector('.is-bad') === null"
BEARING = "Number(document.querySelector('[data-handle=direction]').ariaValueNow)"


def opened(street, visit_street, **how):
    (camera,) = street.get("/cameras", q=NAME)["items"]
    one = visit_street(f"#/camera/{camera['id']}?tab=map", **how)
    one.page.click("[data-deed=correct]")
    one.wait_until(IN_THE_MIDDLE)
    one.wait_until("document.querySelector('.pose-picture img')?.naturalWidth > 0")
    return camera["id"], one


def middle(page, selector: str) -> tuple[float, float]:
    box = page.locator(selector).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_sector_is_turned_by_keys_and_dragged_and_saved_as_checked(street, visit_street) -> None:
    camera_id, one = opened(street, visit_street)
    page = one.page
    one.wait_until(f"{BEARING} === 90 && {FITS}")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    one.wait_until(f"{BEARING} === 101")
    page.click("[data-deed=undo]")
    one.wait_until(f"{BEARING} === 91")
    foot = middle(page, ".pose-foot")
    page.mouse.move(*middle(page, "[data-handle=direction]"))
    page.mouse.down()
    page.mouse.move(foot[0] + 100, foot[1] + 60, steps=4)
    page.mouse.move(foot[0], foot[1] + 120, steps=4)
    page.mouse.up()
    one.wait_until(f"Math.abs({BEARING} - 180) < 1")
    page.click("[data-deed=undo]")
    one.wait_until(f"{BEARING} === 91")
    page.fill("[name=bearing_deg]", "100")
    page.fill("[name=tilt_deg]", "18")
    page.fill("[name=mount_height_m]", "6")
    page.keyboard.press("Tab")
    one.wait_until(f"{HORIZON} && document.querySelectorAll('.pose-line.is-distance').length >= 3")
    page.click("[data-deed=save]")
    one.wait_until(SAVED)
    kept = street.get(f"/cameras/{camera_id}/pose")
    assert (kept["checked"]["how"], kept["checked"]["who"]) == ("dragged", "admin")
    assert (kept["declared"]["bearing_deg"], kept["declared"]["tilt_deg"], kept["declared"]["h_fov_deg"]) == (
        100,
        18,
        80,
    )


def test_points_in_the_picture_and_on_the_map_give_the_pose_and_a_bad_one_is_dropped(street, visit_street) -> None:
    camera_id, one = opened(street, visit_street)
    page = one.page
    foot, farthest = middle(page, ".pose-foot"), middle(page, "[data-handle=range]")
    m_per_px = REACH_M / math.dist(foot, farthest)
    page.click(".pose-panel .chip >> nth=1")
    box = page.locator(".pose-picture > div").bounding_box()
    scale = box["width"] / TRULY.size.width_px

    def pair(mark: tuple[float, float], pixel: tuple[float, float]) -> None:
        page.mouse.click(box["x"] + pixel[0] * scale, box["y"] + pixel[1] * scale)
        page.mouse.click(foot[0] + mark[0] / m_per_px, foot[1] - mark[1] / m_per_px)

    for number, (mark, pixel) in enumerate(zip(MARKS, marks_px(), strict=True), 1):
        pair(mark, pixel)
        one.wait_until(f"document.querySelectorAll('.pose-pin').length === {number} && {FITS}")
    one.wait_until("document.querySelectorAll('.pose-found dd').length >= 5")
    pair((20.0, 3.0), (900.0, 640.0))
    one.wait_until("document.querySelector('[data-point=\"6\"].is-bad') !== null")
    page.click("[data-point='6'] .danger-quiet")
    one.wait_until(NOBODY_IS_BAD)
    one.wait_until(SOLVED)
    page.click("[data-deed=save]")
    one.wait_until(SAVED)
    kept = street.get(f"/cameras/{camera_id}/pose")
    assert (kept["checked"]["how"], len(kept["checked"]["points"])) == ("fitted", 5)
    assert abs(kept["declared"]["bearing_deg"] - TRULY.bearing_deg) < 1.0
    assert abs(kept["declared"]["mount_height_m"] - TRULY.height_m) < 0.5
    assert kept["checked"]["rms_px"] < 12


def in_english(one) -> None:
    one.page.evaluate("document.querySelector('.language button[lang=en]').click()")
    one.wait_until(f"document.documentElement.lang.startsWith('en') && {FITS}")


def test_a_person_says_where_one_preset_looks_and_the_head_s_own_turn_tells_the_other(street, visit_street) -> None:
    (camera,) = street.get("/cameras", q=DOME)["items"]
    one = visit_street(f"#/camera/{camera['id']}?tab=map")
    one.page.click("[data-preset='1'] .link")
    one.page.fill("[data-preset='1'] [name=bearing_deg]", "90")
    one.page.click("[data-preset='1'] [type=submit]")
    for token, bearing in (("1", "90°"), ("a/b", "180°")):
        aim = f"""document.querySelector("[data-preset='{token}'] .preset-aim")"""
        one.wait_until(f"{aim}?.textContent === '{bearing}'")
    one.wait_until(f"document.querySelector('.preset-now b').textContent.includes('学府路') && {FITS}")
    in_english(one)


def test_the_sensors_of_one_housing_are_typed_in_and_fit_the_screen(street, visit_street) -> None:
    (camera,) = street.get("/cameras", q=ALL_ROUND)["items"]
    one = visit_street(f"#/camera/{camera['id']}?tab=map")
    one.page.click("[data-deed=sensors]")
    for number, bearing in ((1, "0"), (2, "120")):
        one.page.fill(f"[data-sensor='{number}'] [name=bearing_deg]", bearing)
        one.page.fill(f"[data-sensor='{number}'] [name=h_fov_deg]", "90")
    one.wait_until(FITS)
    one.page.click(".sensors [type=submit]")
    one.wait_until("document.querySelectorAll('.sensors > ul > li').length === 2")
    kept = street.get(f"/cameras/{camera['id']}/sensors")["sensors"]
    told = [(sensor["number"], sensor["bearing_deg"], sensor["h_fov_deg"]) for sensor in kept]
    assert told == [(1, 0, 90), (2, 120, 90)]
    in_english(one)
