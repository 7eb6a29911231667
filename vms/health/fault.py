"""A fault: what is wrong with a camera, in which layer, and how much it matters."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from vms.health.layer import Layer


class Severity(StrEnum):
    MINOR = "minor"
    """Worth knowing; the camera still counts as intact."""
    MAJOR = "major"
    CRITICAL = "critical"
    """No picture can be had from it."""


class FaultKind(StrEnum):
    UNREACHABLE = "unreachable"
    NO_ANSWER = "no_answer"
    LOGIN_REFUSED = "login_refused"
    CLOCK_OFF = "clock_off"
    STREAM_DEAD = "stream_dead"
    NO_PICTURE = "no_picture"
    TOO_DARK = "too_dark"
    TOO_BRIGHT = "too_bright"
    BLUR = "blur"
    FROZEN = "frozen"
    LOW_CONTRAST = "low_contrast"
    SIGNAL_LOST = "signal_lost"
    COLOR_CAST = "color_cast"
    MONO = "mono"
    NOISE = "noise"
    SNOW = "snow"
    STRIPE = "stripe"
    JITTER = "jitter"
    OCCLUSION = "occlusion"
    SCENE_CHANGE = "scene_change"
    MOSAIC = "mosaic"
    OSD_MISSING = "osd_missing"
    OSD_WRONG = "osd_wrong"
    """By the device's own word its caption lacks the record's name, or the clock."""
    RECORDING_MISSING = "recording_missing"
    RETENTION_SHORT = "retention_short"
    RETENTION_LONG = "retention_long"
    RECORDING_UNPLAYABLE = "recording_unplayable"
    """A moment that is said to be recorded was asked for twice and could not be played, or showed another time."""
    PTZ_FAIL = "ptz_fail"
    """It does not turn when it is told to, or not back."""
    FLAPPING = "flapping"
    """It falls and rises all the time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    kind: FaultKind
    layer: Layer
    severity: Severity
    because: str = ""
    score: float | None = None
    """Of a picture fault: 0 … 1, the worst so far."""


LAYER_OF: Mapping[FaultKind, Layer] = MappingProxyType(
    {
        FaultKind.UNREACHABLE: Layer.NETWORK,
        FaultKind.NO_ANSWER: Layer.CONTROL,
        FaultKind.LOGIN_REFUSED: Layer.CONTROL,
        FaultKind.CLOCK_OFF: Layer.CONTROL,
        FaultKind.STREAM_DEAD: Layer.STREAM,
        FaultKind.NO_PICTURE: Layer.PICTURE,
        FaultKind.TOO_DARK: Layer.PICTURE,
        FaultKind.TOO_BRIGHT: Layer.PICTURE,
        FaultKind.BLUR: Layer.PICTURE,
        FaultKind.FROZEN: Layer.PICTURE,
        FaultKind.LOW_CONTRAST: Layer.PICTURE,
        FaultKind.SIGNAL_LOST: Layer.PICTURE,
        FaultKind.COLOR_CAST: Layer.PICTURE,
        FaultKind.MONO: Layer.PICTURE,
        FaultKind.NOISE: Layer.PICTURE,
        FaultKind.SNOW: Layer.PICTURE,
        FaultKind.STRIPE: Layer.PICTURE,
        FaultKind.JITTER: Layer.PICTURE,
        FaultKind.OCCLUSION: Layer.PICTURE,
        FaultKind.SCENE_CHANGE: Layer.PICTURE,
        FaultKind.MOSAIC: Layer.PICTURE,
        FaultKind.OSD_MISSING: Layer.PICTURE,
        FaultKind.OSD_WRONG: Layer.CONTROL,
        FaultKind.RECORDING_MISSING: Layer.RECORDING,
        FaultKind.RETENTION_SHORT: Layer.RECORDING,
        FaultKind.RETENTION_LONG: Layer.RECORDING,
        FaultKind.RECORDING_UNPLAYABLE: Layer.RECORDING,
        FaultKind.PTZ_FAIL: Layer.CONTROL,
        FaultKind.FLAPPING: Layer.NETWORK,
    }
)

LIFE = frozenset({FaultKind.UNREACHABLE, FaultKind.NO_ANSWER, FaultKind.STREAM_DEAD})
"""Faults that speak against the camera being alive; all others leave its status alone."""

OF_OTHER_CHECKS = frozenset(
    {
        FaultKind.OSD_WRONG,
        FaultKind.RECORDING_MISSING,
        FaultKind.RETENTION_SHORT,
        FaultKind.RETENTION_LONG,
        FaultKind.RECORDING_UNPLAYABLE,
        FaultKind.PTZ_FAIL,
    }
)
"""Found by checks of their own, which open and close them: the poller neither holds nor closes them."""

BLINDING = frozenset(
    {
        FaultKind.LOGIN_REFUSED,
        FaultKind.STREAM_DEAD,
        FaultKind.NO_PICTURE,
        FaultKind.TOO_DARK,
        FaultKind.TOO_BRIGHT,
        FaultKind.BLUR,
        FaultKind.FROZEN,
        FaultKind.SIGNAL_LOST,
        FaultKind.SNOW,
        FaultKind.OCCLUSION,
        FaultKind.MOSAIC,
    }
)
"""Faults through which nobody sees what is there, where their severity is major or worse. A wrong clock is not one."""

_RANK = {Severity.MINOR: 0, Severity.MAJOR: 1, Severity.CRITICAL: 2}


def is_worse(a: Severity, b: Severity) -> bool:
    return _RANK[a] > _RANK[b]


def breaks_intactness(severity: Severity) -> bool:
    """A camera is intact (完好) while it has no open fault of this weight."""
    return severity is not Severity.MINOR
