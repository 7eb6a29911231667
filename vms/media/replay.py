"""A moment of recorded footage, really played: the first key frame, decoded, and which instant it shows."""

import asyncio
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from vms.media.h264 import AccessUnit, annex_b
from vms.media.login import Login
from vms.media.rtsp.client import playing
from vms.media.rtsp.replay import ReplayAsk, range_start
from vms.media.still import decode_key_frame
from vms.media.tls import TlsTrust
from vms.media.trouble import PictureFailed, Trouble

MIN_WAIT_S = 0.05
REQUESTS = 7
"""DESCRIBE and PLAY twice at most, SETUP twice, TEARDOWN."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    shows_at: datetime | None
    """By the device's clock as it tells it; None: it does not say which instant this is."""
    image: NDArray[np.uint8] = field(repr=False)
    """Blue, green, red."""
    tls_sha256: str = ""


async def play_moment(
    uri: str, ask: ReplayAsk, login: Login | None = None, *, timeout_s: float = 10.0, trust: TlsTrust | None = None
) -> Played:
    """`timeout_s` bounds it all but the goodbye. Raises `PictureFailed`."""
    began_s = time.monotonic()
    async with playing(uri, login, timeout_s=timeout_s, greet=False, trust=trust, replay=ask) as session:
        left_s = max(MIN_WAIT_S, timeout_s - (time.monotonic() - began_s))
        units = await session.units(within_s=left_s)
        if not units:
            raise _nothing_came(session.packets)
        track, told_range, fingerprint = session.track, session.told_range, session.tls_sha256
    first = units[0]
    image = await asyncio.to_thread(decode_key_frame, annex_b((*track.parameter_sets, *first.nals)), track.codec)
    return Played(shows_at=_instant(first, told_range), image=image, tls_sha256=fingerprint)


def _nothing_came(packets: int) -> PictureFailed:
    if packets:
        return PictureFailed(Trouble.NO_KEY_FRAME, "recorded video came, but no whole key frame")
    return PictureFailed(Trouble.NO_MEDIA, "the device agreed to play its recording, but sent nothing")


def _instant(unit: AccessUnit, told_range: str) -> datetime | None:
    if unit.captured_at_s is None:
        return range_start(told_range)
    try:
        return datetime.fromtimestamp(unit.captured_at_s, UTC)
    except (OverflowError, ValueError, OSError):
        return range_start(told_range)
