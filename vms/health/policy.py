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


_SURE = Votes(needed=2, of=3)
_PASSING = Votes(needed=3, of=4)
_LINGERING = Votes(needed=4, of=6)
USUAL_VOTES: Mapping[FaultKind, Votes] = MappingProxyType(
    {
        FaultKind.LOGIN_REFUSED: Votes(needed=1, of=1),
        FaultKind.CLOCK_OFF: _SURE,
        FaultKind.NO_PICTURE: _SURE,
        FaultKind.SIGNAL_LOST: _SURE,
        FaultKind.TOO_DARK: _SURE,
        FaultKind.FROZEN: _SURE,
        FaultKind.JITTER: _SURE,
        FaultKind.TOO_BRIGHT: _PASSING,
        FaultKind.BLUR: _PASSING,
        FaultKind.COLOR_CAST: _PASSING,
        FaultKind.MONO: _PASSING,
        FaultKind.NOISE: _PASSING,
        FaultKind.STRIPE: _PASSING,
        FaultKind.MOSAIC: _PASSING,
        FaultKind.OSD_MISSING: _PASSING,
        FaultKind.SNOW: _LINGERING,
        FaultKind.LOW_CONTRAST: _LINGERING,
        FaultKind.OCCLUSION: _LINGERING,
        FaultKind.SCENE_CHANGE: _LINGERING,
    }
)
"""By how long what is no fault may look like one; looks follow each other by one poll while a kind is undecided.

2 of 3: nothing passes that looks like it; a frozen or jittering picture was seen in a burst each time. 3 of 4: a lens
that focuses, headlights and a low sun, the white balance and the change to infrared, a lamp that flickers, a packet
that was lost: one or two looks. 4 of 6: what stays for minutes: a lorry before the camera, a bank of fog, snowfall, a
head that somebody turned and turns back.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What a picture shows is judged apart, against each camera's own normal: see vms.health.picture."""

    down_after: int = 3
    """Failed looks in a row that make a camera down; the first makes it suspect."""
    down_after_most: int = 8
    """Where looks get lost around a camera it takes more of them (vms.health.lost_looks), so many at most."""
    by_chance: float = 1e-5
    """So seldom may looks be lost one after the other by chance alone until a camera is down."""
    loss_least_looks: int = 100
    loss_least_devices: int = 3
    """Fewer looks, or losses at fewer devices, do not tell what is lost."""
    stream_down_after: int = 6
    """Failed proofs of the stream in a row that make a camera down whose control answers: until then its stream has a
    fault, from `down_after` on, and the camera is in doubt."""
    clock_warn_s: float = 5.0
    clock_fail_s: float = 60.0
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
