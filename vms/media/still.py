"""One still picture of a camera: from its snapshot address, or else from the first key frame of its stream."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from vms.core.clock import Clock, system_clock
from vms.media.h264 import annex_b
from vms.media.http_get import get
from vms.media.jpeg import MAX_PIXELS, MAX_SIDE_PX, read_facts
from vms.media.login import Login
from vms.media.proof import StreamProof, prove_stream
from vms.media.tls import TlsTrust
from vms.media.trouble import PictureFailed, Trouble

MAX_BYTES = 8 * 1024 * 1024
JPEG_QUALITY = 85


@dataclass(frozen=True, slots=True, kw_only=True)
class Still:
    jpeg: bytes = field(repr=False)
    at: datetime
    """When it had come, by our clock."""
    width: int
    height: int


async def fetch_still(
    snapshot_uri: str,
    login: Login | None = None,
    *,
    timeout_s: float = 5.0,
    max_bytes: int = MAX_BYTES,
    clock: Clock = system_clock,
    trust: TlsTrust | None = None,
) -> Still:
    """From a snapshot address; host and port as given, nobody is followed. Raises `PictureFailed`.

    The header is read and checked; whether the pixels decode is seen by who needs them (`measure_still`).
    """
    answer = await get(snapshot_uri, login, timeout_s=timeout_s, max_bytes=max_bytes, trust=trust)
    facts = read_facts(answer.body)
    return Still(jpeg=answer.body, at=clock(), width=facts.width, height=facts.height)


async def still_from_stream(
    uri: str,
    login: Login | None = None,
    *,
    timeout_s: float = 5.0,
    clock: Clock = system_clock,
    trust: TlsTrust | None = None,
) -> Still:
    """From the stream's first key frame, H.264 or H.265. Raises `PictureFailed`."""
    proof = await prove_stream(uri, login, timeout_s=timeout_s, trust=trust)
    if proof.trouble is not None:
        raise PictureFailed(proof.trouble, proof.message)
    at = clock()
    jpeg, width, height = await asyncio.to_thread(_to_jpeg, proof)
    return Still(jpeg=jpeg, at=at, width=width, height=height)


def _to_jpeg(proof: StreamProof) -> tuple[bytes, int, int]:
    if proof.key_frame is None:
        raise PictureFailed(Trouble.NO_KEY_FRAME, "there is no key frame to decode")
    if proof.codec == "H264" and not proof.width:
        raise PictureFailed(Trouble.NO_PARAMETER_SETS, "the stream does not say how to decode it")
    image = decode_key_frame(annex_b(proof.key_frame.nals), proof.codec)
    done, encoded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    if not done:
        raise PictureFailed(Trouble.NOT_A_PICTURE, "the key frame could not be made into a JPEG")
    height, width = image.shape[:2]
    return encoded.tobytes(), width, height


def decode_key_frame(data: bytes, codec: str) -> NDArray[np.uint8]:
    """Blue, green, red; shape (height, width, 3). One thread, one picture. Raises `PictureFailed(not_a_picture)`."""
    try:
        name: Literal["h264", "hevc"] = "hevc" if codec == "H265" else "h264"
        decoder = av.CodecContext.create(name, "r")
        decoder.thread_count = 1
        frames = [*decoder.decode(av.Packet(data)), *decoder.decode(None)]
    except av.FFmpegError as problem:
        raise PictureFailed(Trouble.NOT_A_PICTURE, f"the key frame does not decode: {problem.strerror}") from problem
    if not frames or max(frames[0].width, frames[0].height) > MAX_SIDE_PX:
        raise PictureFailed(Trouble.NOT_A_PICTURE, "the key frame does not decode")
    if frames[0].width * frames[0].height > MAX_PIXELS:
        raise PictureFailed(Trouble.NOT_A_PICTURE, "the key frame is too large")
    return np.asarray(frames[0].to_ndarray(format="bgr24"), dtype=np.uint8)
