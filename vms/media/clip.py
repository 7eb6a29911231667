"""Some seconds of a live stream as an MP4 file, as it came, without transcoding."""

import asyncio
import contextlib
import os
import time
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import ffmpeg
import imageio_ffmpeg

from vms.media.boxer import Boxer
from vms.media.fmp4 import write_fragment
from vms.media.live import InitSegment, LiveMessage, LiveNews, LivePictures, LiveSource, MediaFragment, NewsKind
from vms.media.login import Login
from vms.media.rtsp.client import playing
from vms.media.trouble import PictureFailed, Trouble

MAX_SECONDS = 3600.0
WRITE_WITHIN_S = 10.0
BEGINS_WITHIN_S = 12.0
"""Whether it is permitted, asking the camera, its first key frame: longer than the gateway itself waits."""
MAX_COMPLAINT_BYTES = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    path: Path
    size_bytes: int
    pictures: int
    seconds: float
    """From the first picture to the end of the last."""


class _Muxer:
    """ffmpeg reading fragments from its standard input: addresses and passwords are in no process list."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.pictures = 0

    async def write(self, data: bytes) -> None:
        if self._process.stdin is None:
            raise RuntimeError("ffmpeg was started without an input")
        self._process.stdin.write(data)
        try:
            async with asyncio.timeout(WRITE_WITHIN_S):
                await self._process.stdin.drain()
        except (OSError, TimeoutError) as problem:
            raise PictureFailed(Trouble.MALFORMED, "ffmpeg does not take the stream") from problem

    async def finish(self) -> None:
        try:
            async with asyncio.timeout(WRITE_WITHIN_S):
                if self._process.stdin is not None:
                    self._process.stdin.close()
                _, complaint = await self._process.communicate()
        except TimeoutError as problem:
            raise PictureFailed(Trouble.TIMEOUT, "ffmpeg does not finish the clip") from problem
        if self._process.returncode != 0:
            said = complaint[:MAX_COMPLAINT_BYTES].decode("utf-8", "replace").strip()
            raise PictureFailed(Trouble.MALFORMED, f"ffmpeg could not write the clip: {said}")


@asynccontextmanager
async def _muxer(target: Path) -> AsyncIterator[_Muxer]:
    """The file appears under its name only when it is whole."""
    part = target.with_name(f".{target.name}.{os.getpid()}.{time.monotonic_ns()}.part")
    command = (
        ffmpeg.input("pipe:0", f="mp4")
        .output(str(part), c="copy", f="mp4", movflags="+faststart")
        .global_args("-nostdin", "-loglevel", "error", "-y")
        .compile(cmd=imageio_ffmpeg.get_ffmpeg_exe())
    )
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        muxer = _Muxer(process)
        yield muxer
        await muxer.finish()
        await asyncio.to_thread(_publish, part, target)
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        part.unlink(missing_ok=True)


def _publish(part: Path, target: Path) -> None:
    with part.open("rb") as written:
        os.fsync(written.fileno())
    part.replace(target)


async def record_clip(
    uri: str, login: Login | None, seconds: float, target: Path, *, timeout_s: float = 5.0, silence_s: float = 8.0
) -> Clip:
    """Records from the next key frame on, over its own connection. Raises `PictureFailed`; then there is no file."""
    _check(seconds)
    async with playing(uri, login, timeout_s=timeout_s) as session:
        if session.track.codec != "H264":
            raise PictureFailed(Trouble.H265, "clips are cut from H.264 streams only")
        boxer = Boxer(parameter_sets=session.track.parameter_sets)
        end_90k, limit_90k = 0, round(seconds * 90_000)
        async with _muxer(target) as muxer:
            while end_90k < limit_90k:
                units = await session.units(within_s=silence_s)
                if not units:
                    raise PictureFailed(Trouble.NO_MEDIA, f"no picture came for {silence_s:g} s")
                for unit in units:
                    boxed = boxer.box(unit)
                    if boxed is None or end_90k >= limit_90k:
                        continue
                    if boxed.new_init is not None and muxer.pictures == 0:
                        await muxer.write(boxed.new_init)
                    muxer.pictures += 1
                    await muxer.write(write_fragment((boxed.sample,), sequence=muxer.pictures))
                    end_90k = boxed.sample.at_90k + boxed.sample.duration_90k
        pictures = muxer.pictures
    return _clip(target, pictures, end_90k / 90_000)


async def record_live(pictures: LivePictures, source: LiveSource, seconds: float, target: Path) -> Clip:
    """The same from the gateway's shared pull, so that the camera serves no further stream; `seconds` of our own clock
    from the first picture on, which may take as long as the camera needs to begin.

    Begins with the cached group of pictures: what happened up to one key frame interval before.
    """
    _check(seconds)
    written = 0
    began_s = time.monotonic()
    async with _muxer(target) as muxer, aclosing(pictures.open(source)) as messages:
        async for message in _for(messages, seconds):
            match message:
                case LiveNews(kind=NewsKind.REFUSED | NewsKind.ENDED, message=reason) if written == 0:
                    raise PictureFailed(Trouble.NO_MEDIA, reason or "the live picture ended")
                case InitSegment() if written:
                    break
                case InitSegment(data=data):
                    await muxer.write(data)
                case MediaFragment(data=data):
                    began_s = began_s if written else time.monotonic()
                    await muxer.write(data)
                    written += 1
        if written == 0:
            raise PictureFailed(Trouble.NO_MEDIA, f"the camera gave no picture within {BEGINS_WITHIN_S:g} s")
    return _clip(target, written, time.monotonic() - began_s)


async def _for(messages: AsyncIterator[LiveMessage], seconds: float) -> AsyncIterator[LiveMessage]:
    """What comes within that time, counted from the first picture."""
    end_s, began = time.monotonic() + BEGINS_WITHIN_S, False
    with contextlib.suppress(StopAsyncIteration, TimeoutError):
        while True:
            async with asyncio.timeout(max(0.0, end_s - time.monotonic())):
                message = await anext(messages)
            if not began and isinstance(message, MediaFragment):
                end_s, began = time.monotonic() + seconds, True
            yield message


def _check(seconds: float) -> None:
    if not 0 < seconds <= MAX_SECONDS:
        raise ValueError(f"a clip lasts more than 0 and at most {MAX_SECONDS:g} s")


def _clip(target: Path, pictures: int, seconds: float) -> Clip:
    return Clip(path=target, size_bytes=target.stat().st_size, pictures=pictures, seconds=seconds)
