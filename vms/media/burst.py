"""Several pictures of one camera within a short time: what moves from one to the next, and whether its clock does."""

import asyncio
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

import av
import cv2
import numpy as np

from vms.health.picture.sequence import Step
from vms.media.diagnosis.decode import MEASURED_WIDTH_PX, Picture, decode
from vms.media.diagnosis.steps import step_between
from vms.media.diagnosis.strips import BOTTOM_STRIP_SHARE, TOP_STRIP_SHARE
from vms.media.h264 import AccessUnit, annex_b
from vms.media.jpeg import MAX_PIXELS, MAX_SIDE_PX
from vms.media.login import Login
from vms.media.rtsp.client import playing
from vms.media.still import decode_key_frame
from vms.media.tls import TlsTrust
from vms.media.trouble import PictureFailed, Trouble

PICTURES = 8
KEY_FRAMES = 3
APART_90K = 13_500
"""0.15 s: poles sway a few times a second."""
MOST_UNITS = 60
MOST_BYTES = 8 * 1024 * 1024
WRITING_STEP, WRITING_PX = 60, 12
"""So many pixels of a strip change by so much where a digit becomes another; noise and coding change fewer."""


def steps_of(pictures: Sequence[Picture]) -> tuple[Step, ...]:
    """About two milliseconds each."""
    return tuple(step_between(one, two) for one, two in pairwise(pictures))


async def compare_stills(stills: Sequence[bytes]) -> tuple[tuple[Step, ...], bool]:
    """And whether something is written differently in the last than in the first. Raises PictureFailed."""
    return await asyncio.to_thread(_compare, stills)


def _compare(stills: Sequence[bytes]) -> tuple[tuple[Step, ...], bool]:
    pictures = [decode(still) for still in stills]
    return steps_of(pictures), clock_moves(pictures[0], pictures[-1])


def clock_moves(first: Picture, last: Picture) -> bool:
    if first.shape != last.shape:
        return True
    height = first.shape[0]
    top, bottom = round(height * TOP_STRIP_SHARE), height - round(height * BOTTOM_STRIP_SHARE)
    for strip in (slice(0, top), slice(bottom, height)):
        changed = cv2.absdiff(np.ascontiguousarray(first[strip]), np.ascontiguousarray(last[strip])).max(axis=2)
        if np.count_nonzero(changed > WRITING_STEP) >= WRITING_PX:
            return True
    return False


async def steps_of_stream(
    uri: str, login: Login | None = None, *, timeout_s: float, trust: TlsTrust | None = None
) -> tuple[Step, ...]:
    """Eight pictures within about a second of one stream; fewer where it is slow. Raises PictureFailed."""
    units: list[AccessUnit] = []
    until_s = asyncio.get_running_loop().time() + timeout_s
    async with playing(uri, login, timeout_s=timeout_s, greet=False, trust=trust) as session:
        codec, told = session.track.codec, session.track.parameter_sets
        while len(_chosen(units)) < PICTURES and len(units) < MOST_UNITS:
            left_s = until_s - asyncio.get_running_loop().time()
            came = await session.units(within_s=left_s) if left_s > 0 else []
            if not came:
                break
            units += came
            if sum(unit.size_bytes for unit in units) > MOST_BYTES:
                raise PictureFailed(Trouble.TOO_LARGE, f"a second of the stream has more than {MOST_BYTES} bytes")
    if not units:
        raise PictureFailed(Trouble.NO_MEDIA, "the stream plays, but no picture came")
    return await asyncio.to_thread(_steps, units, codec, told)


async def compare_key_frames(
    uri: str, login: Login | None = None, *, timeout_s: float, within_s: float, trust: TlsTrust | None = None
) -> tuple[tuple[Step, ...], bool]:
    """The next key frames of one stream, as `compare_stills`: each is coded anew of what the sensor gives, while what
    lies between may leave out a sensor's noise. `timeout_s` is for the agreement to play. Raises PictureFailed."""
    keys: list[AccessUnit] = []
    async with playing(uri, login, timeout_s=timeout_s, greet=False, trust=trust) as session:
        codec, told = session.track.codec, session.track.parameter_sets
        until_s = asyncio.get_running_loop().time() + within_s
        while len(keys) < KEY_FRAMES and (left_s := until_s - asyncio.get_running_loop().time()) > 0:
            came = await session.units(within_s=left_s)
            if not came:
                break
            keys += [unit for unit in came if unit.key]
    if len(keys) < KEY_FRAMES:
        raise PictureFailed(Trouble.NO_KEY_FRAME, f"{len(keys)} key frames came within {within_s:g} s")
    return await asyncio.to_thread(_compare_keys, keys[:KEY_FRAMES], codec, told)


def _compare_keys(keys: Sequence[AccessUnit], codec: str, told: tuple[bytes, ...]) -> tuple[tuple[Step, ...], bool]:
    images = [decode_key_frame(annex_b((*told, *unit.nals)), codec) for unit in keys]
    width = min(images[0].shape[1], MEASURED_WIDTH_PX)
    pictures = [
        np.asarray(
            cv2.resize(
                image, (width, max(1, round(image.shape[0] * width / image.shape[1]))), interpolation=cv2.INTER_AREA
            ),
            dtype=np.uint8,
        )
        for image in images
    ]
    return steps_of(pictures), clock_moves(pictures[0], pictures[-1])


def _chosen(units: Sequence[AccessUnit]) -> set[int]:
    """Numbers of the units that are compared."""
    chosen: set[int] = set()
    last_90k: int | None = None
    for number, unit in enumerate(units):
        if last_90k is None or unit.time_90k - last_90k >= APART_90K:
            chosen.add(number)
            last_90k = unit.time_90k
    return chosen


def _steps(units: Sequence[AccessUnit], codec: str, told: tuple[bytes, ...]) -> tuple[Step, ...]:
    name: Literal["h264", "hevc"] = "hevc" if codec == "H265" else "h264"
    wanted = {units[number].time_90k for number in _chosen(units)}
    pictures: list[Picture] = []
    try:
        decoder = av.CodecContext.create(name, "r")
        decoder.thread_count = 1
        for number, unit in enumerate(units):
            packet = av.Packet(annex_b((*told, *unit.nals) if number == 0 else unit.nals))
            packet.pts = unit.time_90k
            pictures += [_small(frame) for frame in decoder.decode(packet) if frame.pts in wanted]
        pictures += [_small(frame) for frame in decoder.decode(None) if frame.pts in wanted]
    except av.FFmpegError as problem:
        raise PictureFailed(Trouble.NOT_A_PICTURE, f"the stream does not decode: {problem.strerror}") from problem
    return steps_of(pictures)


def _small(frame: av.VideoFrame) -> Picture:
    if max(frame.width, frame.height) > MAX_SIDE_PX or frame.width * frame.height > MAX_PIXELS:
        raise PictureFailed(Trouble.NOT_A_PICTURE, "the stream's pictures are too large")
    width = min(frame.width, MEASURED_WIDTH_PX)
    height = max(1, round(frame.height * width / frame.width))
    return np.asarray(frame.to_ndarray(width=width, height=height, format="bgr24"), dtype=np.uint8)
