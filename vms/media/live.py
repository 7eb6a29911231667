"""Live pictures as the rest of the house sees them: one narrow protocol and the messages that it yields."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from vms.inventory.camera import StreamRole
from vms.media.login import Login
from vms.media.tls import TlsTrust


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveSource:
    """One stream of one camera. Viewers of equal sources share one pull."""

    camera: str
    """A key that the caller chooses; names the camera in `status` and `close`."""
    role: StreamRole
    uri: str = field(repr=False)
    """May hold a password."""
    login: Login | None = None
    trust: TlsTrust = field(default_factory=TlsTrust)
    session_limit: int = field(default=0, compare=False)
    """Streams that the device is known to bear at once; 0: unknown."""


class NewsKind(StrEnum):
    COLD = "cold"
    """Nobody was looking: the pull begins now. Whoever can should ask the device for a key frame."""
    INIT = "init"
    """An init segment follows; `codec`, `width` and `height` are its."""
    PLAYING = "playing"
    """Pictures flow again after `stalled`."""
    STALLED = "stalled"
    """No picture for some seconds; the gateway keeps trying."""
    ENDED = "ended"
    """Nothing more will come; opening again may help."""
    REFUSED = "refused"
    """Nothing will come, and opening again unchanged will not help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveNews:
    kind: NewsKind
    because: str = ""
    """A value of `Trouble`, `no_frame`, `too_slow`, `gateway_away`, `gateway_stops`, or what `close` was told."""
    message: str = ""
    codec: str = ""
    width: int = 0
    height: int = 0
    sessions: int = 0
    """With `busy`: so many other streams of the device played when it refused one more; 0: none of ours."""


@dataclass(frozen=True, slots=True)
class InitSegment:
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class MediaFragment:
    data: bytes = field(repr=False)
    key: bool
    """Begins with a key frame."""


LiveMessage = LiveNews | InitSegment | MediaFragment


@dataclass(frozen=True, slots=True, kw_only=True)
class UpstreamStatus:
    camera: str
    role: str
    host: str
    state: str
    """`connecting`, `playing`, `stalled`."""
    because: str
    viewers: int
    warm: bool
    codec: str
    width: int
    height: int
    pictures: int
    bitrate_bps: float
    lost_packets: int
    reconnects: int
    dropped_fragments: int
    """Not sent to viewers that were too slow."""
    last_picture_age_s: float | None
    capture_delay_s: float | None
    """Our clock minus the camera's for its newest picture, where its sender reports tell; includes clock skew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayStatus:
    upstreams: tuple[UpstreamStatus, ...]
    viewers: int
    cpu_s: float
    """Used by the gateway's process so far."""
    refused_logins: int
    """Devices that refused a login, which is not tried again."""


class LivePictures(Protocol):
    def open(self, source: LiveSource) -> AsyncGenerator[LiveMessage, None]:
        """Messages until either side closes; the last one is `ended` or `refused`. Close it with `aclosing`."""
        ...

    async def warm(self, source: LiveSource, *, seconds: float) -> None:
        """Keeps the stream pulled for that long without a viewer, so that the next viewer sees it at once."""
        ...

    async def close(self, camera: str, *, because: str, message: str = "") -> int:
        """Stops every pull of the camera and tells its viewers why; gives how many viewers lost it."""
        ...

    async def forget_refusals(self, host: str) -> int:
        """Which logins the device refused and how many streams it bore; gives how many refusals were forgotten."""
        ...

    async def status(self) -> GatewayStatus: ...
