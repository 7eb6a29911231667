"""An owner's way: register by telephone, be approved, be seen only near an incident, leave."""

import pytest

from tests.builders.console import until
from vms.demo.settings import SHOP_ADDRESS
from vms.inventory.tier import Tier
from vms.sim.plan import PASSWORDS, USERNAME

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
ONVIF_PORT = 8080


def register(page, shop: dict, name: str) -> tuple[str, str]:
    page.fill("[name=owner_name]", "老王杂货店")
    page.fill("[name=contact]", "13800000000")
    page.click(".step-buttons .primary")
    page.fill("[name=camera_name]", name)
    page.fill("[name=lon]", f"{shop['lon']:.6f}")
    page.fill("[name=lat]", f"{shop['lat']:.6f}")
    page.click(".step-buttons .primary")
    page.click(".compass-point >> nth=2")
    page.click(".step-buttons .primary")
    page.fill("[name=address]", SHOP_ADDRESS)
    page.fill("[name=port]", str(ONVIF_PORT))
    page.fill("[name=username]", USERNAME)
    page.fill("[name=password]", PASSWORDS[Tier.UNIT])
    page.click(".step-buttons .primary")
    page.check("[name=mode][value=near_incident]")
    page.click(".step-buttons .primary")
    page.wait_for_selector("[data-access-key]")
    return (
        page.get_attribute("[data-registration]", "data-registration"),
        page.get_attribute("[data-access-key]", "data-access-key"),
    )


def test_a_shop_registers_is_approved_is_seen_near_an_incident_and_leaves(console, visit) -> None:
    shop = next(each for each in console.get("/demo/devices")["devices"] if each["address"] == SHOP_ADDRESS)
    name = "杂货店门口"
    phone = visit(width=390, height=844, signed_in=False)
    phone.go("#/register")
    assert phone.page.evaluate("document.documentElement.scrollWidth - window.innerWidth") == 0
    number, key = register(phone.page, shop, name)

    desk = visit()
    incident = console.post("/incidents", {"lon": shop["lon"], "lat": shop["lat"], "category": "theft", "level": 2})
    assert name not in [feed["name"] for feed in console.get(f"/incidents/{incident['id']}/feeds", limit=50)["feeds"]]

    desk.go(f"#/review?id={number}")
    desk.page.wait_for_selector(f"[data-registration='{number}'] [data-deed=approve]").click()
    desk.page.wait_for_selector(f"[data-registration='{number}'] [data-deed=approve]", state="detached", timeout=60_000)

    def feed_of_the_shop() -> dict | None:
        feeds = console.get(f"/incidents/{incident['id']}/feeds", limit=50)["feeds"]
        return next((feed for feed in feeds if feed["name"] == name and feed["live"]), None)

    feed = until("the camera takes its place in the ranking", feed_of_the_shop, 60)
    camera = feed["camera_id"]
    desk.go(f"#/desk?incident={incident['id']}&tile={camera}")
    desk.page.wait_for_selector(f".tile.is-moving[data-camera='{camera}']", timeout=60_000)

    phone.page.click(".done .primary")
    phone.page.fill("[name=key]", key)
    phone.page.click(".step-buttons .primary")
    phone.page.wait_for_selector(".owner-now[data-status=approved]")
    until("the look stands in the owner's list", lambda: phone.page.query_selector(".statement li"), 30)
    phone.page.click("[data-deed=leave]")
    phone.page.click("[data-deed=withdraw]")

    desk.page.wait_for_selector(f".tile[data-camera='{camera}'].is-moving", state="detached", timeout=10_000)
    desk.page.wait_for_selector(
        f".tile[data-camera='{camera}'] .tile-why.is-refused, .tiles:not(:has([data-camera='{camera}']))",
        timeout=10_000,
    )
    assert desk.page.query_selector(f".tile[data-camera='{camera}'].is-moving") is None
