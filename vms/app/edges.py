"""The edges as the services and endpoints ask for them: stored logins in, narrow answers out."""

import asyncio
from dataclasses import replace
from urllib.parse import urlsplit

from vms.core.clock import system_clock
from vms.core.errors import DeviceUnreachable
from vms.devices.budget import Login, RequestBudget
from vms.devices.identify import identify
from vms.devices.sync import request_key_frame
from vms.devices.who_answers import Certainty
from vms.health.spending import STILL, STILL_FROM_STREAM, Reason
from vms.inventory.camera import Camera, Stream
from vms.inventory.device import ObservedDevice
from vms.media import login as media_login
from vms.media.still import fetch_still, still_from_stream
from vms.media.tls import TlsTrust
from vms.media.trouble import PictureFailed, Trouble
from vms.services.credentials.first_showing import first_showing
from vms.services.credentials.keep_refusal import keep_refusal
from vms.services.live_pictures import WhoAnswers
from vms.services.spending import Purse
from vms.services.trust_for import trust_for
from vms.services.who_answers import ANOTHER, ANOTHER_DEVICE
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
    """From the snapshot address, else a key frame of the smallest stream. Raises PictureFailed, DeviceUnreachable,
    OverBudget."""

    def __init__(self, database: Database, who_answers: WhoAnswers | None = None, purse: Purse | None = None) -> None:
        self._database = database
        self._who_answers = who_answers
        self._purse = purse

    async def __call__(self, camera: Camera, login: StoredLogin | None) -> bytes:
        if self._purse is not None:
            price = STILL if camera.snapshot_uri else STILL_FROM_STREAM
            await self._purse.pay(camera.device_id, price, Reason.WALL)
        async with first_showing(self._database, camera.device_id, login, system_clock) as showing:
            if not showing.allowed:
                raise PictureFailed(Trouble.LOGIN_REFUSED, "nobody knows yet whether the device takes this login")
            try:
                jpeg = await self._fetch(camera, login)
            except PictureFailed as failed:
                if failed.trouble is Trouble.LOGIN_REFUSED:
                    await asyncio.to_thread(self._keep_refusal, camera, login)
                raise
            showing.worked = True
            return jpeg

    async def _fetch(self, camera: Camera, login: StoredLogin | None) -> bytes:
        trust = await asyncio.to_thread(self._trust, camera)
        signs_in = await self._signs_in(camera, login)
        if camera.snapshot_uri:
            return (await fetch_still(camera.snapshot_uri, signs_in, trust=trust)).jpeg
        if not camera.streams:
            raise DeviceUnreachable(f"camera {camera.camera_id} has told neither a snapshot address nor a stream")
        smallest = min(camera.streams, key=lambda stream: stream.width * stream.height)
        return (await still_from_stream(smallest.uri, signs_in, trust=trust)).jpeg

    def _keep_refusal(self, camera: Camera, login: StoredLogin | None) -> None:
        if camera.device_id is None or login is None:
            return
        with self._database.writing() as tx:
            keep_refusal(tx, camera.device_id, login.credential_id, login.version, system_clock(), somebody_else=True)

    async def _signs_in(self, camera: Camera, login: StoredLogin | None) -> media_login.Login | None:
        certainty = Certainty.SURE
        if self._who_answers is not None:
            certainty = await self._who_answers(camera.device_id, login, "stills now")
        if certainty is Certainty.ANOTHER:
            raise DeviceUnreachable(ANOTHER, code=ANOTHER_DEVICE)
        if certainty is Certainty.REFUSED:
            raise PictureFailed(Trouble.LOGIN_REFUSED, "the device refused the login")
        found = for_media(login)
        return found and replace(found, digest_only=certainty is Certainty.OPEN)

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
