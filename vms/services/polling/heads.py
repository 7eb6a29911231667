"""Where cameras that turn stand, asked just before their still is taken: one question, and once a day their presets.

What is told is kept only where it is news. A head that does not tell where it is has stood nowhere: its picture is
judged as one of which nobody knows the view.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from vms.core.clock import Clock
from vms.core.ids import CameraId, DeviceId
from vms.devices.budget import Login, RequestBudget
from vms.devices.configure.hand import Hand
from vms.devices.http import ExchangeFailed
from vms.devices.http_answer import HttpAnswer
from vms.devices.onvif.client import CallRefused, Carry, NotOnvif, OnvifClient, SignInRefused
from vms.devices.onvif.operations import Service
from vms.devices.ptz import read_head, read_presets
from vms.health.judge import LOGIN_REFUSED
from vms.health.spending import BUDGET, HEAD, HEAD_AND_PRESETS, Price
from vms.health.turning import Position, Preset, Stands, is_at, where_it_stands
from vms.inventory.device import AuthScheme
from vms.services.polling.pictures import NOT_ENDED, Look, Till
from vms.services.polling.wire import Wire
from vms.store.heads import HeadSeen

NO_HEAD = "no_head"
"""Which services it offers a device may tell to strangers too: no login has worked by that."""
PRESETS_EVERY = timedelta(days=1)
NEVER_AGAIN_FOR = timedelta(days=7)
"""A device that offers no pan and tilt is asked again after so long; one that refuses to tell, the next day."""


@dataclass(slots=True)
class _Known:
    """Of one camera that turns."""

    presets: tuple[Preset, ...] = ()
    presets_at: datetime | None = None
    position: Position | None = None
    moving: bool = False
    told: bool = False
    """What is known was kept."""
    never_before: datetime | None = None


@dataclass(slots=True)
class _Services:
    place: tuple[str, int]
    found: dict[str, str]


@dataclass(slots=True)
class _Paid:
    """Carries so many questions and no more: a device that wants each of them twice costs no more than was paid for."""

    carry: Carry
    left: int

    async def __call__(self, *where: Any, **how: Any) -> HttpAnswer:
        if self.left <= 0:
            raise ExchangeFailed(BUDGET, "it wants more questions than a look may cost")
        self.left -= 1
        return await self.carry(*where, **how)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heads:
    clock: Clock
    timeout_s: float
    keep: Callable[[HeadSeen], None]
    wire: Wire = field(default_factory=Wire)
    _known: dict[CameraId, _Known] = field(default_factory=dict)
    _services: dict[DeviceId, _Services] = field(default_factory=dict)

    async def stands(self, look: Look, till: Till) -> Stands | None:
        """Never raises for a device. None: nobody knows."""
        camera_id, now = look.camera.camera_id, self.clock()
        known = self._known.setdefault(camera_id, _Known())
        if known.never_before is not None and now < known.never_before:
            return None
        if look.stored is not None and look.device.target.quirks.auth is AuthScheme.UNKNOWN:
            return None  # shown the wrong way, a good login would be refused
        with_presets = known.presets_at is None or now - known.presets_at >= PRESETS_EVERY
        price = HEAD_AND_PRESETS if with_presets else HEAD
        if not await till.may_look(look, price):
            return None
        because = NOT_ENDED
        try:
            with till.paid_look(look, price):
                seen = await self._ask(look, known, price, now)
            because = "" if seen is not None else NO_HEAD
        except SignInRefused as refused:
            because = LOGIN_REFUSED if refused.tried else "no_login"
            return None
        except CallRefused as refused:  # it will not tell at the next still either
            because, known.never_before = refused.code, now + PRESETS_EVERY
            return None
        except (ExchangeFailed, NotOnvif) as failed:
            because = failed.code
            if because == BUDGET:
                known.never_before = now + PRESETS_EVERY
            return None
        finally:
            await till.was_looked(look, because)
        return self._take_in(known, seen)

    def forget(self, camera_id: CameraId) -> None:
        self._known.pop(camera_id, None)

    def forget_device(self, device_id: DeviceId) -> None:
        self._services.pop(device_id, None)

    async def _ask(self, look: Look, known: _Known, price: Price, now: datetime) -> HeadSeen | None:
        """None: it offers no pan and tilt."""
        hand, profile = self._hand(look, price), look.camera.profile
        await hand.meet()
        if not await hand.offers(Service.PTZ):
            known.never_before = now + NEVER_AGAIN_FOR
            return None
        presets = await read_presets(hand, profile) if price is HEAD_AND_PRESETS else None
        head = await read_head(hand, profile)
        target = look.device.target
        if hand.services:
            self._services[target.device_id] = _Services((target.address, target.port), hand.services)
        return HeadSeen(
            camera_id=look.camera.camera_id, at=now, position=head.position, moving=head.moving, presets=presets
        )

    def _take_in(self, known: _Known, seen: HeadSeen | None) -> Stands | None:
        if seen is None:
            return None
        is_news = not known.told or seen.presets is not None or known.moving != seen.moving
        is_news = is_news or not _is_same(known.position, seen.position)
        if seen.presets is not None:
            known.presets, known.presets_at = seen.presets, seen.at
        known.position, known.moving = seen.position, seen.moving
        if is_news:
            known.told = True
            self.keep(seen)
        if seen.position is None or not known.presets:
            return None
        return where_it_stands(seen.position, seen.moving, known.presets)

    def _hand(self, look: Look, price: Price) -> Hand:
        target, stored = look.device.target, look.stored
        login = None
        if stored is not None:
            version = f"{stored.credential_id}.{stored.version}"
            login = Login(username=stored.username, password=stored.password, version=version)
        client = OnvifClient(
            target.address,
            target.port,
            quirks=target.quirks,
            policy=target.policy,
            login=login,
            timeout_s=self.timeout_s,
            budget=RequestBudget(),
            clock=self.clock,
            carry=_Paid(self.wire.carry, price.requests),
            pause=self.wire.pause,
        )
        kept = self._services.get(target.device_id)
        here = (target.address, target.port)
        return Hand(client, services=kept.found if kept is not None and kept.place == here else None)


def _is_same(one: Position | None, other: Position | None) -> bool:
    if one is None or other is None:
        return one is other
    return is_at(one, other)
