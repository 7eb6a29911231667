"""Puts down what live pulls cost their devices while they last: keep-alives, and connections made anew."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy.exc import SQLAlchemyError

from vms.core.errors import TryAgain, VmsError
from vms.core.ids import CameraId, DeviceId
from vms.health.spending import KEEP_ALIVES_PER_MIN, PULL, Price, Reason
from vms.media.live import LivePictures, UpstreamStatus
from vms.services.follow_news import News
from vms.services.spending import Purse, cost_of
from vms.store import cameras
from vms.store.database import Database

log = logging.getLogger(__name__)
EVERY_S = 60.0
Pull = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PullBook:
    """Runs until cancelled. The opening of a pull is paid by who opens it."""

    database: Database
    live: LivePictures
    purse: Purse
    every_s: float = EVERY_S
    _reconnects: dict[Pull, int] = field(default_factory=dict)

    async def __call__(self, _news: News) -> None:
        away = False
        while True:
            await asyncio.sleep(self.every_s)
            try:
                await self.note()
                away = False
            except TryAgain as problem:
                if not away:  # who runs the web process alone wants none, and without one nothing is pulled
                    log.info("no live pulls are put down: %s", problem)
                away = True
            except (VmsError, SQLAlchemyError) as problem:
                log.warning("what the live pulls cost could not be put down: %s", problem)

    async def note(self) -> None:
        """What came since the last time."""
        pulls = (await self.live.status()).upstreams
        made_anew = new_connections(self._reconnects, pulls)
        self._reconnects.clear()
        self._reconnects.update({(one.camera, one.role): one.reconnects for one in pulls})
        if not pulls:
            return
        device_of = await asyncio.to_thread(self._devices, pulls)
        keep_alives = round(KEEP_ALIVES_PER_MIN * self.every_s / 60)
        await self.purse.note(
            cost_of(device_of[one.camera], self.purse.today, _price(keep_alives, made_anew[key]), Reason.WALL)
            for one in pulls
            if (key := (one.camera, one.role)) in made_anew and one.camera in device_of
        )

    def _devices(self, pulls: tuple[UpstreamStatus, ...]) -> dict[str, DeviceId]:
        ids = [CameraId(int(one.camera)) for one in pulls if one.camera.isdecimal()]
        with self.database.reading() as tx:
            found = cameras.by_ids(tx, ids)
        return {str(one.camera_id): one.device_id for one in found if one.device_id is not None}


def new_connections(before: Mapping[Pull, int], pulls: tuple[UpstreamStatus, ...]) -> dict[Pull, int]:
    """By pull, how often it was connected anew since; a pull that was counted from 0 again is another one."""
    found: dict[Pull, int] = {}
    for one in pulls:
        known = before.get((one.camera, one.role), 0)
        found[one.camera, one.role] = one.reconnects - known if one.reconnects >= known else one.reconnects
    return found


def _price(keep_alives: int, connections: int) -> Price:
    return Price(requests=keep_alives + connections * PULL.requests, sign_ins=connections * PULL.sign_ins)
