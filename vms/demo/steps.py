"""The steps of the main job, each checked: a step that did not happen is an error, not a figure."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from vms.core.errors import TryAgain
from vms.core.geo import LocalFrame, Wgs84
from vms.demo.api import Client, until

Say = Callable[[str], None]
IN_FRONT_M = 15.0
WANTED_VIEWS = 4
SPOTS_TRIED = 120
SHOP_CAMERA = "街角小店门口"


@dataclass(slots=True)
class Report:
    """Figures of every step, in the order in which they happened."""

    steps: dict[str, Any] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    def timed(self, name: str, work: Callable[[], Any]) -> Any:
        started_s = time.monotonic()
        result = work()
        self.steps[name] = result
        self.seconds[name] = round(time.monotonic() - started_s, 2)
        return result


def inventory(client: Client, expected: dict[str, int]) -> dict[str, int]:
    """Every pretend camera is there, each in its tier."""
    summary = client.get("/health/summary", by="tier")
    found = {row["key"]: row["total"] for row in summary["rows"] if row["total"]}
    if found != expected:
        raise TryAgain(f"the inventory has {found}, the city has {expected}")
    return found


def first_poll(client: Client, within_s: float) -> dict[str, int]:
    """Every camera has been polled by the running poller and the verdict is known."""

    def known() -> dict[str, int] | None:
        total = client.get("/health/summary", by="tier")["all"]
        counts = {status: total[status] for status in ("up", "suspect", "down", "unknown")}
        return counts if counts["unknown"] == 0 and counts["up"] > 0 else None

    counts: dict[str, int] = until(known, within_s, "every camera is polled")
    return counts


def coverage(client: Client, within_s: float) -> dict[str, Any]:
    """Views have been computed and the gaps are known."""

    def measured() -> Any:
        gaps = client.get("/coverage/gaps", limit=1)
        return gaps if gaps["totals"]["road_m"] > 0 and gaps["totals"]["covered_road_m"] > 0 else None

    totals = until(measured, within_s, "coverage is measured")["totals"]
    return {
        "road_m": round(totals["road_m"]),
        "covered_road_m": round(totals["covered_road_m"]),
        "places": totals["places"],
        "covered_places": totals["covered_places"],
        "gaps_m_by_cause": {cause: round(metres) for cause, metres in totals["by_cause_m"].items()},
    }


def spot_with_views(client: Client) -> Wgs84:
    """A place that several healthy cameras see: where something can happen in a demo."""
    best: tuple[int, Wgs84] | None = None
    cameras = client.get("/cameras", status="up", limit=500, sort="id")["items"]
    for row in [row for row in cameras if row["bearing_deg"] is not None and not row["indoor"]][:SPOTS_TRIED]:
        spot = in_front(Wgs84(row["lon"], row["lat"]), row["bearing_deg"], IN_FRONT_M)
        usable = sum(seen["usable"] for seen in client.get("/coverage/at", lon=spot.lon, lat=spot.lat)["seen_by"])
        if best is None or usable > best[0]:
            best = (usable, spot)
        if usable >= WANTED_VIEWS:
            break
    if best is None or best[0] == 0:
        raise TryAgain("no camera sees the ground in front of it")
    return best[1]


def in_front(position: Wgs84, bearing_deg: float, metres: float) -> Wgs84:
    """The point so many metres away in that direction."""
    angle = math.radians(bearing_deg)
    return LocalFrame(position).to_wgs84(metres * math.sin(angle), metres * math.cos(angle))


def incident(client: Client, spot: Wgs84, category: str, summary: str) -> dict[str, Any]:
    seen_by = client.get("/coverage/at", lon=spot.lon, lat=spot.lat)["seen_by"]
    near = min(seen_by, key=lambda row: row["distance_m"])["name"] if seen_by else ""
    report = {"lon": spot.lon, "lat": spot.lat, "category": category, "level": 2, "source": "110", "summary": summary}
    opened: dict[str, Any] = client.post("/incidents", {**report, "address_text": f"{near}附近" if near else ""})
    return opened


def feeds(client: Client, incident_id: int) -> list[dict[str, Any]]:
    """The ranked list; the first must really see the spot and be playable."""
    ranked: list[dict[str, Any]] = client.get(f"/incidents/{incident_id}/feeds", limit=16)["feeds"]
    if not ranked or not ranked[0]["sees"] or ranked[0]["live"] is None:
        raise TryAgain(f"no playable camera sees the spot of incident {incident_id}")
    sees = [feed["sees"] for feed in ranked if feed["usable"]]
    if sees != sorted(sees, reverse=True):
        raise TryAgain("a camera that does not see the spot is ranked above one that does")
    return ranked


def live(client: Client, ranked: list[dict[str, Any]], within_s: float) -> dict[str, Any]:
    """The best feed plays: a key frame has come through the WebSocket that the browser uses."""
    best = next(feed for feed in ranked if feed["live"])
    return {
        "camera_id": best["camera_id"],
        "name": best["name"],
        **client.first_key_frame(best["live"]["url"], within_s),
    }


def registration(client: Client, shop: dict[str, Any], login: tuple[str, str]) -> dict[str, Any]:
    """A shop registers its camera; before approval nobody finds it, afterwards it is ranked near an incident."""
    channel = shop["channels"][0]
    position = Wgs84(channel["lon"], channel["lat"])
    opened = client.post(
        "/registrations",
        {
            "owner_name": "街角小店",
            "tier": "unit",
            "contact": "13800000000",
            "camera_name": SHOP_CAMERA,
            "lon": position.lon,
            "lat": position.lat,
            "bearing_deg": channel["bearing_deg"],
            "h_fov_deg": channel["h_fov_deg"],
            "mount_height_m": channel["mount_height_m"],
            "address": shop["address"],
            "port": shop["onvif_port"],
            "username": login[0],
            "password": login[1],
            "consent": {"mode": "near_incident", "radius_m": 120},
        },
    )
    operator = client.with_new_user(f"seat-{opened['id']}", "operator")
    spot = in_front(position, channel["bearing_deg"], 8.0)
    near = incident(client, spot, "help", "街角小店门前有人求助")
    if knows_of(operator, SHOP_CAMERA, near["id"]):
        raise TryAgain("an operator was shown the shop's camera before it was approved")
    decided = client.post(f"/registrations/{opened['id']}/decision", {"decision": "approve", "reason": ""})
    camera_id = decided["camera_id"]

    def ranked() -> Any:
        found = operator.get(f"/incidents/{near['id']}/feeds", limit=16)["feeds"]
        mine = [feed for feed in found if feed["camera_id"] == camera_id]
        return mine[0] if mine and mine[0]["usable"] else None

    mine = until(ranked, 30.0, "the registered camera is ranked at an incident in front of it")
    played = operator.first_key_frame(mine["live"]["url"], 15.0)
    client.post(f"/incidents/{near['id']}/status", {"status": "cancelled"})
    operator.close()
    return {"camera_id": camera_id, "rank": mine["rank"], "first_key_frame_s": played["first_key_frame_s"]}


def knows_of(person: Client, name: str, incident_id: int) -> bool:
    """Does this person meet the camera anywhere: list, map, ranking?"""
    ranked = person.get(f"/incidents/{incident_id}/feeds", limit=50)["feeds"]
    dots = person.get("/cameras.geojson")["features"]
    return bool(
        person.get("/cameras", q=name)["total"]
        or any(feed["name"] == name for feed in ranked)
        or any(dot["properties"]["name"] == name for dot in dots)
    )
