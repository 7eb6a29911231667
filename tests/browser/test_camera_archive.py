"""One camera's archive: its record is edited and comes back, differences are settled, photographs are kept."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def a_camera(console, number: int) -> dict:
    return console.get("/cameras", status="up", tier="government", sort="id", limit=20)["items"][number]


def test_a_field_is_edited_in_place_and_history_gives_the_old_value_back(console, visit) -> None:
    camera = a_camera(console, 2)
    one = visit(f"#/camera/{camera['id']}")
    one.page.click("[data-field=mgmt_unit] button.value")
    one.page.fill("[data-field=mgmt_unit] input", "第一维护队")
    one.page.click("[data-field=retention_days] button.value")
    one.page.fill("[data-field=retention_days] input", "90")
    one.page.fill(".save-bar [name=why]", "按合同")
    one.page.click(".save-bar [type=submit]")
    one.page.wait_for_selector("[data-field=mgmt_unit] .value:has-text('第一维护队')")
    one.page.wait_for_selector(".cycle [aria-current]:has-text('变更中')")
    one.go(f"#/camera/{camera['id']}?tab=history&part=changes")
    first = one.page.wait_for_selector(".changes > li:first-child")
    assert "按合同" in first.inner_text()
    one.page.click("[data-change=mgmt_unit] [data-deed=restore]")
    one.page.wait_for_selector(".changes > li:first-child [data-change=mgmt_unit] s:has-text('第一维护队')")
    fields = console.get(f"/cameras/{camera['id']}/record")["fields"]
    assert {one["about"]["name"]: one["value"] for one in fields}["retention_days"] == 90


def test_values_of_devices_are_accepted_one_at_its_camera_and_many_in_the_list_of_the_town(console, visit) -> None:
    camera, *others = (a_camera(console, number) for number in (3, 5, 6))
    for each in (camera, *others):
        answer = console.api.patch(f"/cameras/{each['id']}/record", json={"changes": {"model": "NO-SUCH-1"}})
        assert answer.is_success, answer.text
    one = visit(f"#/camera/{camera['id']}?tab=differences")
    one.page.click("[data-difference=model] [data-deed=observed]")
    one.page.wait_for_selector("[data-difference=model]", state="detached")
    fields = console.get(f"/cameras/{camera['id']}/record")["fields"]
    assert {one["about"]["name"]: one["value"] for one in fields}["model"] != "NO-SUCH-1"
    one.go("#/archive?tab=differences&field=model&tier=government")
    for each in others:
        one.page.check(f"[data-difference='{each['id']} model'] input")
    one.page.click("[data-decide=observed]")
    assert "2" in one.page.wait_for_selector(".done-note b").inner_text()
    for each in others:
        one.page.wait_for_selector(f"[data-difference='{each['id']} model']", state="detached")
    assert console.get("/cameras", filter="model = NO-SUCH-1", limit=1)["total"] == 0


def test_a_photograph_of_the_point_is_added_and_looked_at_large(console, visit) -> None:
    camera = a_camera(console, 4)
    one = visit(f"#/camera/{camera['id']}?tab=pictures")
    one.page.wait_for_selector("[data-kind=near]")
    still = console.api.get(f"/cameras/{camera['id']}/snapshot").content
    picture = {"name": "near.jpg", "mimeType": "image/jpeg", "buffer": still}
    one.page.set_input_files("[data-kind=near] input[type=file]", picture)
    one.page.click("[data-kind=near] .thumbnail:has(img)")
    one.page.wait_for_selector(".viewer img")
    one.wait_until("document.querySelector('.viewer img').naturalWidth > 600")
    one.page.keyboard.press("Escape")
    one.page.wait_for_selector(".viewer", state="detached")
    assert [each["kind"] for each in console.get(f"/cameras/{camera['id']}/photographs")["items"]] == ["near"]
