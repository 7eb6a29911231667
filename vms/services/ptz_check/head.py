"""One head under our hand: told to move, waited for, looked at. Every move is sent once; what is not known of it is
found out by reading where it is."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from vms.core.errors import VmsError
from vms.devices.configure.hand import AnswerLost, ChangeRefused, Hand
from vms.devices.ptz import go_to_preset, move_by, move_to, read_head, read_presets
from vms.health.turning import Position, is_near, nearest, view_turned
from vms.inventory.camera import Camera, StreamRole
from vms.media.diagnosis.decode import decode
from vms.media.diagnosis.steps import step_between
from vms.media.trouble import PictureFailed
from vms.services.ptz_check.desk import PtzDesk, StillOf
from vms.store.credentials import StoredLogin


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    desk: PtzDesk
    hand: Hand
    camera: Camera
    login: StoredLogin | None
    still: StillOf | None = None
    """None: nobody may, or can, look."""

    @property
    def profile(self) -> str:
        """Of its main stream, else of any."""
        ours = sorted(self.camera.streams, key=lambda stream: stream.role is not StreamRole.MAIN)
        return ours[0].profile if ours else ""

    async def move(self, where: Position, stands: Position | None) -> bool:
        """To there, or by as much as it takes from where it stands. False: it takes neither. Raises NotSent and what
        OnvifClient.call raises."""
        if await self._sent(lambda: move_to(self.hand, self.profile, where)):
            return True
        if stands is None:
            return False
        return await self.nudge(stands, where)

    async def nudge(self, stands: Position, where: Position) -> bool:
        by = Position(pan=where.pan - stands.pan, tilt=where.tilt - stands.tilt, space=where.space)
        return await self._sent(lambda: move_by(self.hand, self.profile, by))

    async def settled(self, wanted: Position) -> Position | None:
        """Where it says it is once it is there, or time is up."""
        policy = self.desk.policy
        loop = asyncio.get_running_loop()
        until_s = loop.time() + policy.settle_s
        while True:
            head = await read_head(self.hand, self.profile)
            if head.position is not None and is_near(head.position, wanted) and not head.moving:
                return head.position
            if loop.time() >= until_s:
                return head.position
            await asyncio.sleep(policy.look_every_s)

    async def back_to(self, stood: Position, *, absolute_lies: bool = False) -> bool:
        """By its own word. The surest way first; what does not lead there is tried another way: the preset that is
        there, by as much as is lacking, and told beside by as much as it goes beside."""
        told = (await read_head(self.hand, self.profile)).position
        if not absolute_lies and await self.move(stood, told):
            told = await self.settled(stood)
            if _is_there(told, stood):
                return True
        preset = nearest(stood, await read_presets(self.hand, self.profile))
        if preset is not None and await self._sent(lambda: go_to_preset(self.hand, self.profile, preset)):
            told = await self.settled(stood)
        if told is not None and not _is_there(told, stood) and await self.nudge(told, stood):
            told = await self.settled(stood)
        if not _is_there(told, stood) and await self.move(stood, None):
            told = await self.settled(stood)
            if told is not None and not _is_there(told, stood):
                beside = replace(stood, pan=2 * stood.pan - told.pan, tilt=2 * stood.tilt - told.tilt)
                await self.move(beside, None)
                told = await self.settled(stood)
        return _is_there(told, stood)

    async def view(self) -> bytes | None:
        """None: no picture is to be had."""
        if self.still is None:
            return None
        try:
            return await self.still(self.camera, self.login)
        except VmsError:
            return None

    async def has_view_turned(self, before: bytes | None, *, wanted: bool) -> bool | None:
        """Looked at until it is as wanted, or time is up. None: nobody could see."""
        if before is None:
            return None
        policy = self.desk.policy
        loop = asyncio.get_running_loop()
        until_s = loop.time() + policy.settle_s
        while True:
            now = await self.view()
            seen = None if now is None else await asyncio.to_thread(_view_turned, before, now)
            if seen is wanted or loop.time() >= until_s:
                return seen
            await asyncio.sleep(policy.look_every_s)

    async def _sent(self, move: Callable[[], Awaitable[None]]) -> bool:
        try:
            await move()
        except ChangeRefused:
            return False
        except AnswerLost:
            return True
        return True


def _is_there(told: Position | None, stood: Position) -> bool:
    return told is not None and is_near(told, stood)


def _view_turned(before: bytes, after: bytes) -> bool | None:
    try:
        step = step_between(decode(before), decode(after))
    except PictureFailed:
        return None
    return view_turned(step.right_share, step.shift_sure, step.alike)
