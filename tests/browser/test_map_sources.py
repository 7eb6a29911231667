"""The sources of the map: what they hold, one more is taken in, a broken file says why, one is taken out."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.builders.console import Console, Visit
from tests.builders.mapped_town import read_uploads

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
HOUSE = [[113.62, 34.75], [113.6202, 34.75], [113.6202, 34.7502], [113.62, 34.7502], [113.62, 34.75]]
CROSSED = [HOUSE[0], HOUSE[2], HOUSE[1], HOUSE[3], HOUSE[0]]
STONES = {
    "type": "Feature",
    "properties": {"kind": "barrier", "名称": "东门石墩"},
    "geometry": {"type": "Point", "coordinates": [113.6203, 34.7501]},
}
"""They do not say whom they stop, and lie on no road."""
OVERFLOW = "document.documentElement.scrollWidth - window.innerWidth"
SCREENSHOTS = Path(__file__).parent / "screenshots"


def a_file(name: str, *outlines: list[list[float]], others: tuple[Any, ...] = ()) -> Any:
    features = [
        {"type": "Feature", "properties": {"层数": 6}, "geometry": {"type": "Polygon", "coordinates": [outline]}}
        for outline in outlines
    ]
    content = json.dumps({"type": "FeatureCollection", "features": [*features, *others]}).encode()
    return {"name": name, "mimeType": "application/geo+json", "buffer": content}


def send(page: Page, file: Any, *, skip_bad: bool = False) -> None:
    page.set_input_files(".drop-zone input", file)
    page.fill("[name=source]", "规划局")
    page.fill("[name=attribution]", "市规划局 2026")
    page.select_option("[name=coordinates]", "gcj02")
    if skip_bad:
        page.check("[name=skip_bad]")
        page.screenshot(path=SCREENSHOTS / "map-take-in.zh.png")
    page.click("[data-deed=take-in]")
    page.wait_for_selector(".map-running [data-state=waiting]")


def test_a_map_is_taken_in_tells_what_it_changed_and_is_taken_out_after_a_question(
    mapped: tuple[Console, Path], visit_mapped: Callable[..., Visit]
) -> None:
    console, folder = mapped
    one = visit_mapped("#/maps")
    page = one.page
    page.wait_for_selector("tr[data-source='演示城']")
    assert console.get("/map/sources")["items"][0]["attribution"] in page.inner_text("tr[data-source='演示城']")

    send(page, a_file("houses.geojson", HOUSE, CROSSED))
    assert read_uploads(folder) == 1
    page.wait_for_selector(".map-running [data-state=failed]")
    assert "要素 1：轮廓在" in page.inner_text(".map-running .problem")
    assert page.query_selector("tr[data-source='规划局']") is None

    send(page, a_file("houses.geojson", HOUSE, CROSSED, others=(STONES,)), skip_bad=True)
    assert read_uploads(folder) == 1
    page.wait_for_selector(".map-running [data-state=current]")
    assert page.inner_text(".map-running [data-count=added] b") == "2"
    assert page.inner_text(".map-running [data-count=left_out] b") == "1"
    left_out, off_roads, of_no_kind = page.eval_on_selector_all(
        ".map-running .problem", "ps => ps.map(p => p.innerText)"
    )
    assert "轮廓在" in left_out and "1 处路障不在道路折点上" in off_roads
    assert of_no_kind.startswith("1 处路障未注明阻拦对象") and "按不起阻拦作用处理，如：东门石墩" in of_no_kind
    row = "tr[data-source='规划局']"
    page.wait_for_selector(row)
    assert "市规划局 2026" in page.inner_text(row)
    assert page.inner_text(f"{row} [data-count=barriers_of_no_kind]") == "未注明阻拦对象的路障 1"
    assert page.evaluate(OVERFLOW) == 0
    SCREENSHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENSHOTS / "map-sources.zh.png")

    page.click(f"{row} [data-deed=remove]")
    page.wait_for_selector(".map-question")
    assert len(console.get("/map/sources")["items"]) == 2, "nothing happens before the question is answered"
    page.click(".map-question [data-deed=sure]")
    page.wait_for_selector(row, state="detached")
    assert [source["source"] for source in console.get("/map/sources")["items"]] == ["演示城"]


def test_cameras_of_an_extract_become_drafts_that_are_listed(
    mapped: tuple[Console, Path], visit_mapped: Callable[..., Visit], shared_fixtures: Path
) -> None:
    _, folder = mapped
    one = visit_mapped("#/maps", language="en-GB")
    page = one.page
    page.set_input_files(".drop-zone input", shared_fixtures / "geo" / "munich.osm.pbf")
    page.check("[value=candidates]")
    page.click("[data-deed=take-in]")
    page.wait_for_selector(".map-running [data-state=waiting]")
    assert read_uploads(folder) == 1
    page.wait_for_selector(".map-running [data-state=done]")
    assert page.inner_text(".map-running [data-count=drafts] b") == "209"
    page.wait_for_selector(".map-candidates tbody tr")
    assert page.eval_on_selector_all(".map-candidates tbody tr", "rows => rows.length") == 20
    page.locator(".map-candidates").scroll_into_view_if_needed()
    page.screenshot(path=SCREENSHOTS / "map-sources.en.png")
