"""The web application on a real socket, beside the test in its loop; people signed in over HTTP."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import uvicorn
from argon2 import PasswordHasher
from cryptography.fernet import Fernet
from fastapi import FastAPI

from vms.access.agreement import Agreements
from vms.access.decide import IncidentScene
from vms.access.roles import Person, Role
from vms.api.app import create_app
from vms.api.rooms import ApiSettings, Rooms
from vms.core.errors import Conflict
from vms.core.geo import LocalFrame, Wgs84, distance_m
from vms.core.ids import CameraId, OwnerId
from vms.coverage.loss import CoverageLoss
from vms.coverage.redundancy import Redundancy
from vms.coverage.tally import Price
from vms.coverage.view import View, compute_view
from vms.coverage.walls import Walls
from vms.devices.budget import Login
from vms.devices.identify import identify
from vms.health.status import Status
from vms.inventory.camera import Declared, LifeCycle, Pose, Stream
from vms.inventory.device import ObservedDevice
from vms.inventory.tier import Tier
from vms.media.gateway import LiveGateway
from vms.media.live import LivePictures
from vms.places.land import Land
from vms.places.locate import Match, locate
from vms.places.street_corners import StreetCorners
from vms.places.town import Place, PlaceKind
from vms.services.coverage.answers import Box, Feed, Gaps, SeenBy, Spot, ViewTile
from vms.services.coverage.tier_rates import Part, TierRates
from vms.services.coverage.who_sees import Seer
from vms.services.look_at_camera import decisions_for
from vms.services.sign_in import ADMINISTRATOR
from vms.store import camera_board, cameras, credentials, devices, events, stills, users
from vms.store.credentials import StoredLogin
from vms.store.database import Database
from vms.store.schema import cameras as camera_table
from vms.store.schema import streams as stream_table
from vms.store.secret_box import SecretBox
from vms.store.stills import Still

ADMIN_PASSWORD = "correct horse battery"
QUICK_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(ADMIN_PASSWORD)
"""Checked in no time, as the hash itself says; a true one takes 25 ms at every sign-in of every test."""
SQUARE = Wgs84(113.62, 34.75)
AGREED = "127.24.65.0/24"
"""Cameras here are used by agreement."""
SHOPS = "127.24.0.0/16"
"""Cameras may be registered here: where the tests' pretend devices are."""


