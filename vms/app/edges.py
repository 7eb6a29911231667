"""The edges as the services and endpoints ask for them: stored logins in, narrow answers out."""

import asyncio
from urllib.parse import urlsplit

from vms.core.errors import DeviceUnreachable
from vms.devices.budget import Login, RequestBudget
from vms.devices.identify import identify
from vms.devices.sync import request_key_frame
from vms.inventory.camera import Camera, Stream
from vms.inventory.device import ObservedDevice
from vms.media import login as media_login
from vms.media.still import fetch_still, still_from_stream
from vms.media.tls import TlsTrust
from vms.services.trust_for import trust_for
from vms.store import devices
from vms.store.credentials import StoredLogin
from vms.store.database import Database

KEY_FRAME_WITHIN_S = 2.0


def for_devices(login: StoredLogin | None) -> Login | None:
    """The version tells apart both the credential and its changes: a refusal is remembered against it."""
    if login is None:
        return None
    return Login(username=login.username, password=login.password, version=f"{login.credential_id}.{login.version}")


def for_media(login: StoredLogin | None) -> media_login.Login | None:
    return None if login is None else media_login.Login(login.username, login.password)


async def probe(address: str, port: int, login: StoredLogin | None) -> ObservedDevice:
    wanted = for_devices(login)
    return await identify(address, port, () if wanted is None else (wanted,))


class StillsNow:
    """From the snapshot address, else a key frame of the smallest stream. Raises PictureFailed, DeviceUnreachable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def __call__(self, camera: Camera, login: StoredLogin | None) -> bytes:
        trust = await asyncio.to_thread(self._trust, camera)
        if camera.snapshot_uri:
            return (await fetch_still(camera.snapshot_uri, for_media(login), trust=trust)).jpeg
        if not camera.streams:
            raise DeviceUnreachable(f"camera {camera.camera_id} has told neither a snapshot address nor a stream")
        smallest = min(camera.streams, key=lambda stream: stream.width * stream.height)
        return (await still_from_stream(smallest.uri, for_media(login), trust=trust)).jpeg

    def _trust(self, camera: Camera) -> TlsTrust:
        with self._database.reading() as tx:
            return trust_for(tx, camera)


class KeyFrames:
    """Asks a camera that has just been called for a key frame."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._budget = RequestBudget()

    async def __call__(self, camera: Camera, stream: Stream, login: StoredLogin | None) -> None:
        if camera.device_id is None:
            return
        with self._database.reading() as tx:
            known = devices.get(tx, camera.device_id)
        device = known.observed
        if urlsplit(stream.uri).hostname != device.address:
            return
        await request_key_frame(
            device.address,
            device.port,
            stream.profile,
            for_devices(login),
            quirks=device.quirks,
            policy=known.policy,
            timeout_s=KEY_FRAME_WITHIN_S,
            budget=self._budget,
        )
