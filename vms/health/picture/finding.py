"""A finding of picture diagnosis, its score, and the score from which a camera reports it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType

from vms.health.fault import LAYER_OF, FaultKind
from vms.health.layer import Layer

USUAL_SCORE = 0.5
LEAST_SCORE, MOST_SCORE = 0.35, 0.95
PICTURE_FINDINGS = frozenset(kind for kind in FaultKind if LAYER_OF[kind] is Layer.PICTURE) - {FaultKind.NO_PICTURE}
"""Kinds that have a score, and whose threshold staff's verdicts move."""
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
    accepted: frozenset[FaultKind] = frozenset()
    """Kinds that are this camera's normal by a person's word: never reported, however clear."""

    def of(self, kind: FaultKind) -> float:
        """The score from which the kind is reported; infinite where it was accepted."""
        return math.inf if kind in self.accepted else self.noticed_from(kind)

    def noticed_from(self, kind: FaultKind) -> float:
        """The score from which the kind is believed to be there: an accepted one still explains others away."""
        return self.scores.get(kind, USUAL_SCORE)


def adjust(thresholds: Thresholds, kind: FaultKind, judgement: Judgement, score: float) -> Thresholds:
    """A false finding must be clearly exceeded next time; a true one makes its kind a little keener, and ends that it
    was accepted; an accepted one is silent from then on.

    The score stays within LEAST_SCORE … MOST_SCORE, so that no error makes a camera blind or hysterical for good. An
    accepted scene change is no silence: the new view becomes the normal one, and what was accepted of the old view is
    not accepted of the new one.
    """
    if judgement is Judgement.ACCEPTED:
        accepted = frozenset[FaultKind]() if kind is FaultKind.SCENE_CHANGE else thresholds.accepted | {kind}
        return replace(thresholds, accepted=accepted)
    now = thresholds.noticed_from(kind)
    wanted = now - STEP / 2 if judgement is Judgement.TRUE else max(now, score + STEP)
    bounded = min(max(wanted, LEAST_SCORE), MOST_SCORE)
    accepted = thresholds.accepted - {kind} if judgement is Judgement.TRUE else thresholds.accepted
    return Thresholds(scores=MappingProxyType({**thresholds.scores, kind: round(bounded, 3)}), accepted=accepted)


def grade(value: float, limit: float, beyond_doubt: float) -> float:
    """0.5 at the limit, 1 beyond doubt, 0 as far on the other side; works in either direction."""
    return min(1.0, max(0.0, 0.5 + 0.5 * (value - limit) / (beyond_doubt - limit)))
