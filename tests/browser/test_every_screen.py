"""Every screen opens, fits a small monitor, is in one language and keeps its console clean."""

import re

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
SCREENS = ["desk", "map", "maintenance", "inventory", "coverage", "review", "settings"]
BELOW = [
    "discovery",
    "import",
    "tasks",
    "edits",
    "archive",
    "archive?tab=differences",
    "archive?tab=codes",
    "credentials",
    "orders",
    "outages",
    "outages?tab=notices",
    "assessment",
    "recordings",
    "recordings?tab=plans",
    "repair",
    "plans",
    "rings",
    "maps",
    "repair?tab=rules",
    "repair?tab=levels",
    "outages?tab=supply",
    "assessment?view=profiles",
    "diagnosis",
    "wall",
    "wall?by=tier",
]
"""Screens below another one of the rail."""
IN_ENGLISH_TOO = {"archive?tab=codes", "desk"}
"""Screens that show English words in Chinese as well: a table's own, and what people wrote of incidents."""
TABS = ["record", "now", "map", "pictures", "recording", "device", "differences", "history", "looks"]
STATES = ".state-failed, .state-refused, .map-problem"
OVERFLOW = "document.documentElement.scrollWidth - window.innerWidth"
WIDE = "[...document.querySelectorAll('.table-box')].some((b) => b.scrollWidth > b.clientWidth)"
ENGLISH = re.compile(r"\b[a-z]{2,}(?: [a-z]{2,}){2,}\b")
"""Three words in a row: a sentence that nobody translated."""


def the_map_shows_what_was_asked_for(console, one) -> None:
    shown = [each["properties"] for each in console.get("/cameras.geojson")["features"]]
    wanted = [each for each in shown if each["tier"] == "household"]
    assert 0 < len(wanted) < len(shown)
    counted = "document.querySelector('.map-counts')?.textContent.match(/[0-9]+/g)?.map(Number)"
    one.page.evaluate("document.querySelectorAll('.map-filter .chips')[1].children[3].click()")
    one.wait_until(f"JSON.stringify({counted}) === '[{len(wanted)},{len(shown)}]'", within_s=60)
    one.wait_until("location.hash.includes('tier=household')")


def test_every_screen_fits_1366_by_768_names_no_missing_word_and_the_map_tells_who_sees_a_place(console, visit) -> None:
    one = visit("#/settings")
    known = one.page.evaluate("fetch('i18n/zh.json').then((a) => a.json()).then(Object.keys)")
    now, other = "zh", "en"
    for screen in SCREENS + BELOW:
        one.go(f"#/{screen}")
        one.page.wait_for_selector(f".screen-{screen.partition('?')[0]} :is(.shown, .map canvas)")
        one.wait_until("document.querySelectorAll('.state-loading').length === 0")
        for language in (now, other):
            one.page.evaluate(f"document.querySelector('.language button[lang={language}]').click()")
            one.wait_until(f"document.documentElement.lang.startsWith('{language}')")
            where, text = (screen, language), one.page.inner_text("body")
            assert (where, one.page.evaluate(OVERFLOW)) == (where, 0)
            assert (where, one.page.evaluate(WIDE)) == (where, False)
            assert (where, one.page.query_selector(STATES)) == (where, None)
            assert (where, [key for key in known if key in text]) == (where, [])
            if language == "zh" and screen not in IN_ENGLISH_TOO:
                assert (where, ENGLISH.findall(text)) == (where, [])
        if screen == "map":
            one.page.mouse.click(700, 420)
            one.page.wait_for_selector(".spot")
            the_map_shows_what_was_asked_for(console, one)
        now, other = other, now


def test_every_tab_of_a_camera_opens(console, visit) -> None:
    camera = console.get("/cameras", status="up", tier="government", limit=1)["items"][0]
    one = visit(f"#/camera/{camera['id']}")
    for tab in TABS:
        one.go(f"#/camera/{camera['id']}?tab={tab}")
        one.page.wait_for_selector(f".camera [role=tab][data-tab={tab}][aria-selected=true]")
        one.wait_until("document.querySelectorAll('.state-loading').length === 0")
        assert one.page.inner_text(".camera-head h2") == camera["name"]
        text = one.page.inner_text(".tab")
        assert (tab, bool(text.strip()), ENGLISH.findall(text)) == (tab, True, [])
        assert (tab, one.page.query_selector(STATES)) == (tab, None)


def shown_total(one, number: int) -> None:
    one.wait_until(f"document.querySelector('.inventory h2 b')?.textContent === '{number}'")


def test_the_inventory_keeps_its_question_in_the_address_and_every_figure_opens_it(console, visit) -> None:
    one = visit("#/inventory?tier=unit&sort=-name")
    first = one.page.wait_for_selector("#line-0[data-camera] a")
    asked = console.get("/cameras", tier="unit", sort="-name", limit=50)
    assert first.inner_text() == asked["items"][0]["name"]
    assert int(one.page.inner_text(".inventory h2 b")) == asked["total"]
    one.page.click(".chips button:has-text('社区')")
    one.wait_until("location.hash.includes('tier=community')")
    one.page.goto("about:blank")
    one.go("#/inventory/%E4%B8?tier=unit&sort=-name")
    cut = one.page.wait_for_selector("#line-0[data-camera] a").inner_text()
    assert cut == asked["items"][0]["name"], "a link that was cut in the middle of a character opens all the same"

    figures = console.get("/archive/figures", by="tier")
    group = next(each for each in figures["items"] if each["cameras"] > each["complete"])
    one.go("#/archive?by=tier")
    one.page.click(f"tr[data-group={group['key']}] [data-share=completeness] a")
    shown_total(one, group["cameras"] - group["complete"])
    one.page.go_back()
    one.page.click(".count-bars li:first-child > a")
    shown_total(one, max(figures["total"]["failed"].values()))
