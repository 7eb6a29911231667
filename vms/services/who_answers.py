"""Makes sure that the device that we know still answers at its address, before anybody signs in there (decision 8)."""

import asyncio
import time
from collections import OrderedDict

from vms.core.clock import Clock, system_clock
from vms.core.ids import DeviceId
from vms.devices.budget import Login, RequestBudget
from vms.devices.onvif.client import OnvifClient
from vms.devices.who_answers import Certainty, ask_by_name, ask_openly
from vms.health.spending import WHO_ANSWERS, Reason
from vms.inventory.identity.known_device import KnownDevice
from vms.inventory.identity.open_evidence import Answerer
from vms.services.credentials.keep_refusal import keep_refusal
from vms.services.credentials.note_use import note_use
from vms.services.spending import Purse, cost_of
from vms.store import devices
from vms.store.credential_uses import Purpose
from vms.store.credentials import StoredLogin
from vms.store.database import Database

ANOTHER = "another device answers at its address; nobody signs in there before it is known where this one is"
ANOTHER_DEVICE = "another_device"
GOOD_FOR_S = 60.0
"""Between two looks at one device, for those who look at pictures one after the other."""
MAX_REMEMBERED = 20_000


async def make_sure(
    known: KnownDevice,
    login: StoredLogin | None,
    *,
    timeout_s: float,
    budget: RequestBudget | None = None,
    clock: Clock = system_clock,
) -> Certainty:
    """At most three questions. Without a login there is nothing that could be shown to anybody. The caller keeps a
    refusal with the device."""
    if login is None:
        return Certainty.SURE
    if known.displaced_at is not None:
        return Certainty.ANOTHER
    observed = known.observed
    client = OnvifClient(
        observed.address,
        observed.port,
        quirks=observed.quirks,
        policy=known.policy,
        login=_login(login),
        timeout_s=timeout_s,
        budget=budget,
        clock=clock,
    )
    match await ask_openly(client, observed):
        case Answerer.KNOWN:
            return Certainty.SURE
        case Answerer.ANOTHER:
            return Certainty.ANOTHER
    return await ask_by_name(client, observed)


class Doorkeeper:
    """For those who look at pictures now: asks, remembers for a minute whom it knows, keeps refusals."""

    def __init__(
        self,
        database: Database,
        *,
        clock: Clock = system_clock,
        timeout_s: float = 1.5,
        purse: Purse | None = None,
    ) -> None:
        """`purse`: what it asks is put down; it asks in any case."""
        self._database = database
        self._purse = purse
        self._clock = clock
        self._timeout_s = timeout_s
        self._budget = RequestBudget()
        self._sure: OrderedDict[tuple[DeviceId, str, int], float] = OrderedDict()

    async def __call__(self, device_id: DeviceId | None, login: StoredLogin | None, who: str) -> Certainty:
        """Raises NotFound."""
        if device_id is None or login is None:
            return Certainty.SURE
        known = await asyncio.to_thread(self._known, device_id)
        place = (device_id, known.observed.address, known.observed.port)
        if known.displaced_at is None and time.monotonic() < self._sure.get(place, 0.0):
            return Certainty.SURE
        if self._purse is not None and known.displaced_at is None:
            await self._purse.note([cost_of(device_id, self._purse.today, WHO_ANSWERS, Reason.WALL)])
        found = await make_sure(known, login, timeout_s=self._timeout_s, budget=self._budget, clock=self._clock)
        if found is Certainty.SURE:
            self._sure[place] = time.monotonic() + GOOD_FOR_S
            self._sure.move_to_end(place)
            if len(self._sure) > MAX_REMEMBERED:
                self._sure.popitem(last=False)
        elif found is Certainty.REFUSED:
            await asyncio.to_thread(self._keep_refusal, device_id, login, who)
        return found

    def _known(self, device_id: DeviceId) -> KnownDevice:
        with self._database.reading() as tx:
            return devices.get(tx, device_id)

    def _keep_refusal(self, device_id: DeviceId, login: StoredLogin, who: str) -> None:
        with self._database.writing() as tx:
            keep_refusal(tx, device_id, login.credential_id, login.version, self._clock(), somebody_else=True)
        note_use(self._database, login, device_id, Purpose.LIVE, who, self._clock(), refused=True)


def _login(login: StoredLogin) -> Login:
    version = f"{login.credential_id}:{login.version}"
    return Login(username=login.username, password=login.password, version=version)
