"""The thresholds of judging and watching, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from vms.health.fault import FaultKind, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Votes:
    """A fault opens when at least `needed` of the last `of` looks named it, and closes when fewer do."""

    needed: int
    of: int

    def __post_init__(self) -> None:
        if not 1 <= self.needed <= self.of <= 16:
            raise ValueError(f"{self.needed} of {self.of} votes cannot be counted")


USUAL_VOTES: Mapping[FaultKind, Votes] = MappingProxyType(
    {
        FaultKind.LOGIN_REFUSED: Votes(needed=1, of=1),
        FaultKind.CLOCK_OFF: Votes(needed=2, of=3),
        FaultKind.NO_PICTURE: Votes(needed=2, of=3),
        FaultKind.TOO_DARK: Votes(needed=2, of=3),
        FaultKind.TOO_BRIGHT: Votes(needed=2, of=3),
        FaultKind.BLUR: Votes(needed=2, of=3),
        FaultKind.FROZEN: Votes(needed=2, of=3),
        FaultKind.LOW_CONTRAST: Votes(needed=2, of=3),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Luma in 0 … 255; `sharpness` is the variance of the Laplacian at ≤ 640 px width."""

    down_after: int = 3
    """Failed looks in a row that make a camera down; the first makes it suspect."""
    clock_warn_s: float = 5.0
    clock_fail_s: float = 60.0
    dark_mean_luma: float = 20.0
    dark_share: float = 0.9
    bright_mean_luma: float = 215.0
    bright_share: float = 0.9
    flat_std_luma: float = 12.0
    """Below: low contrast. A flat picture cannot be told sharp from blurred."""
    blur_sharpness: float = 12.0
    blur_edge_density: float = 0.042
    """Share of pixels on an edge. It tells more than the sharpness: the text that cameras write into the picture stays
    sharp in front of a blurred scene, but covers little of it."""
    votes: Mapping[FaultKind, Votes] = field(default_factory=lambda: USUAL_VOTES)
    """Kinds without an entry need `down_after` looks in a row."""
    flap_window_s: float = 3600.0
    flap_free: int = 3
    """So many falls within the window are forgiven; each further one asks one more good look before `up`."""
    flap_most: int = 10
    flap_fault_after: int = 5
    """So many falls within the window are the fault `flapping`, which stands for all of them."""
    flap_severity: Severity = Severity.MINOR
    flap_calm_s: float = 1800.0
    """Up for so long, it does not flap any more."""
    flap_patience_s: float = 900.0
    """Down for so long, a flapping camera is dead after all."""
    clock_step_s: float = 1.0
    """A change of the clock offset below this is not written down."""

    def votes_for(self, kind: FaultKind) -> Votes:
        return self.votes.get(kind) or Votes(needed=self.down_after, of=self.down_after)
