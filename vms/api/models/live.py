"""The JSON text messages of WS live/{camera_id}; binary messages between them are fMP4 (init segment, then fragments).

The WebSocket closes with 4401 (not signed in), 4403 (access refused or ended), 4404 (no such camera), 4408 (the stream
ended), 4503 (the gateway or the camera is away); the close reason is the sentence in English.
"""

from enum import IntEnum
from typing import Literal

from pydantic import Field

from vms.api.models.shape import Answer


class CloseCode(IntEnum):
    NOT_SIGNED_IN = 4401
    REFUSED = 4403
    NOT_FOUND = 4404
    ENDED = 4408
    AWAY = 4503


class LiveInit(Answer):
    """The next binary message is an init segment for this codec; it comes again when the picture size changes."""

    kind: Literal["init"] = "init"
    codec: str = Field(description="for MediaSource, e.g. avc1.64001f")
    width: int
    height: int


class LiveState(Answer):
    """`cold`: just called; `stalled`: no frame for 3 s; after `ended` and `refused` the socket closes."""

    kind: Literal["cold", "stalled", "resumed", "ended", "refused"]
    because: str = Field(description="stable code, e.g. `withdrawn`, `incident_closed`, `h265`, `busy`")
    sentence_en: str
    sentence_zh: str
