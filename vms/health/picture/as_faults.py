"""Findings as faults: how grave each kind is, and which kinds a look could have told."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from vms.health.fault import LAYER_OF, Fault, FaultKind, Severity
from vms.health.picture.baseline import Light
from vms.health.picture.diagnose import EXPLAINS
from vms.health.picture.finding import Finding

STRONG_SCORE = 0.85
_ALWAYS_MINOR = (Severity.MINOR, Severity.MINOR)
_BY_STRENGTH = (Severity.MINOR, Severity.MAJOR)
_MAJOR = (Severity.MAJOR, Severity.MAJOR)
GRAVE: Mapping[FaultKind, tuple[Severity, Severity]] = MappingProxyType(
    {
        FaultKind.SIGNAL_LOST: (Severity.CRITICAL, Severity.CRITICAL),
        FaultKind.TOO_DARK: _MAJOR,
        FaultKind.TOO_BRIGHT: _MAJOR,
        FaultKind.BLUR: _MAJOR,
        FaultKind.FROZEN: _MAJOR,
        FaultKind.SNOW: _MAJOR,
        FaultKind.OCCLUSION: _MAJOR,
        FaultKind.SCENE_CHANGE: _MAJOR,
        FaultKind.MOSAIC: _MAJOR,
        FaultKind.NOISE: _BY_STRENGTH,
        FaultKind.STRIPE: _BY_STRENGTH,
        FaultKind.JITTER: _BY_STRENGTH,
        FaultKind.LOW_CONTRAST: _BY_STRENGTH,
        FaultKind.COLOR_CAST: _ALWAYS_MINOR,
        FaultKind.MONO: _ALWAYS_MINOR,
        FaultKind.OSD_MISSING: _ALWAYS_MINOR,
    }
)
"""At the limit, and from `STRONG_SCORE` on: who still sees what happens has a minor fault."""
WITHOUT_NORMAL = frozenset(
    {
        FaultKind.SIGNAL_LOST,
        FaultKind.TOO_DARK,
        FaultKind.TOO_BRIGHT,
        FaultKind.LOW_CONTRAST,
        FaultKind.BLUR,
        FaultKind.NOISE,
        FaultKind.SNOW,
        FaultKind.COLOR_CAST,
        FaultKind.STRIPE,
        FaultKind.MOSAIC,
    }
)
BY_NORMAL = frozenset({FaultKind.OCCLUSION, FaultKind.SCENE_CHANGE})
OF_A_VIEW = BY_NORMAL
"""Said only of cameras that always look the same way."""
OF_A_LIGHT = BY_NORMAL | {FaultKind.MONO}
"""A look by a light whose normal is not known tells nothing of them."""
UNSEEN = frozenset({FaultKind.SIGNAL_LOST, FaultKind.TOO_DARK, FaultKind.TOO_BRIGHT})
"""In such a picture nothing can move: it does not tell whether it is frozen."""


def fault_of(finding: Finding) -> Fault:
    at_limit, strong = GRAVE[finding.kind]
    return Fault(
        kind=finding.kind,
        layer=LAYER_OF[finding.kind],
        severity=strong if finding.score >= STRONG_SCORE else at_limit,
        because=finding.because,
        score=round(finding.score, 3),
    )


def told_by_still(compared: Light | None, *, turns: bool) -> frozenset[FaultKind]:
    """The kinds that a still could have named. `compared`: with which normal, if any; `turns`: the camera's head
    moves. A caption of which nobody says where it stands is not missing."""
    told = {*WITHOUT_NORMAL, FaultKind.OSD_MISSING}
    if compared is not None and not turns:
        told |= BY_NORMAL
    if compared is Light.DAY:
        told.add(FaultKind.MONO)  # at night no colour is no fault
    return frozenset(told)


def hidden_by(findings: Iterable[Finding]) -> frozenset[FaultKind]:
    """Kinds of which nothing can be said while these are there."""
    found = {finding.kind for finding in findings}
    return frozenset().union(*(EXPLAINS.get(kind, frozenset()) for kind in found)) - found
