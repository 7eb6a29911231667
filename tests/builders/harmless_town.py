"""The devices of a simulated year, which answer as they please and keep count of what they are asked; and its clock."""

import asyncio
import heapq
import random
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from vms.devices.http import ExchangeFailed, Limits
from vms.devices.http_answer import HttpAnswer
from vms.devices.onvif.operations import Service
from vms.health.picture.sequence import Step
from vms.health.reading import StreamReading
from vms.inventory.device import AuthScheme, Quirks
from vms.media.proof import StreamProof
from vms.media.still import Still
from vms.media.trouble import PictureFailed, Trouble
from vms.services.polling.still_ways import Way
from vms.store.poll_targets import PollCamera

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
CLOCK_TOLD = (
    b'<s:Envelope xmlns:s="x"><s:Body><UTCDateTime><Time><Hour>%d</Hour><Minute>%d</Minute><Second>%d</Second></Time>'
    b"<Date><Year>%d</Year><Month>%d</Month><Day>%d</Day></Date></UTCDateTime></s:Body></s:Envelope>"
)
SIGNED = (
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><{name}Response>{inner}</{name}Response>'
    "</s:Body></s:Envelope>"
)
FAULT = (
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><s:Fault><s:Code><s:Value>s:Sender</s:Value>'
    "<s:Subcode><s:Value>ter:{code}</s:Value></s:Subcode></s:Code></s:Fault></s:Body></s:Envelope>"
)
CHALLENGE = ("www-authenticate", 'Digest realm="camera", nonce="{nonce}", qop="auth", stale={stale}')
OFFERED = f"<Service><Namespace>{Service.PTZ}</Namespace><XAddr>http://device/onvif/ptz</XAddr></Service>"
PRESETS = (
    '<Preset token="1"><Name>gate</Name><PTZPosition><PanTilt x="0.5" y="0"/></PTZPosition></Preset><Preset token="2"/>'
)
REFUSED = "refused"
OPEN = frozenset({"GetSystemDateAndTime"})
OPEN_BY_WSSE = OPEN | {"GetServices", "GetCapabilities"}
"""As the specification has it; devices with Digest mostly ask for it at their door."""
_ASKED = re.compile(rb":Body><(?:\w+:)?(\w+)")
_USER = re.compile(rb'(?:Username>|username=")(\d+)')
SCHEMES = {"device-1": AuthScheme.WSSE, "device-2": AuthScheme.DIGEST}
"""How each is signed in to; others by WSSE."""


