"""What one check of a camera found, layer by layer, before anybody judges it."""

from dataclasses import dataclass
from datetime import datetime

from vms.core.ids import CameraId
from vms.health.fault import FaultKind
from vms.health.picture.finding import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkReading:
    connected: bool
    connect_s: float | None = None
    because: str = ""
    """`refused`, `timeout`, `unreachable`, … where not connected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlReading:
    answered: bool
    answer_s: float | None = None
    clock_offset_s: float | None = None
    clock_uncertainty_s: float | None = None
    login_refused: bool = False
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamReading:
    playing: bool
    """A key frame arrived."""
    first_key_frame_s: float | None = None
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureReading:
    """What one look at the picture found. `fetched` False: there was no picture."""

    fetched: bool
    because: str = ""
    """Why there was none."""
    findings: tuple[Finding, ...] = ()
    told: frozenset[FaultKind] = frozenset()
    """The kinds that this look could have found: their absence is proof that they are gone."""
    hidden: frozenset[FaultKind] = frozenset()
    """The kinds that a finding would hide: of those nothing is known."""
    mean_luma: float | None = None
    """0 … 255, without the strips where clocks are written; so is `detail`, the gradient in levels per pixel."""
    detail: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One check of one camera. A layer that was not looked at is None, which proves nothing either way."""

    camera_id: CameraId
    at: datetime
    network: NetworkReading | None = None
    control: ControlReading | None = None
    stream: StreamReading | None = None
    picture: PictureReading | None = None
