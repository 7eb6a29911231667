"""Maintenance: what breaks shows by itself, and what is mended goes."""

import pytest

from tests.builders.console import until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def test_a_broken_camera_appears_in_the_list_of_faults_and_goes_when_mended(console, visit) -> None:
    up = {row["id"]: row for row in console.get("/cameras", status="up", tier="government", limit=500)["items"]}
    device = next(
        each
        for each in console.get("/demo/devices")["devices"]
        if not each["faults"] and each["camera_ids"] and set(each["camera_ids"]) <= up.keys()
    )
    camera = device["camera_ids"][0]
    one = visit("#/maintenance")
    one.page.wait_for_selector(".numbers")
    down_before = int(one.page.inner_text(".number:first-child b"))
    console.post("/demo/faults", {"address": device["address"], "fault": "off", "on": True})
    try:
        row = f".faults tr[data-camera='{camera}'][data-fault='unreachable']"
        one.page.wait_for_selector(row, timeout=60_000)
        assert up[camera]["name"] in one.page.inner_text(row)
        until(
            "the number of cameras that are down is up to date",
            lambda: int(one.page.inner_text(".number:first-child b")) >= down_before + len(device["camera_ids"]),
            60,
        )
    finally:
        console.post("/demo/faults", {"address": device["address"], "fault": "off", "on": False})
    one.page.wait_for_selector(row, state="detached", timeout=60_000)
