"""Every screen opens, fits a small monitor and keeps its console clean."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
SCREENS = ["desk", "map", "maintenance", "inventory", "coverage", "review", "settings"]
BELOW = ["discovery", "import", "tasks", "archive", "credentials"]
"""Screens below the inventory."""
TABS = ["record", "now", "map", "pictures", "device", "differences", "history", "looks"]
STATES = ".state-failed, .state-refused, .map-problem"
OVERFLOW = "document.documentElement.scrollWidth - window.innerWidth"


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
def test_every_screen_fits_1366_by_768_without_a_bar_and_names_no_missing_word(visit, language) -> None:
    one = visit("#/settings", language=language)
    known = one.page.evaluate("fetch('i18n/zh.json').then((a) => a.json()).then(Object.keys)")
    for screen in SCREENS + BELOW:
        one.go(f"#/{screen}")
        one.page.wait_for_selector(f".screen-{screen} :is(.shown, .map canvas)")
        one.wait_until("document.querySelectorAll('.state-loading').length === 0")
        assert (screen, one.page.evaluate(OVERFLOW)) == (screen, 0)
        wide = one.page.evaluate(
            "[...document.querySelectorAll('.table-box')].some((b) => b.scrollWidth > b.clientWidth)"
        )
        assert (screen, wide) == (screen, False)
        assert one.page.query_selector(STATES) is None
        text = one.page.inner_text("body")
        assert (screen, [key for key in known if key in text]) == (screen, [])


def test_every_tab_of_a_camera_opens(console, visit) -> None:
    camera = console.get("/cameras", status="up", tier="government", limit=1)["items"][0]
    one = visit(f"#/camera/{camera['id']}")
    for tab in TABS:
        one.go(f"#/camera/{camera['id']}?tab={tab}")
        one.page.wait_for_selector(f".camera [role=tab][data-tab={tab}][aria-selected=true]")
        one.wait_until("document.querySelectorAll('.state-loading').length === 0")
        assert one.page.inner_text(".camera-head h2") == camera["name"]
        assert (tab, bool(one.page.inner_text(".tab").strip())) == (tab, True)
        assert (tab, one.page.query_selector(STATES)) == (tab, None)


def test_the_inventory_keeps_its_question_in_the_address(console, visit) -> None:
    one = visit("#/inventory?tier=unit&sort=-name")
    first = one.page.wait_for_selector("#line-0[data-camera] a")
    asked = console.get("/cameras", tier="unit", sort="-name", limit=50)
    assert first.inner_text() == asked["items"][0]["name"]
    assert int(one.page.inner_text(".inventory h2 b")) == asked["total"]
    one.page.click(".chips button:has-text('社区')")
    one.wait_until("location.hash.includes('tier=community')")


def test_a_place_of_the_map_tells_who_sees_it(visit) -> None:
    one = visit("#/map")
    one.page.wait_for_selector(".map canvas")
    one.page.wait_for_timeout(1500)
    one.page.mouse.click(700, 420)
    one.page.wait_for_selector(".spot, .camera-head")
