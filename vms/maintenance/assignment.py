"""To whom an order is given: the first rule that fits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vms.core.ids import MaintainerId, OwnerId
from vms.inventory.tier import Tier
from vms.maintenance.scope import Scope
from vms.places.land import Land


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


def first_that_fits(rules: Iterable[AssignmentRule], scope: Scope, land: Land) -> AssignmentRule | None:
    return next((rule for rule in rules if fits(rule, scope, land)), None)


def deciding(rules: Sequence[AssignmentRule], scopes: Iterable[Scope], land: Land) -> list[int | None]:
    """The place of the first rule that fits, of each scope: only rules of its own regions are looked at."""
    of_region: dict[str, list[int]] = {}
    for place, rule in enumerate(rules):
        of_region.setdefault(rule.region_code, []).append(place)
    above: dict[str, list[list[int]]] = {}
    found: list[int | None] = []
    for scope in scopes:
        code = scope.region_code
        if code not in above:
            above[code] = [places for wanted, places in of_region.items() if land.holds(wanted, code)]
        first = [next((place for place in places if fits(rules[place], scope, land)), None) for places in above[code]]
        found.append(min((place for place in first if place is not None), default=None))
    return found


def fits(rule: AssignmentRule, scope: Scope, land: Land) -> bool:
    return (
        rule.tier in (None, scope.tier)
        and rule.point_class in (None, scope.point_class)
        and rule.owner_id in (None, scope.owner_id)
        and rule.layer in ("", scope.layer)
        and land.holds(rule.region_code, scope.region_code)
    )
