"""Makes sure of each device before the poller shows it a login (decision 8); most tell it by one open question."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from vms.core.clock import Clock
from vms.core.errors import NotFound
from vms.core.ids import DeviceId
from vms.devices.budget import Login, RequestBudget
from vms.devices.onvif.client import OnvifClient
from vms.devices.who_answers import Certainty, ask_by_name, ask_openly
from vms.health.reading import ControlReading
from vms.inventory.device import ObservedDevice
from vms.inventory.identity.keys import usable_reference
from vms.inventory.identity.open_evidence import Answerer
from vms.services.credentials.keep_refusal import keep_refusal
from vms.services.learn_of_device import Lesson, learn_of_device
from vms.services.polling.roster import PolledDevice
from vms.store import devices, events
from vms.store.credentials import StoredLogin
from vms.store.database import Database

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Standing:
    """Who answers, and what it cost to find out."""

    certainty: Certainty
    questions: int = 0


@dataclass(slots=True)
class _Known:
    """Of one device; there may be 100,000."""

    place: tuple[str, int]
    reference: str | None = None
    """By which it is known; empty: none that lasts; None: not looked up yet."""
    named: Certainty | None = None
    """What it said when it was asked by name; it has answered ever since. None: not asked since its last silence."""
    named_with: tuple[int, int] = (0, 0)
    """The credential and its version."""
    is_another: bool = False


class Door:
    """`writes` False: what it finds out is for this run only."""

    def __init__(self, database: Database, *, clock: Clock, timeout_s: float, writes: bool = True) -> None:
        self._database = database
        self._clock = clock
        self._timeout_s = timeout_s
        self._writes = writes
        self._known: dict[DeviceId, _Known] = {}

    def is_another(self, device: PolledDevice) -> bool:
        """The last time another one answered there."""
        known = self._known.get(device.target.device_id)
        return known is not None and known.is_another

    def was_silent(self, device: PolledDevice) -> None:
        """What was certain before is not any more."""
        known = self._known.get(device.target.device_id)
        if known is not None:
            known.named = None

    def forget(self, device_id: DeviceId) -> None:
        self._known.pop(device_id, None)

    async def make_sure(self, device: PolledDevice, control: ControlReading) -> Standing:
        """At most five questions, mostly one. `control` is what it answered in this round: where it was silent nobody
        can be asked."""
        if device.login is None:
            return Standing(Certainty.SURE)
        known = self._of(device)
        if not control.answered:
            self.was_silent(device)
            return Standing(Certainty.OPEN)
        asked = RequestBudget()
        certainty = await self._make_sure(device, device.login, known, asked)
        if certainty is Certainty.ANOTHER and not known.is_another:
            await self._write(lambda tx: self._tell_another(tx, device))
        known.is_another = certainty is Certainty.ANOTHER
        return Standing(certainty, asked.taken)

    async def was_refused(self, device: PolledDevice, login: StoredLogin) -> None:
        """By whoever answers there; nobody had made sure."""
        target, number = device.target, login.credential_id
        await self._write(
            lambda tx: keep_refusal(tx, target.device_id, number, login.version, self._clock(), somebody_else=True)
        )

    async def learn(self, device: PolledDevice, lesson: Lesson) -> None:
        await self._write(lambda tx: learn_of_device(tx, device.target.device_id, lesson, self._clock()))

    async def _make_sure(
        self, device: PolledDevice, login: StoredLogin, known: _Known, asked: RequestBudget
    ) -> Certainty:
        if known.reference is None:
            known.reference = _reference(await asyncio.to_thread(self._observed, device))
        answers = await self._ask_openly(device, known, asked)
        if answers is not Answerer.UNTOLD:
            return Certainty.SURE if answers is Answerer.KNOWN else Certainty.ANOTHER
        shown = (login.credential_id, login.version)
        if known.named is None or known.named_with != shown:
            client = self._client(device, asked, login)
            known.named = await ask_by_name(client, await asyncio.to_thread(self._observed, device))
            known.named_with = shown
        return known.named

    async def _ask_openly(self, device: PolledDevice, known: _Known, asked: RequestBudget) -> Answerer:
        target, reference = device.target, known.reference or ""
        few = ObservedDevice(
            address=target.address, port=target.port, endpoint_reference=reference, quirks=target.quirks
        )
        answers = await ask_openly(self._client(device, asked), few)
        if answers is not Answerer.ANOTHER:
            return answers
        # It may have been heard under another reference since, or tell one that is made of its network card.
        whole = await asyncio.to_thread(self._observed, device)
        known.reference = _reference(whole)
        return await ask_openly(self._client(device, asked), whole)

    def _of(self, device: PolledDevice) -> _Known:
        """One that is looked for elsewhere now is made sure of anew."""
        place = (device.target.address, device.target.port)
        known = self._known.get(device.target.device_id)
        if known is None or known.place != place:
            known = self._known[device.target.device_id] = _Known(place)
        return known

    def _client(self, device: PolledDevice, asked: RequestBudget, login: StoredLogin | None = None) -> OnvifClient:
        target = device.target
        return OnvifClient(
            target.address,
            target.port,
            quirks=target.quirks,
            policy=target.policy,
            login=None if login is None else Login(username=login.username, password=login.password),
            timeout_s=self._timeout_s,
            budget=asked,
            clock=self._clock,
        )

    def _observed(self, device: PolledDevice) -> ObservedDevice:
        target = device.target
        with self._database.reading() as tx:
            try:
                return devices.get(tx, target.device_id).observed
            except NotFound:
                return ObservedDevice(address=target.address, port=target.port, quirks=target.quirks)

    def _tell_another(self, tx: Connection, device: PolledDevice) -> None:
        address, port = device.target.address, device.target.port
        host = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
        events.append(tx, "device.another_answers", device.target.device_id, {"host": host}, self._clock())

    async def _write(self, work: Callable[[Connection], None]) -> None:
        if not self._writes:
            return

        def write() -> None:
            with self._database.writing() as tx:
                work(tx)

        try:
            await asyncio.to_thread(write)
        except SQLAlchemyError:
            log.exception("what was found out about a device could not be written")


def _reference(observed: ObservedDevice) -> str:
    """Empty: it tells none that lasts."""
    return "" if observed.quirks.reference_changes else usable_reference(observed.endpoint_reference)
