"""The cheapest proof that video is alive: the first key frame, left encoded."""

import asyncio
import time
from dataclasses import dataclass, replace

from vms.health.reading import StreamReading
from vms.media.h264 import SPS, AccessUnit, ParameterSets
from vms.media.login import Login
from vms.media.rtsp.client import playing
from vms.media.tls import TlsTrust
from vms.media.trouble import PictureFailed, Trouble

MIN_WAIT_S = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamProof:
    reading: StreamReading
    trouble: Trouble | None = None
    message: str = ""
    """Why it does not play, as a sentence."""
    codec: str = ""
    """`H264` or `H265`."""
    width: int = 0
    height: int = 0
    """As told by the stream itself; 0 where it did not say."""
    key_frame: AccessUnit | None = None
    """With the parameter sets that decode it in front."""
    tls_sha256: str = ""
    """Of the certificate that was shown; empty without TLS."""


async def prove_stream(
    uri: str, login: Login | None = None, *, timeout_s: float = 5.0, trust: TlsTrust | None = None
) -> StreamProof:
    """Plays until the first key frame. Never raises for what a device does; ends within `timeout_s` and a goodbye."""
    began_s = time.monotonic()
    try:
        async with playing(uri, login, timeout_s=timeout_s, greet=False, trust=trust) as session:
            left_s = max(MIN_WAIT_S, timeout_s - (time.monotonic() - began_s))
            units = await session.units(within_s=left_s)
            if not units:
                raise _nothing_came(session.packets, timeout_s)
            proof = _proof(units[0], session.track.codec, session.track.parameter_sets, time.monotonic() - began_s)
            return replace(proof, tls_sha256=session.tls_sha256)
    except PictureFailed as failure:
        return StreamProof(
            reading=StreamReading(playing=False, because=failure.trouble.value),
            trouble=failure.trouble,
            message=failure.message,
        )


def _nothing_came(packets: int, timeout_s: float) -> PictureFailed:
    if packets:
        return PictureFailed(Trouble.NO_KEY_FRAME, f"video came, but no whole key frame within {timeout_s:g} s")
    return PictureFailed(Trouble.NO_MEDIA, f"the device agreed to play, but sent no video within {timeout_s:g} s")


def _proof(unit: AccessUnit, codec: str, told: tuple[bytes, ...], took_s: float) -> StreamProof:
    width = height = 0
    nals = unit.nals
    if codec == "H264":
        sets = ParameterSets()
        sets.update((*told, *unit.nals))
        if sets.complete:
            facts = sets.facts()
            width, height = facts.width, facts.height
    if told and not (codec == "H264" and any(nal[0] & 0x1F == SPS for nal in unit.nals)):
        nals = (*told, *unit.nals)
    return StreamProof(
        reading=StreamReading(playing=True, first_key_frame_s=took_s),
        codec=codec,
        width=width,
        height=height,
        key_frame=AccessUnit(nals=nals, key=True, time_90k=unit.time_90k, captured_at_s=unit.captured_at_s),
    )


async def prove_streams(
    streams: list[tuple[str, Login | None]], *, timeout_s: float = 5.0, width: int = 16
) -> list[StreamProof]:
    """Many at once, `width` at a time, in the order given."""
    gate = asyncio.Semaphore(width)

    async def one(uri: str, login: Login | None) -> StreamProof:
        async with gate:
            return await prove_stream(uri, login, timeout_s=timeout_s)

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(uri, login)) for uri, login in streams]
    return [task.result() for task in tasks]