class Time:
    """The year's clock: those who wait are woken in their order."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self._waiting: list[tuple[float, int, asyncio.Future[None]]] = []
        self._number = 0

    def clock(self) -> datetime:
        return NEW_YEAR + timedelta(seconds=self.now_s)

    async def sleep(self, seconds: float) -> None:
        self._number += 1
        until = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (self.now_s + seconds, self._number, until))
        await until

    async def go_on_to(self, second: float) -> None:
        while self._waiting and self._waiting[0][0] <= second:
            self.now_s, _, until = heapq.heappop(self._waiting)
            if until.done():
                continue  # who waited was killed
            until.set_result(None)
            for _ in range(4):  # whoever was woken comes to its next wait
                await asyncio.sleep(0)
        self.now_s = second


@dataclass(slots=True)
class Seen:
    """What a device has been through."""

    open_now: int = 0
    most_at_once: int = 0
    requests: Counter[date] = field(default_factory=Counter)
    refused: Counter[int] = field(default_factory=Counter)
    """By version of the credential."""
    sign_ins: int = 0
    heads: Counter[str] = field(default_factory=Counter)
    """Questions about its head that were let in, by name; and how many were refused."""


@dataclass(slots=True)
class Town:
    """Devices that answer as they please."""

    time: Time
    rng: random.Random
    seen: dict[str, Seen] = field(default_factory=dict)
    mood: dict[str, str] = field(default_factory=dict)
    password: dict[str, int] = field(default_factory=dict)
    """The version that the device takes; it may be changed behind our back."""
    kills: int = 0

    async def exchange(self, address: str, port: int, request: bytes, *, timeout_s: float) -> HttpAnswer:
        async with self._connection(address, 1):
            garbled = await self._reach(address, timeout_s)
            if garbled is not None:
                return garbled
            now = self.time.clock() + timedelta(seconds=self.rng.choice((0, 0, 0, 90)))
            told = CLOCK_TOLD % (now.hour, now.minute, now.second, now.year, now.month, now.day)
            return HttpAnswer(status=200, headers=(), body=told, connect_s=0.01, total_s=0.02)

    async def carry(self, address: str, port: int, request: bytes, *, limits: Limits, **_: object) -> HttpAnswer:
        """A question that may be signed: for its services, its head, its presets."""
        async with self._connection(address, 1):
            garbled = await self._reach(address, limits.total_s)
            if garbled is not None:
                return garbled
            asked, chance = _ASKED.findall(request)[0].decode(), self.rng.random()
            if chance < 0.02:
                raise ExchangeFailed("closed", "the device hung up")
            by_digest = SCHEMES.get(address) is AuthScheme.DIGEST
            if asked not in (OPEN if by_digest else OPEN_BY_WSSE):
                shown = _USER.search(request)
                if shown is None or (by_digest and b"Authorization: Digest" not in request):
                    return self._not_authorized(by_digest, "false")
                if self._refuses_version(address, int(shown[1])):
                    self.seen[address].heads[REFUSED] += 1
                    return self._not_authorized(by_digest, "false")
                self.seen[address].heads[asked] += 1
                if by_digest and chance < 0.1:
                    return self._not_authorized(by_digest, "true")
            if chance > 0.99:
                code = self.rng.choice(("ActionNotSupported", "NoEntity", "InvalidArgVal"))
                return HttpAnswer(
                    status=self.rng.choice((200, 400, 500)), headers=(), body=FAULT.format(code=code).encode()
                )
            body = SIGNED.format(name=asked, inner=self._inner(asked))
            return HttpAnswer(status=200, headers=(), body=body.encode())

    def _inner(self, asked: str) -> str:
        match asked:
            case "GetServices":
                return OFFERED if self.rng.random() < 0.99 else ""
            case "GetPresets":
                return PRESETS if self.rng.random() < 0.9 else self.rng.choice(("", "<Preset/>" * 1000))
            case "GetStatus":
                pan = self.rng.choice(("0.5", "-1", "180", "nan", "", "1e300"))
                head = f'<Position><PanTilt x="{pan}" y="0"/></Position>'
                return f"{head}<MoveStatus><PanTilt>{self.rng.choice(('IDLE', 'MOVING', '?'))}</PanTilt></MoveStatus>"
            case _:
                return ""

    def _not_authorized(self, by_digest: bool, stale: str) -> HttpAnswer:
        if not by_digest:
            body = FAULT.format(code="NotAuthorized").encode()
            return HttpAnswer(status=self.rng.choice((200, 400, 401, 500)), headers=(), body=body)
        name, challenge = CHALLENGE
        nonce = f"{self.rng.getrandbits(64):x}"
        return HttpAnswer(status=401, headers=((name, challenge.format(nonce=nonce, stale=stale)),), body=b"")

    async def _reach(self, address: str, timeout_s: float) -> HttpAnswer | None:
        """What it says where it makes no sense. Raises ExchangeFailed."""
        mood = self.mood[address]
        if mood == "moody":
            mood = self.rng.choice(("answers", "silent", "refuses", "garbage"))
        if mood == "silent":
            await self.time.sleep(timeout_s)
            raise ExchangeFailed("timeout", "no answer", connect_s=self.rng.choice((None, 0.1)))
        await self.time.sleep(self.rng.uniform(0.01, timeout_s))
        if mood == "refuses":
            raise ExchangeFailed("refused", "the connection was refused")
        if mood == "garbage":
            return HttpAnswer(status=self.rng.choice((200, 401, 500)), headers=(), body=self.rng.randbytes(30))
        return None

    async def prove(self, uri: str, login: object, **_: object) -> StreamProof:
        address = uri.split("/")[2]
        async with self._connection(address, 6):
            await self.time.sleep(self.rng.uniform(0.1, 5.0))
            if self._refuses(address, login):
                return StreamProof(reading=StreamReading(playing=False, because="login_refused"))
            if self.mood[address] == "answers":
                return StreamProof(reading=StreamReading(playing=True, first_key_frame_s=0.4))
            because = self.rng.choice(("busy", "no_media", "timeout", "refused"))
            return StreamProof(reading=StreamReading(playing=False, because=because))

    async def fetch(self, camera: PollCamera, way: Way, login: object, *_: object) -> Still:
        address = (camera.snapshot_uri or "").split("/")[2]
        async with self._connection(address, 2 if way is Way.SNAPSHOT else 6):
            await self.time.sleep(self.rng.uniform(0.1, 5.0))
            if self._refuses(address, login):
                raise PictureFailed(Trouble.LOGIN_REFUSED, "the login was refused")
            if self.rng.random() < 0.5:
                return Still(jpeg=b"", at=self.time.clock(), width=64, height=48)
            raise PictureFailed(self.rng.choice((Trouble.BUSY, Trouble.NOT_FOUND, Trouble.TIMEOUT)), "no picture")

    async def burst(self, uri: str, login: object, **_: object) -> tuple[Step, ...]:
        address = uri.split("/")[2]
        async with self._connection(address, 6):
            await self.time.sleep(self.rng.uniform(0.1, 5.0))
            if self._refuses(address, login):
                raise PictureFailed(Trouble.LOGIN_REFUSED, "the login was refused")
            return ()

    async def key_frames(self, uri: str, login: object, **_: object) -> tuple[tuple[Step, ...], bool]:
        return await self.burst(uri, login), False

    async def relearn(self, address: str, port: int, quirks: Quirks, *_: object, **__: object) -> Quirks | None:
        async with self._connection(address, 12):
            await self.time.sleep(5.0)
            auth = self.rng.choice((quirks.auth, quirks.auth, AuthScheme.UNKNOWN))
            return self.rng.choice((None, replace(quirks, auth=auth, forgotten=False)))

    def _connection(self, address: str, requests: int) -> "Connection":
        return Connection(self.seen[address], requests, self.time.clock)

    def _refuses(self, address: str, login: object) -> bool:
        return self._refuses_version(address, int(getattr(login, "password", "0")))

    def _refuses_version(self, address: str, version: int) -> bool:
        self.seen[address].sign_ins += 1
        if version == self.password[address]:
            return False
        self.seen[address].refused[version] += 1
        return True


@dataclass(frozen=True, slots=True)
class Connection:
    seen: Seen
    requests: int
    clock: Callable[[], datetime]

    async def __aenter__(self) -> None:
        self.seen.open_now += 1
        self.seen.most_at_once = max(self.seen.most_at_once, self.seen.open_now)
        self.seen.requests[self.clock().date()] += self.requests

    async def __aexit__(self, *_: object) -> None:
        self.seen.open_now -= 1
