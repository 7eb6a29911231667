"""A map that is dragged is drawn in time, follows the hand, and is sharp once it rests."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
SHARPNESS = "(([one]) => one.width / one.clientWidth)(document.querySelectorAll('.map-canvas canvas'))"
CENTRE = "document.querySelector('.map-canvas')?.dataset.centre"


def test_a_map_without_a_graphics_card_is_coarse_while_it_moves_and_sharp_again(visit) -> None:
    one = visit("#/map")
    one.wait_until(f"{CENTRE} && {SHARPNESS} === 1")
    before, mouse = one.page.evaluate(CENTRE), one.page.mouse
    mouse.move(760, 400)
    mouse.down()
    mouse.move(620, 430, steps=8)
    one.wait_until(f"{SHARPNESS} < 0.7")
    mouse.move(600, 440, steps=3)
    mouse.up()
    one.wait_until(f"{SHARPNESS} === 1")
    now = one.page.evaluate(CENTRE)
    west, east = float(before.split(",")[0]), float(now.split(",")[0])
    assert east > west, "the hand did not move the map"
    assert one.page.locator(".spot").count() == 0, "the end of a drag is no click"