class MovableClock:
    """The machine's time, plus what the test adds."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def forward(self, step: timedelta) -> None:
        self.ahead += step

    def to_noon(self) -> None:
        """The next one at the square."""
        self.forward(timedelta(hours=4, minutes=25) - timedelta(hours=self().hour, minutes=self().minute))
        if self.ahead < timedelta():
            self.forward(timedelta(days=1))


class OpenGround:
    """Coverage on an empty plain: every approved camera within 300 m sees the spot. Ranked by distance."""

    attribution = "nobody's map"

    def __init__(self, database: Database, agreements: Agreements) -> None:
        self._database = database
        self._agreements = agreements

    def at(self, point: Wgs84, person: Person, now: datetime) -> Spot:
        seen = tuple(
            SeenBy(
                camera_id=feed.camera_id,
                name=feed.name,
                tier=feed.tier,
                status=feed.status,
                distance_m=feed.distance_m,
                density_px_per_m=feed.density_px_per_m,
                usable=feed.usable,
            )
            for feed in self._feeds(point, None, person, 50, now)
        )
        return Spot(seen_by=seen, cause=None if any(one.usable for one in seen) else "none_built")

    def who_sees(
        self, point: Wgs84, person: Person, k: int, now: datetime, *, permitted: bool = False
    ) -> tuple[Seer, ...]:
        return ()

    def feeds(self, incident: IncidentScene, person: Person, limit: int, now: datetime) -> tuple[Feed, ...]:
        return self._feeds(incident.position, incident, person, limit, now)

    def gaps(self) -> Gaps:
        return Gaps(measured_at=None, road_m=0.0, covered_road_m=0.0, places=0, covered_places=0)

    def price_of(self, camera_ids: Collection[CameraId]) -> dict[CameraId, Price]:
        """Each of them sees 50 m that nobody else does."""
        return {one: Price(road_m=50.0, places=0, weighted_m=50.0, covers_m=80.0) for one in camera_ids}

    def redundancy(self, box: Box | None, limit: int) -> Redundancy:
        return Redundancy(by_views_m=(0.0,), spots=(), cameras=())

    def loss_without(self, camera_ids: Collection[int]) -> CoverageLoss | None:
        """Each of them sees 50 m that nobody else does."""
        return CoverageLoss(placed=len(camera_ids), road_m=50.0 * len(camera_ids), places=("人民广场",))

    def views_geojson(self, box: Box | None) -> bytes:
        return b'{"type":"FeatureCollection","features":[]}'

    def view_tile_stamp(self, zoom: int, column: int, row: int) -> str:
        return "plain"

    def view_tile(self, zoom: int, column: int, row: int) -> ViewTile:
        return ViewTile("plain", b"")

    def view_of(self, pose: Pose, *, width_px: int, indoor: bool, ptz: bool) -> View:
        return compute_view(pose, Walls.of_segments(LocalFrame(pose.position), np.zeros((0, 4))), width_px=width_px)

    def locate(self, text: str, limit: int) -> Sequence[Match]:
        return locate(text, [Place(kind=PlaceKind.SQUARE, name="人民广场", position=SQUARE)], limit=limit)

    def tier_rates(self, land: Land, region: str, *, by_night: bool) -> TierRates:
        nothing = Part(road=None, places=None)
        return TierRates(as_of=datetime.now(UTC), road_m=0.0, places=0, tiers=(), together=nothing)

    def street_corners(self) -> StreetCorners:
        return StreetCorners([Place(kind=PlaceKind.CROSSING, name="人民路 / 解放路", position=SQUARE)])

    def _feeds(
        self, spot: Wgs84, scene: IncidentScene | None, person: Person, limit: int, now: datetime
    ) -> tuple[Feed, ...]:
        with self._database.reading() as tx:
            dots = {d.camera_id: d for d in camera_board.dots(tx, now, in_service_only=True)}
            near = [one for one in dots.values() if distance_m(Wgs84(one.lon, one.lat), spot) < 300]
            near.sort(key=lambda one: distance_m(Wgs84(one.lon, one.lat), spot))
            ids = [one.camera_id for one in near[:limit]]
            decided = decisions_for(tx, person, ids, self._agreements, now, incident=scene)
            streams = {camera.camera_id: bool(camera.streams) for camera in cameras.by_ids(tx, ids)}
        return tuple(
            Feed(
                rank=rank,
                camera_id=one.camera_id,
                name=one.name,
                tier=one.tier,
                status=Status.UP,
                position=Wgs84(one.lon, one.lat),
                bearing_deg=one.bearing_deg,
                distance_m=distance_m(Wgs84(one.lon, one.lat), spot),
                density_px_per_m=100.0,
                sees=True,
                usable=decided[one.camera_id].allowed,
                decision=decided[one.camera_id],
                sentence_en="sees the spot",
                sentence_zh="能看到该处",
                terms=(),
                has_stream=streams[one.camera_id],
            )
            for rank, one in enumerate(near[:limit], 1)
        )


async def probe(address: str, port: int, login: StoredLogin | None) -> ObservedDevice:
    """The real client."""
    logins = (
        [] if login is None else [Login(username=login.username, password=login.password, version=str(login.version))]
    )
    return await identify(address, port, logins, timeout_s=10.0)


@dataclass(slots=True)
class Web:
    url: str
    app: FastAPI
    rooms: Rooms
    clock: MovableClock
    _clients: list[httpx.AsyncClient] = field(default_factory=list)

    @property
    def database(self) -> Database:
        return self.rooms.database

    @property
    def address(self) -> tuple[str, int]:
        host, _, port = self.url.removeprefix("http://").partition(":")
        return host, int(port)

    def client(self, token: str | None = None) -> httpx.AsyncClient:
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        # without TLS: reading the authorities of this machine takes each client 20 ms
        client = httpx.AsyncClient(base_url=f"{self.url}/api/v1", headers=headers, timeout=20.0, verify=False)
        self._clients.append(client)
        return client

    async def signed_in(self, role: Role = Role.ADMIN, *, owner_id: int | None = None) -> httpx.AsyncClient:
        """A client with a bearer token; the user is made at first use."""
        name = "admin" if role is Role.ADMIN else f"{role.value}{owner_id or ''}"
        if role is not Role.ADMIN:
            add_user(self.database, name, role, self.clock(), None if owner_id is None else OwnerId(owner_id))
        token = (await self.sign_in(name))["token"]
        return self.client(token)

    async def sign_in(self, name: str = "admin", password: str = ADMIN_PASSWORD) -> dict[str, Any]:
        answer = await self.client().post("/session", json={"username": name, "password": password})
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def close(self) -> None:
        for client in self._clients:
            await client.aclose()


def add_user(database: Database, name: str, role: Role, now: datetime, owner_id: OwnerId | None = None) -> None:
    """With ADMIN_PASSWORD; told as the service tells it. Whoever is there already stays."""
    with contextlib.suppress(Conflict), database.writing() as tx:
        user = users.add(tx, name, QUICK_HASH, role, now, owner_id=owner_id)
        events.append(tx, "user.added", user.user_id, {"name": name, "role": role.value}, now)


@contextlib.asynccontextmanager
async def running_web(
    database: Database, folder: Path, *, live: LivePictures | None = None, **rooms_changes: Any
) -> AsyncIterator[Web]:
    clock = MovableClock()
    add_user(database, ADMINISTRATOR, Role.ADMIN, clock())
    agreements = Agreements(networks=(ip_network(AGREED),))
    settings = ApiSettings(agreements=agreements, registration_networks=(ip_network(SHOPS),))
    async with contextlib.AsyncExitStack() as stack:
        rooms = Rooms(
            database=database,
            clock=clock,
            coverage=OpenGround(database, agreements),
            live=live or await stack.enter_async_context(LiveGateway()),
            stills_folder=folder,
            photographs_folder=folder / "photographs",
            references=folder / "references",
            box=SecretBox(Fernet.generate_key()),
            probe=probe,
            settings=replace(settings, **rooms_changes.pop("settings", {})),
        )
        app = create_app(replace(rooms, **rooms_changes))
        server = uvicorn.Server(
            uvicorn.Config(app, log_level="warning", ws_per_message_deflate=False, timeout_graceful_shutdown=1)
        )
        # The protocol is named: else asyncio leaves Nagle's algorithm on, which costs 40 ms an answer.
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.bind(("127.0.0.1", 0))
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        async with asyncio.timeout(10):
            while not server.started:  # noqa: ASYNC110 - uvicorn tells it no other way
                await asyncio.sleep(0.005)
        port = listener.getsockname()[1]
        web = Web(url=f"http://127.0.0.1:{port}", app=app, rooms=app.state.rooms, clock=clock)
        try:
            yield web
        finally:
            await web.close()
            server.should_exit = True
            await serving


def put_camera(
    web: Web,
    *,
    name: str = "路口",
    tier: Tier = Tier.GOVERNMENT,
    life_cycle: LifeCycle = LifeCycle.APPROVED,
    east_m: float = 0.0,
    address: str = "127.24.64.1",
    owner_id: OwnerId | None = None,
    streams: Sequence[Stream] = (),
    login: tuple[str, str] | None = None,
) -> CameraId:
    """A camera of a device at that address, so many metres east of the square."""
    pose = Pose(position=LocalFrame(SQUARE).to_wgs84(east_m, 0.0), bearing_deg=90.0, h_fov_deg=80.0)
    now = web.clock()
    with web.database.writing() as tx:
        camera_id = cameras.add(
            tx, Declared(name=name, tier=tier, pose=pose), life_cycle=life_cycle, now=now, owner_id=owner_id
        )
        device_id = devices.insert_observed(tx, ObservedDevice(address=address, port=8080), (), now)
        cameras.bind_device(tx, camera_id, device_id, "source1", now)
        if login is not None:
            credential_id = credentials.put(tx, web.rooms.box, f"login{camera_id}", *login, now)
            devices.set_login(tx, device_id, credential_id)
        for stream in streams:
            tx.execute(
                stream_table.insert().values(
                    camera_id=camera_id,
                    profile=stream.profile,
                    role=stream.role.value,
                    encoding=stream.encoding,
                    width=stream.width,
                    height=stream.height,
                    uri=stream.uri,
                )
            )
        tx.execute(camera_table.update().where(camera_table.c.id == camera_id).values(changed_at=now))
    return camera_id


def put_still(
    web: Web, camera_id: CameraId, content: bytes = b"\xff\xd8 a picture \xff\xd9", file: str = "a.jpg"
) -> None:
    (web.rooms.stills_folder / "a.jpg").write_bytes(content)
    with web.database.writing() as tx:
        still = Still(camera_id=camera_id, at=web.clock() - timedelta(seconds=20), file=file, statistics={})
        stills.put_many(tx, [still])
