"""To whom an order is given: the first rule that fits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vms.core.ids import MaintainerId, OwnerId
from vms.inventory.tier import Tier
from vms.maintenance.scope import Scope, is_within


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentRule:
    """None and empty: any."""

    region_code: str = ""
    """The region and everything below it."""
    tier: Tier | None = None
    point_class: int | None = None
    owner_id: OwnerId | None = None
    layer: str = ""
    maintainer_id: MaintainerId
    crew: str = ""
    """The user who gets it; empty: the firm's office."""


def first_that_fits(rules: Iterable[AssignmentRule], scope: Scope) -> AssignmentRule | None:
    return next((rule for rule in rules if fits(rule, scope)), None)


def deciding(rules: Sequence[AssignmentRule], scopes: Iterable[Scope]) -> list[int | None]:
    """The place of the first rule that fits, of each scope: only rules of its own regions are looked at."""
    of_region: dict[str, list[int]] = {}
    for place, rule in enumerate(rules):
        of_region.setdefault(rule.region_code, []).append(place)
    lengths = sorted({len(code) for code in of_region})
    found: list[int | None] = []
    for scope in scopes:
        above = (
            of_region.get(scope.region_code[:length], ()) for length in lengths if length <= len(scope.region_code)
        )
        first = [next((place for place in places if fits(rules[place], scope)), None) for places in above]
        found.append(min((place for place in first if place is not None), default=None))
    return found


def fits(rule: AssignmentRule, scope: Scope) -> bool:
    return (
        is_within(scope.region_code, rule.region_code)
        and rule.tier in (None, scope.tier)
        and rule.point_class in (None, scope.point_class)
        and rule.owner_id in (None, scope.owner_id)
        and rule.layer in ("", scope.layer)
    )
