"""Makes sure of each device before the poller shows it a login (decision 8); most tell it by one open question."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from vms.core.clock import Clock
from vms.core.errors import NotFound
from vms.core.ids import DeviceId
from vms.devices.budget import Login
from vms.devices.onvif.client import OnvifClient
from vms.devices.who_answers import Certainty, ask_by_name, ask_openly
from vms.health.reading import ControlReading
from vms.inventory.device import ObservedDevice
from vms.inventory.identity.keys import usable_reference
from vms.inventory.identity.open_evidence import Answerer
from vms.services.learn_of_device import Lesson
from vms.services.polling.roster import PolledDevice
from vms.store import devices
from vms.store.database import Database


@dataclass(slots=True)
class _Standing:
    """What is known of one device; there may be 100,000."""

    place: tuple[str, int]
    reference: str | None = None
    """By which it is known; empty: none that lasts; None: not looked up yet."""
    is_sure: bool = False
    """It has told its serial number, and has answered ever since."""
    was_named: bool = False
    """It was asked for it since its last silence."""
    is_another: bool = False
    last: Certainty = Certainty.SURE


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorNews:
    """Since it was taken last, by device."""

    another: Mapping[DeviceId, str] = field(default_factory=dict)
    """Another one answers at this host and port."""
    lessons: Mapping[DeviceId, Lesson] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.another or self.lessons)

    def before(self, newer: "DoorNews") -> "DoorNews":
        """They could not be written; what has come since counts more."""
        return DoorNews(another={**self.another, **newer.another}, lessons={**self.lessons, **newer.lessons})


class Door:
    def __init__(self, database: Database, *, clock: Clock, timeout_s: float) -> None:
        self._database = database
        self._clock = clock
        self._timeout_s = timeout_s
        self._standing: dict[DeviceId, _Standing] = {}
        self._news = DoorNews(another={}, lessons={})

    def is_another(self, device: PolledDevice) -> bool:
        """The last time another one answered there."""
        return self._of(device).is_another

    def is_unsure(self, device: PolledDevice) -> bool:
        """The last time nobody could say who answers."""
        return self._of(device).last is not Certainty.SURE

    def was_silent(self, device: PolledDevice) -> None:
        """What was certain before is not any more."""
        standing = self._of(device)
        standing.is_sure = standing.was_named = False

    def learn(self, device: PolledDevice, lesson: Lesson) -> None:
        self._news = self._news.before(DoorNews(lessons={device.target.device_id: lesson}))

    def take_news(self) -> DoorNews:
        taken, self._news = self._news, DoorNews()
        return taken

    def put_back(self, unwritten: DoorNews) -> None:
        self._news = unwritten.before(self._news)

    def forget(self, device_id: DeviceId) -> None:
        self._standing.pop(device_id, None)

    async def make_sure(self, device: PolledDevice, control: ControlReading) -> Certainty:
        """At most three questions, mostly one. `control` is what it answered in this round: where it was silent nobody
        can be asked."""
        standing = self._of(device)
        standing.last = await self._make_sure(device, control, standing)
        if (standing.last is Certainty.ANOTHER) and not standing.is_another:
            address, port = standing.place
            host = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
            self._news = self._news.before(DoorNews(another={device.target.device_id: host}))
        if control.answered:
            standing.is_another = standing.last is Certainty.ANOTHER
        return standing.last

    async def _make_sure(self, device: PolledDevice, control: ControlReading, standing: _Standing) -> Certainty:
        if device.login is None:
            return Certainty.SURE
        if not control.answered:
            self.was_silent(device)
            return Certainty.OPEN
        if standing.reference is None:
            standing.reference = _reference(await asyncio.to_thread(self._observed, device))
        answers = await self._ask_openly(device, standing)
        if answers is not Answerer.UNTOLD:
            return Certainty.SURE if answers is Answerer.KNOWN else Certainty.ANOTHER
        if standing.is_sure:
            return Certainty.SURE
        if standing.was_named:
            return Certainty.OPEN
        found = await ask_by_name(self._client(device), await asyncio.to_thread(self._observed, device))
        standing.is_sure, standing.was_named = found is Certainty.SURE, found is not Certainty.ANOTHER
        return found

    async def _ask_openly(self, device: PolledDevice, standing: _Standing) -> Answerer:
        target = device.target
        known = ObservedDevice(
            address=target.address,
            port=target.port,
            endpoint_reference=standing.reference or "",
            quirks=target.quirks,
        )
        answers = await ask_openly(self._client(device), known)
        if answers is not Answerer.ANOTHER:
            return answers
        # It may have been heard under another reference since, or tell one that is made of its network card.
        anew = await asyncio.to_thread(self._observed, device)
        standing.reference = _reference(anew)
        return await ask_openly(self._client(device), anew)

    def _of(self, device: PolledDevice) -> _Standing:
        """One that is looked for elsewhere now is made sure of anew."""
        target = device.target
        place = (target.address, target.port)
        known = self._standing.get(target.device_id)
        if known is None or known.place != place:
            known = self._standing[target.device_id] = _Standing(place)
        return known

    def _client(self, device: PolledDevice) -> OnvifClient:
        target, login = device.target, device.login
        return OnvifClient(
            target.address,
            target.port,
            quirks=target.quirks,
            policy=target.policy,
            login=None if login is None else Login(username=login.username, password=login.password),
            timeout_s=self._timeout_s,
            clock=self._clock,
        )

    def _observed(self, device: PolledDevice) -> ObservedDevice:
        target = device.target
        with self._database.reading() as tx:
            try:
                return devices.get(tx, target.device_id).observed
            except NotFound:
                return ObservedDevice(address=target.address, port=target.port, quirks=target.quirks)


def _reference(observed: ObservedDevice) -> str:
    """Empty: it tells none that lasts."""
    return "" if observed.quirks.reference_changes else usable_reference(observed.endpoint_reference)
