"""A shop registers its camera: unseen before approval, then seen as its owner chose, and no longer than he wants."""

import contextlib
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.builders.whole_program import Program, a_program, pretend_city
from vms.core.errors import TryAgain
from vms.core.geo import Wgs84
from vms.demo.api import Client, until
from vms.demo.steps import in_front
from vms.inventory.tier import Tier
from vms.sim.plan import PASSWORDS, USERNAME

pytestmark = [pytest.mark.system, pytest.mark.timeout(240)]

CITY_NETWORK = "127.28.0.0/27"
SHOP_ADDRESS = "127.28.200.1"
CITY = ("--cameras", "6", "--first-address", "127.28.0.1", "--plain", "--shop", SHOP_ADDRESS)
OPERATOR_PASSWORD = "watches-the-town"
RADIUS_M = 120.0
STOPS_WITHIN_S = 2.0
REFUSED = 4403
GONE = 4404


@dataclass(frozen=True, kw_only=True)
class Shop:
    """The program runs, the shop has registered its camera, nobody has decided yet."""

    program: Program
    administrator: Client
    operator: Client
    registration_id: int
    access_key: str
    position: Wgs84
    bearing_deg: float

    def approved(self) -> int:
        decision = {"decision": "approve", "reason": ""}
        camera_id: int = self.administrator.post(f"/registrations/{self.registration_id}/decision", decision)[
            "camera_id"
        ]
        return camera_id

    def incident(self, metres: float) -> dict[str, Any]:
        """Reported in front of the camera, so far away."""
        spot = in_front(self.position, self.bearing_deg, metres)
        body = {"lon": spot.lon, "lat": spot.lat, "category": "店铺报警", "level": 2, "summary": "求助"}
        opened: dict[str, Any] = self.operator.post("/incidents", body)
        return opened

    def as_owner(self, method: str, path: str, **body: Any) -> Any:
        answer = httpx.request(
            method,
            f"{self.program.url}/api/v1/registrations/{self.registration_id}{path}",
            headers={"X-Access-Key": self.access_key},
            json=body or None,
        )
        assert answer.is_success, answer.text
        return answer.json()

    def live(self, camera_id: int, incident_id: int | None = None) -> ClientConnection:
        query = "" if incident_id is None else f"?incident={incident_id}"
        address = self.program.url.replace("http", "ws") + f"/api/v1/live/{camera_id}{query}"
        headers = {"Authorization": f"Bearer {self.operator.token}"}
        return connect(address, additional_headers=headers, max_size=16_000_000)

    def snapshot(self, camera_id: int, **query: Any) -> httpx.Response:
        return httpx.get(
            f"{self.program.url}/api/v1/cameras/{camera_id}/snapshot",
            params={"fresh": True, **query},
            headers={"Authorization": f"Bearer {self.operator.token}"},
            timeout=20,
        )

    def known_to_the_operator(self) -> set[int]:
        """Cameras in any list, map or ranking."""
        listed = self.operator.get("/cameras", limit=500)["items"]
        drawn = self.operator.get("/cameras.geojson")["features"]
        ranked = self.operator.get(f"/incidents/{self.incident(8)['id']}/feeds", limit=50)["feeds"]
        spot = in_front(self.position, self.bearing_deg, 8)
        seen = self.operator.get("/coverage/at", lon=spot.lon, lat=spot.lat)["seen_by"]
        return {row["id"] for row in [*listed, *drawn]} | {row["camera_id"] for row in [*ranked, *seen]}


@pytest.fixture(scope="module")
def city() -> Iterator[dict[str, Any]]:
    with pretend_city(*CITY) as ready:
        yield ready


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, city: dict[str, Any]) -> Iterator[tuple[Program, Client]]:
    program = a_program(
        tmp_path_factory.mktemp("shop"),
        CITY_NETWORK,
        "government",
        registration_networks=["127.28.200.0/24"],
        polling={"interval_s": 2.0, "timeout_s": 2.0},
        live={"linger_s": 0.5},
    )
    program.json_of("discover", "--cidr", CITY_NETWORK)
    with program.serving() as administrator:
        body = {"name": "operator", "password": OPERATOR_PASSWORD, "role": "operator"}
        administrator.post("/users", body)
        yield program, administrator


@pytest.fixture
def shop(running: tuple[Program, Client], city: dict[str, Any]) -> Iterator[Shop]:
    program, administrator = running
    devices = httpx.get(f"http://{city['control']}/devices").json()["devices"]
    device = next(device for device in devices if device["address"] == SHOP_ADDRESS)
    channel = device["channels"][0]
    registration = {
        "owner_name": "街角小店",
        "tier": "unit",
        "contact": "13800000000",
        "camera_name": "街角小店门口",
        "lon": channel["lon"],
        "lat": channel["lat"],
        "bearing_deg": channel["bearing_deg"],
        "address": SHOP_ADDRESS,
        "port": device["onvif_port"],
        "username": USERNAME,
        "password": PASSWORDS[Tier.UNIT],
        "consent": {"mode": "near_incident", "radius_m": RADIUS_M},
    }
    opened = httpx.post(f"{program.url}/api/v1/registrations", json=registration).raise_for_status().json()
    with contextlib.closing(Client(program.url, "operator", OPERATOR_PASSWORD)) as operator:
        made = Shop(
            program=program,
            administrator=administrator,
            operator=operator,
            registration_id=opened["id"],
            access_key=opened["access_key"],
            position=Wgs84(channel["lon"], channel["lat"]),
            bearing_deg=channel["bearing_deg"],
        )
        yield made
        if made.as_owner("GET", "/mine")["status"] == "approved":
            made.as_owner("POST", "/consent", withdraw=True)  # the camera is free for the next test


