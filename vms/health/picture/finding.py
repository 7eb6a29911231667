"""A finding of picture diagnosis, its score, and the score from which a camera reports it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType

from vms.health.fault import FaultKind

USUAL_SCORE = 0.5
LEAST_SCORE, MOST_SCORE = 0.35, 0.95
STEP = 0.05
"""How far beyond a refused score the threshold goes, and by how much a confirmed one comes down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    kind: FaultKind
    score: float
    """0 … 1; 0.5 is at the limit, 1 is beyond doubt."""
    because: str
    """The value measured against its limit."""


class Judgement(StrEnum):
    """What staff say of a finding."""

    TRUE = "true"
    FALSE = "false"
    ACCEPTED = "accepted"
    """It is so, and it is to stay so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Of one camera; kinds without an entry are reported from `USUAL_SCORE` on."""

    scores: Mapping[FaultKind, float] = field(default_factory=lambda: MappingProxyType({}))

    def of(self, kind: FaultKind) -> float:
        return self.scores.get(kind, USUAL_SCORE)


def adjust(thresholds: Thresholds, kind: FaultKind, judgement: Judgement, score: float) -> Thresholds:
    """A false or accepted finding must be clearly exceeded next time; a true one makes its kind a little keener.

    Stays within LEAST_SCORE … MOST_SCORE, so that no verdict makes a camera blind or hysterical for good.
    """
    now = thresholds.of(kind)
    wanted = now - STEP / 2 if judgement is Judgement.TRUE else max(now, score + STEP)
    bounded = min(max(wanted, LEAST_SCORE), MOST_SCORE)
    return replace(thresholds, scores=MappingProxyType({**thresholds.scores, kind: round(bounded, 3)}))


def grade(value: float, limit: float, beyond_doubt: float) -> float:
    """0.5 at the limit, 1 beyond doubt, 0 as far on the other side; works in either direction."""
    return min(1.0, max(0.0, 0.5 + 0.5 * (value - limit) / (beyond_doubt - limit)))
