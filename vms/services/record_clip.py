"""A clip of the coming seconds of a camera, as a file: decided, logged and ended by access like a live picture."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from vms.access.decide import Decision
from vms.core.errors import NotAllowed
from vms.inventory.camera import StreamRole
from vms.media.clip import Clip, record_live
from vms.media.live import GatewayStatus, LiveMessage, LiveSource
from vms.media.trouble import PictureFailed
from vms.services.live_pictures import AccessEnded, LiveDesk, StillSignedIn, watch_live
from vms.services.look_at_camera import Asked

LONGEST_S = 60.0
TOLD_FROM_S = 1.0
"""Clocks are told in whole seconds."""


@dataclass(slots=True)
class _OneLook:
    """The live pictures of one look, as the recorder wants them: it opens once, and the look says how it ended."""

    desk: LiveDesk
    asked: Asked
    role: StreamRole
    still_signed_in: StillSignedIn
    ended: Decision | None = field(default=None)

    async def open(self, source: LiveSource) -> AsyncGenerator[LiveMessage, None]:
        async with aclosing(watch_live(self.desk, self.asked, self.role, self.still_signed_in)) as messages:
            async for message in messages:
                if isinstance(message, AccessEnded):
                    self.ended = message.decision
                    return
                yield message

    async def warm(self, source: LiveSource, *, seconds: float) -> None:
        await self.desk.live.warm(source, seconds=seconds)

    async def close(self, camera: str, *, because: str, message: str = "") -> int:
        return await self.desk.live.close(camera, because=because, message=message)

    async def forget_refusals(self, host: str) -> int:
        return await self.desk.live.forget_refusals(host)

    async def status(self) -> GatewayStatus:
        return await self.desk.live.status()


def clip_name(camera_id: int, began_at: datetime, offset_s: float | None) -> str:
    """Of the file: our time, and beside it the camera's own where they differ, which is what its picture shows."""
    name = f"camera-{camera_id}-{began_at:%Y%m%dT%H%M%SZ}"
    if offset_s is not None and abs(offset_s) >= TOLD_FROM_S:
        name += f"-camera-clock-{began_at + timedelta(seconds=offset_s):%Y%m%dT%H%M%SZ}"
    return f"{name}.mp4"


async def record_clip(
    desk: LiveDesk, asked: Asked, role: StreamRole, seconds: float, target: Path, still_signed_in: StillSignedIn
) -> Clip:
    """An MP4 at `target`, whole or not at all.

    Raises NotFound, NotAllowed (also when access ends on the way), TryAgain, PictureFailed.
    """
    look = _OneLook(desk, asked, role, still_signed_in)
    nowhere = LiveSource(camera=str(asked.camera_id), role=role, uri="")
    try:
        clip = await record_live(look, nowhere, min(seconds, LONGEST_S), target)
    except PictureFailed:
        if look.ended is None:
            raise
    if look.ended is not None:
        await asyncio.to_thread(target.unlink, missing_ok=True)
        raise NotAllowed(look.ended.because_en, code=look.ended.code)
    return clip