def until_it_plays(socket: ClientConnection, within_s: float = 15.0) -> None:
    deadline_s = time.monotonic() + within_s
    while not (isinstance(message := socket.recv(timeout=deadline_s - time.monotonic()), bytes) and b"moof" in message):
        pass


def until_it_ends(socket: ClientConnection, within_s: float) -> tuple[int, str]:
    """Close code and reason; TimeoutError when pictures still come."""
    deadline_s = time.monotonic() + within_s
    because = ""
    try:
        while True:
            message = socket.recv(timeout=max(0.0, deadline_s - time.monotonic()))
            if isinstance(message, str):
                because = json.loads(message).get("because", "")
    except ConnectionClosed as closed:
        return (closed.rcvd.code if closed.rcvd else 0), because


def test_before_approval_the_operator_meets_the_camera_nowhere(shop: Shop) -> None:
    known = shop.known_to_the_operator()
    assert len(known) == len(shop.administrator.get("/cameras", limit=500, life_cycle="approved")["items"])
    last = max(known)
    for camera_id in range(last + 1, last + 4):  # whichever number it would have
        assert shop.snapshot(camera_id).status_code == 404
        with shop.live(camera_id) as socket:
            assert until_it_ends(socket, 5)[0] == GONE
    with pytest.raises(TryAgain, match="403"):
        shop.operator.get("/registrations")
    assert shop.approved() not in known


def test_it_plays_from_an_open_incident_near_by_and_from_nothing_else(shop: Shop) -> None:
    camera_id = shop.approved()
    near, far = shop.incident(20), shop.incident(RADIUS_M + 30)
    for asked, because in (({}, "no_incident"), ({"incident": far["id"]}, "too_far")):
        refused = shop.snapshot(camera_id, **asked)
        assert (refused.status_code, refused.json()["error"]["code"]) == (403, because)
        with shop.live(camera_id, asked.get("incident")) as socket:
            assert until_it_ends(socket, 5) == (REFUSED, because)
    picture = shop.snapshot(camera_id, incident=near["id"])
    assert picture.content.startswith(b"\xff\xd8")
    with shop.live(camera_id, near["id"]) as socket:
        until_it_plays(socket)


def test_it_is_ranked_where_something_happens_in_front_of_it(shop: Shop) -> None:
    camera_id = shop.approved()
    near = shop.incident(8)

    def ranked() -> Any:
        feeds = shop.operator.get(f"/incidents/{near['id']}/feeds", limit=50)["feeds"]
        return next((feed for feed in feeds if feed["camera_id"] == camera_id and feed["usable"]), None)

    feed = until(ranked, 30, "the shop's camera is ranked")
    assert feed["sees"]
    assert f"incident={near['id']}" in feed["live"]["url"]
    shop.operator.first_key_frame(feed["live"]["url"], 15)


def test_it_stops_when_the_owner_withdraws(shop: Shop) -> None:
    camera_id = shop.approved()
    near = shop.incident(20)
    with shop.live(camera_id, near["id"]) as socket:
        until_it_plays(socket)
        shop.as_owner("POST", "/consent", withdraw=True)
        assert until_it_ends(socket, STOPS_WITHIN_S) == (REFUSED, "withdrawn")
    assert not shop.snapshot(camera_id, incident=near["id"]).is_success
    assert camera_id not in shop.known_to_the_operator()


def test_it_stops_when_the_incident_is_closed(shop: Shop) -> None:
    camera_id = shop.approved()
    near = shop.incident(20)
    with shop.live(camera_id, near["id"]) as socket:
        until_it_plays(socket)
        shop.operator.post(f"/incidents/{near['id']}/status", {"status": "closed"})
        assert until_it_ends(socket, STOPS_WITHIN_S)[0] == REFUSED
    assert shop.snapshot(camera_id, incident=near["id"]).status_code == 403


def test_the_owner_reads_every_look_and_every_refusal(shop: Shop) -> None:
    camera_id = shop.approved()
    near = shop.incident(20)
    earlier = shop.as_owner("GET", "/looks")["total"]
    shop.snapshot(camera_id)
    shop.snapshot(camera_id, incident=near["id"])
    with shop.live(camera_id, near["id"]) as socket:
        until_it_plays(socket)

    def ended() -> Any:
        looks = shop.as_owner("GET", "/looks")
        return looks if looks["items"][0]["ended_at"] else None

    looks = until(ended, 10, "the live look has ended in the log")
    assert looks["total"] == earlier + 3
    told = [(look["who"], look["kind"], look["allowed"], look["incident_no"]) for look in looks["items"][:3]]
    number = near["incident_no"]
    assert told == [
        ("operator", "live", True, number),
        ("operator", "snapshot", True, number),
        ("operator", "snapshot", False, None),
    ]
