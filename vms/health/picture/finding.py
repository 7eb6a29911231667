"""A finding of picture diagnosis, its score, and the score from which a camera reports it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from vms.health.fault import LAYER_OF, FaultKind
from vms.health.layer import Layer

USUAL_SCORE = 0.5
LEAST_SCORE, MOST_SCORE = 0.35, 0.95
PICTURE_FINDINGS = frozenset(kind for kind in FaultKind if LAYER_OF[kind] is Layer.PICTURE) - {FaultKind.NO_PICTURE}
"""Kinds that have a score, and whose threshold staff's verdicts move."""
FIRST_REST, LONGEST_REST = timedelta(days=1), timedelta(days=30)
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


@dataclass(frozen=True, slots=True)
class Rest:
    """So long the kind is not reported of the camera."""

    until: datetime
    lasts: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Of one camera; kinds without an entry are reported from `USUAL_SCORE` on."""

    scores: Mapping[FaultKind, float] = field(default_factory=lambda: MappingProxyType({}))
    accepted: frozenset[FaultKind] = frozenset()
    """Kinds that are this camera's normal by a person's word: never reported, however clear."""
    rests: Mapping[FaultKind, Rest] = field(default_factory=lambda: MappingProxyType({}))
    """Kinds that were called false although no threshold goes beyond their score."""

    def of(self, kind: FaultKind) -> float:
        """The score from which the kind is reported; infinite where it was accepted."""
        return math.inf if kind in self.accepted else self.noticed_from(kind)

    def at(self, now: datetime) -> "Thresholds":
        """Those of that moment: what rests is as silent as what was accepted."""
        resting = frozenset(kind for kind, rest in self.rests.items() if now < rest.until)
        return replace(self, accepted=self.accepted | resting) if resting else self

    def noticed_from(self, kind: FaultKind) -> float:
        """The score from which the kind is believed to be there: an accepted one still explains others away."""
        return self.scores.get(kind, USUAL_SCORE)


def adjust(thresholds: Thresholds, kind: FaultKind, judgement: Judgement, score: float, now: datetime) -> Thresholds:
    """A false finding must be clearly exceeded next time; a true one makes its kind a little keener, and ends that it
    was accepted, or rests; an accepted one is silent from then on. What no threshold can silence rests for a day when
    it is called false, and twice as long each further time.

    The score stays within LEAST_SCORE … MOST_SCORE, so that no error makes a camera blind or hysterical for good. An
    accepted scene change is no silence: the new view becomes the normal one, and what was accepted of the old view is
    not accepted of the new one.
    """
    if judgement is Judgement.ACCEPTED:
        accepted = frozenset[FaultKind]() if kind is FaultKind.SCENE_CHANGE else thresholds.accepted | {kind}
        rests = {} if kind is FaultKind.SCENE_CHANGE else _without(thresholds.rests, kind)
        return replace(thresholds, accepted=accepted, rests=MappingProxyType(rests))
    limit = thresholds.noticed_from(kind)
    wanted = limit - STEP / 2 if judgement is Judgement.TRUE else max(limit, score + STEP)
    bounded = min(max(wanted, LEAST_SCORE), MOST_SCORE)
    accepted = thresholds.accepted - {kind} if judgement is Judgement.TRUE else thresholds.accepted
    rests = _without(thresholds.rests, kind) if judgement is Judgement.TRUE else thresholds.rests
    if judgement is Judgement.FALSE and score >= MOST_SCORE:
        before = thresholds.rests.get(kind)
        lasts = FIRST_REST if before is None else min(2 * before.lasts, LONGEST_REST)
        rests = MappingProxyType({**rests, kind: Rest(now + lasts, lasts)})
    scores = MappingProxyType({**thresholds.scores, kind: round(bounded, 3)})
    return Thresholds(scores=scores, accepted=accepted, rests=rests)


def _without(rests: Mapping[FaultKind, Rest], kind: FaultKind) -> Mapping[FaultKind, Rest]:
    return MappingProxyType({rested: rest for rested, rest in rests.items() if rested is not kind})


def grade(value: float, limit: float, beyond_doubt: float) -> float:
    """0.5 at the limit, 1 beyond doubt, 0 as far on the other side; works in either direction."""
    return min(1.0, max(0.0, 0.5 + 0.5 * (value - limit) / (beyond_doubt - limit)))
