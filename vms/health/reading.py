"""What one check of a camera found, layer by layer, before anybody judges it."""

from dataclasses import dataclass
from datetime import datetime

from vms.core.ids import CameraId
from vms.health.layer import Layer as Layer


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
    """Statistics of one still, luma in 0 … 255, measured at ≤ 640 px width. `fetched` False: there was no picture."""

    fetched: bool
    mean_luma: float = 0.0
    std_luma: float = 0.0
    sharpness: float = 0.0
    """Variance of the Laplacian."""
    edge_density: float = 0.0
    dark_share: float = 0.0
    bright_share: float = 0.0
    same_as_before: bool = False
    """Pixels (outside the clock text) equal to the previous still within coding noise."""
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One check of one camera. A layer that was not looked at is None, which proves nothing either way."""

    camera_id: CameraId
    at: datetime
    network: NetworkReading | None = None
    control: ControlReading | None = None
    stream: StreamReading | None = None
    picture: PictureReading | None = None
