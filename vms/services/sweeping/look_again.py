"""Where another device answers than the known one, a small sweep finds out who: one that moved is known by its keys."""

import asyncio
import logging
import time
from dataclasses import replace

from sqlalchemy.exc import SQLAlchemyError

from vms.core.clock import Clock, system_clock
from vms.core.errors import VmsError
from vms.devices.discovery.request import PORTS, DiscoveryRequest
from vms.inventory.sweep import SweepRequest
from vms.services.sweeping.plan import allowed_networks
from vms.services.sweeping.start_sweep import start_sweep
from vms.store import devices, events
from vms.store.database import Database
from vms.store.sweeps import StoredSweep

log = logging.getLogger(__name__)
ANOTHER_ANSWERS = "device.another_answers"
WHO = "poller"
LOOK_EVERY_S = 5.0
AGAIN_AFTER_S = 3600.0
"""Between two sweeps of one address for this reason."""
LOOK_BACK = 2_000
"""Events before the start: what happened while nobody looked."""
MOST_AT_ONCE = 1000


class LookAgain:
    """Remembers what it has looked at since it was made."""

    def __init__(self, database: Database, ground: SweepRequest, *, clock: Clock = system_clock) -> None:
        self._database = database
        self._ground = ground
        self._clock = clock
        self._after: int | None = None
        self._looked_s: dict[str, float] = {}

    def step(self) -> StoredSweep | None:
        """Starts a sweep where there is news. Blocking. None: there is none, or not inside our networks."""
        now_s = time.monotonic()
        self._looked_s = {host: at_s for host, at_s in self._looked_s.items() if now_s - at_s < AGAIN_AFTER_S}
        hosts = [host for host in self._news() if host not in self._looked_s]
        if not hosts:
            return None
        self._looked_s |= dict.fromkeys(hosts, now_s)
        request = replace(self._ground, cidrs=(), interfaces=(), hosts=tuple(hosts), ports=self._ground.ports or PORTS)
        return start_sweep(self._database, request, WHO, self._clock())

    def _news(self) -> list[str]:
        allowed = DiscoveryRequest(allow=allowed_networks(self._ground))
        with self._database.reading() as tx:
            latest = events.latest_id(tx)
            after = max(0, latest - LOOK_BACK) if self._after is None else self._after
            found = events.subjects_after(tx, after, (ANOTHER_ANSWERS,), MOST_AT_ONCE)
            known = devices.by_ids(tx, {one.subject for one in found})
        self._after = found[-1].event_id if len(found) == MOST_AT_ONCE else latest
        places = ((one.observed.address, one.observed.port) for one in known if one.displaced_at is None)
        return [_host(*place) for place in dict.fromkeys(places) if allowed.allows(place[0])]


async def look_again(
    database: Database, ground: SweepRequest, stop: asyncio.Event, *, clock: Clock = system_clock
) -> None:
    """Until `stop`; whoever runs the sweeps that wait runs these too."""
    looking = LookAgain(database, ground, clock=clock)
    while not stop.is_set():
        try:
            sweep = await asyncio.to_thread(looking.step)
            if sweep is not None:
                log.info("sweep %d finds out who answers at %d addresses", sweep.sweep_id, len(sweep.request.hosts))
        except (SQLAlchemyError, VmsError):
            log.exception("who answers at known addresses cannot be found out now")
        try:
            async with asyncio.timeout(LOOK_EVERY_S):
                await stop.wait()
        except TimeoutError:
            continue


def _host(address: str, port: int) -> str:
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
