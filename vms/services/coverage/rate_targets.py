"""What a rate ought to reach: the targets of the classes that it puts together, each by what is asked for of it."""

from collections.abc import Callable, Mapping

from vms.coverage.ground import Ground
from vms.coverage.needs import Needs
from vms.coverage.rate_history import CoveredTime
from vms.coverage.totals import FigureKey


def targets(needs: Needs) -> Mapping[Ground, float]:
    """Of each class, where the rules set one: of the first rule for the whole town that does, else of the first."""
    found: dict[Ground, float] = {}
    for everywhere in (True, False):
        for rule in needs.rules:
            if rule.target is not None and (not rule.area or not everywhere):
                found.setdefault(rule.ground, rule.target)
    return found


def road_target(figures: Mapping[FigureKey, CoveredTime], of_class: Mapping[Ground, float]) -> float | None:
    return _weighted(figures, of_class, lambda time: time.length)


def place_target(figures: Mapping[FigureKey, CoveredTime], of_class: Mapping[Ground, float]) -> float | None:
    return _weighted(figures, of_class, lambda time: time.places)


def _weighted(
    figures: Mapping[FigureKey, CoveredTime], of_class: Mapping[Ground, float], asked: Callable[[CoveredTime], int]
) -> float | None:
    """None: nothing is asked for, or of some of it nobody said how much is enough."""
    weights: dict[Ground, int] = {}
    for key, time in figures.items():
        if asked(time):
            weights[key.ground] = weights.get(key.ground, 0) + asked(time)
    if not weights or any(ground not in of_class for ground in weights):
        return None
    if len({of_class[ground] for ground in weights}) == 1:
        return of_class[next(iter(weights))]
    return sum(of_class[ground] * weight for ground, weight in weights.items()) / sum(weights.values())
