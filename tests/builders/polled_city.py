"""A small pretend city whose cameras are in a store, and the poller that watches it."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from cryptography.fernet import Fernet
from sqlalchemy import update

from tests.builders.stored_cameras import store_device
from vms.core.clock import system_clock
from vms.core.ids import CameraId, CredentialId, DeviceId
from vms.health.held_up import HeldUpPolicy
from vms.health.status import Status
from vms.inventory.camera import Stream, StreamRole
from vms.inventory.device import AuthScheme, Quirks
from vms.services.polling.settings import PollerSettings
from vms.services.watch_health import run_poller
from vms.sim.city import City, running_city
from vms.sim.device import LiveDevice
from vms.sim.plan import CityPlan, PretendDevice, plan_city
from vms.store import credentials, devices
from vms.store.credentials import StoredLogin
from vms.store.database import Database
from vms.store.schema import cameras as camera_table
from vms.store.schema import streams as stream_table
from vms.store.secret_box import SecretBox
from vms.store.watching import StatusRow, statuses


@dataclass(frozen=True, slots=True, kw_only=True)
class PolledCity:
    city: City
    database: Database
    settings: PollerSettings
    camera_ids: dict[str, tuple[CameraId, ...]]
    """By address."""
    device_ids: dict[str, DeviceId]
    box: SecretBox

    def login_of(self, credential_id: CredentialId) -> StoredLogin | None:
        return login_of(self.database, self.box, credential_id)

    def statuses(self) -> dict[CameraId, StatusRow]:
        with self.database.reading() as tx:
            return statuses(tx, system_clock())

    def with_status(self, *wanted: Status) -> set[CameraId]:
        return {camera_id for camera_id, row in self.statuses().items() if row.status in wanted}

    def cameras_at(self, addresses: Iterable[str]) -> set[CameraId]:
        return {camera_id for address in addresses for camera_id in self.camera_ids[address]}

    @property
    def everything(self) -> set[CameraId]:
        return self.cameras_at(self.camera_ids)

    @property
    def addresses(self) -> list[str]:
        return list(self.camera_ids)


LET_RUN = HeldUpPolicy(share=2.0)
"""However slow the tests' own machine is."""


@asynccontextmanager
async def polled_city(
    database: Database, folder: Path, *, first_address: str, cameras: int, ptz: bool = False, **settings: float
) -> AsyncIterator[PolledCity]:
    """Every device behaves until it is told not to; all turn with `ptz`. Streams and stills where `settings` say so."""
    plan = plan_city(cameras, first_address=first_address, personalities=False)
    if ptz:
        plan = replace(plan, devices=tuple(_turning(device) for device in plan.devices))
    box = SecretBox(Fernet.generate_key())
    camera_ids, device_ids = store_city(database, plan, box)
    usual = {"interval_s": 1.0, "stream_every": 1000, "still_every": 1000, "timeout_s": 2.0, "save_after_s": 0.1}
    made = PollerSettings(
        stills_folder=folder / "stills",
        login_of=lambda credential_id: login_of(database, box, credential_id),
        held_up=LET_RUN,
        **{**usual, "backoff_max_s": 1.0, **settings},  # type: ignore[arg-type]
    )
    async with running_city(plan) as city:
        yield PolledCity(
            city=city, database=database, settings=made, camera_ids=camera_ids, device_ids=device_ids, box=box
        )


def store_city(
    database: Database, plan: CityPlan, box: SecretBox
) -> tuple[dict[str, tuple[CameraId, ...]], dict[str, DeviceId]]:
    """As discovery would have left it: devices, channels, streams, credentials."""
    now = system_clock()
    camera_ids: dict[str, tuple[CameraId, ...]] = {}
    device_ids: dict[str, DeviceId] = {}
    for device in plan.devices:
        stored = store_device(
            *(database, now),
            address=device.address,
            port=device.onvif_port,
            channels=len(device.channels),
            quirks=Quirks(auth=AuthScheme(device.personality.auth)),
        )
        camera_ids[device.address], device_ids[device.address] = stored.camera_ids, stored.device_id
        with database.writing() as tx:
            credential = credentials.put(tx, box, f"{device.tier}", device.username, device.password, now)
            devices.set_login(tx, stored.device_id, credential)
            for camera_id, channel in zip(stored.camera_ids, device.channels, strict=True):
                where = camera_table.c.id == camera_id
                tx.execute(
                    update(camera_table)
                    .where(where)
                    .values(snapshot_uri=_snapshot(device, channel.number), ptz=channel.ptz)
                )
                tx.execute(stream_table.insert().values(camera_id=camera_id, **_row(device, channel.number)))
    return camera_ids, device_ids


def login_of(database: Database, box: SecretBox, credential_id: CredentialId) -> StoredLogin | None:
    with database.reading() as tx:
        return credentials.login_of(tx, box, credential_id)


@asynccontextmanager
async def running_poller(polled: PolledCity) -> AsyncIterator[None]:
    """The poller in this loop; stopped in good order at the end."""
    stop = asyncio.Event()
    task = asyncio.create_task(run_poller(polled.database, polled.settings, stop=stop))
    try:
        yield
    finally:
        stop.set()
        await task


async def until(condition: Callable[[], object], within_s: float, what: str) -> None:
    """Waits for a condition that another task brings about."""
    deadline_s = time.monotonic() + within_s
    while not condition():
        if time.monotonic() > deadline_s:
            raise AssertionError(f"not within {within_s:g} s: {what}")
        await asyncio.sleep(0.02)


def with_settings(polled: PolledCity, **changes: float) -> PolledCity:
    return replace(polled, settings=replace(polled.settings, **changes))  # type: ignore[arg-type]


def _turning(device: PretendDevice) -> PretendDevice:
    return replace(device, channels=tuple(replace(channel, ptz=True) for channel in device.channels))


def _snapshot(device: PretendDevice, channel: int) -> str:
    return f"http://{device.address}:{device.onvif_port}{LiveDevice(device).snapshot_path(channel, StreamRole.SUB)}"


def _row(device: PretendDevice, channel: int) -> dict[str, object]:
    path = LiveDevice(device).stream_path(channel, StreamRole.SUB)
    uri = f"rtsp://{device.address}:{device.rtsp_port}{path}"
    stream = Stream(
        role=StreamRole.SUB, profile=f"Profile_{channel}_sub", encoding="H264", width=640, height=360, uri=uri
    )
    return {
        "profile": stream.profile,
        "role": stream.role.value,
        "encoding": stream.encoding,
        "width": stream.width,
        "height": stream.height,
        "uri": stream.uri,
    }
