"""Rank the views for one spot: who sees it, how well, is it alive, may I look.

The order goes by standing first, and no score lifts a feed over a better standing:

    usable (not ill, allowed):   sees the spot > may see it (direction unknown) > does not see it
    ask for access:              the same three
    refused:                     the same three
    ill (down, or blind by a fault), whatever else: the same three, last, with the reason

So within one of the four classes a camera behind a building never stands above one that sees the spot; between the
classes a usable camera near by stands above one that sees the spot but is ill or closed for now: it helps at once.
Those that see are ordered by weighted terms, the others by distance alone; ties go to the nearer, then the lower id.
Every score is the sum of its terms.
"""

import math
from collections.abc import Iterable
from datetime import datetime

from vms.core.geo import Wgs84, angle_between_deg, bearing_deg
from vms.health.status import Status
from vms.linkage.feed import FeedCandidate, FeedReason, Permission, RankedFeed, Term
from vms.linkage.sentence import sentence_en, sentence_zh

WEIGHTS = {"density": 0.55, "freshness": 0.15, "health": 0.10, "distance": 0.10, "aim": 0.05, "pose": 0.05}
"""Of the terms for a camera that sees the spot; they add up to 1."""
_COARSEST_PX_PER_M, _FINEST_PX_PER_M = 20.0, 250.0
_FRESH_S, _STALE_S = 60.0, 3_600.0
_HALF_WORTH_M = 50.0
_HEALTH = {Status.UP: 1.0, Status.UNKNOWN: 0.5, Status.SUSPECT: 0.25, Status.DOWN: 0.0}
_USE = {FeedReason.NONE: 3, FeedReason.ASK: 2, FeedReason.REFUSED: 1, FeedReason.FAULTY: 0, FeedReason.DOWN: 0}
UNKNOWN_VALUE = -1.0


def rank_feeds(
    point: Wgs84, candidates: Iterable[FeedCandidate], *, limit: int, now: datetime
) -> tuple[RankedFeed, ...]:
    """The best `limit` feeds, best first. `now` is kept with each, as the instant of the decision."""
    judged = []
    for candidate in candidates:
        reason = reason_of(candidate)
        standing = 3 * _USE[reason] + (2 if candidate.sees else 1 if candidate.could_see else 0)
        terms = (_term("standing", standing, 1.0, float(standing)), *_terms(point, candidate))
        merit = sum(term.contribution for term in terms[1:])
        judged.append(((-standing, -merit, candidate.distance_m, candidate.camera_id), candidate, reason, terms))
    judged.sort(key=lambda row: row[0])
    return tuple(
        RankedFeed(
            rank=rank,
            camera_id=candidate.camera_id,
            score=sum(term.contribution for term in terms),
            terms=terms,
            sentence_en=sentence_en(candidate, reason),
            sentence_zh=sentence_zh(candidate, reason),
            usable=reason is FeedReason.NONE,
            sees=candidate.sees,
            reason=reason,
            candidate=candidate,
            ranked_at=now,
        )
        for rank, (_, candidate, reason, terms) in enumerate(judged[: max(0, limit)], start=1)
    )


def sight_terms(px_per_m: float, pose_confidence: float | None) -> tuple[Term, ...]:
    """How well a camera sees a spot and how surely it looks there, weighed as in `rank_feeds`."""
    sure = 1.0 if pose_confidence is None else pose_confidence
    return (
        _term("density", px_per_m, WEIGHTS["density"], _density_worth(px_per_m)),
        _term("pose", sure, WEIGHTS["pose"], sure),
    )


def reason_of(candidate: FeedCandidate) -> FeedReason:
    """Illness before permission: nobody is asked for access to a camera that does not work."""
    if candidate.status is Status.DOWN:
        return FeedReason.DOWN
    if candidate.blind_because:
        return FeedReason.FAULTY
    if candidate.permission is Permission.ASK:
        return FeedReason.ASK
    return FeedReason.REFUSED if candidate.permission is Permission.REFUSED else FeedReason.NONE


def _terms(point: Wgs84, candidate: FeedCandidate) -> tuple[Term, ...]:
    near = 1.0 / (1.0 + max(0.0, candidate.distance_m) / _HALF_WORTH_M)
    if not candidate.sees:
        return (_term("distance", candidate.distance_m, 1.0, near),)
    age_s, confidence = candidate.picture_age_s, candidate.pose_confidence
    off_axis_deg = _off_axis_deg(point, candidate)
    worth = {
        "density": (candidate.density_px_per_m, _density_worth(candidate.density_px_per_m)),
        "freshness": (UNKNOWN_VALUE if age_s is None else age_s, _freshness_worth(age_s)),
        "health": (_HEALTH[candidate.status], _HEALTH[candidate.status]),
        "distance": (candidate.distance_m, near),
        "aim": (UNKNOWN_VALUE if off_axis_deg is None else off_axis_deg, _aim_worth(off_axis_deg)),
        "pose": (1.0 if confidence is None else confidence, 1.0 if confidence is None else confidence),
    }
    return tuple(_term(name, value, WEIGHTS[name], share) for name, (value, share) in worth.items())


def _term(name: str, value: float, weight: float, worth: float) -> Term:
    return Term(name=name, value=round(float(value), 3), weight=weight, contribution=weight * worth)


def _density_worth(px_per_m: float) -> float:
    """0 at 20 px/m, 1 at 250 px/m and above, by its logarithm: twice the pixels are always worth the same."""
    if px_per_m <= _COARSEST_PX_PER_M:
        return 0.0
    return min(1.0, math.log(px_per_m / _COARSEST_PX_PER_M) / math.log(_FINEST_PX_PER_M / _COARSEST_PX_PER_M))


def _freshness_worth(age_s: float | None) -> float:
    """1 up to a minute, falling to 0 at an hour, by its logarithm; 0 where there is no picture."""
    if age_s is None or age_s >= _STALE_S:
        return 0.0
    return 1.0 - math.log(max(age_s, _FRESH_S) / _FRESH_S) / math.log(_STALE_S / _FRESH_S)


def _aim_worth(off_axis_deg: float | None) -> float:
    """1 in the middle of the picture, 0 at 90° from it; 1 for one of which no single direction is known."""
    return 1.0 if off_axis_deg is None else max(0.0, 1.0 - off_axis_deg / 90.0)


def _off_axis_deg(point: Wgs84, candidate: FeedCandidate) -> float | None:
    if candidate.bearing_deg is None or candidate.position == point:
        return None
    return angle_between_deg(candidate.bearing_deg, bearing_deg(candidate.position, point))
