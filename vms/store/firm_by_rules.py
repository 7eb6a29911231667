"""To which firm the rules would give a camera's fault, as SQL: the first rule that fits."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, and_, case, literal

from vms.maintenance.assignment import AssignmentRule
from vms.store import regions
from vms.store.region_scope import codes_of_cameras
from vms.store.schema import cameras

NO_FIRM = -1


def firm_by_rules(
    tx: Connection, rules: Sequence[AssignmentRule], layer: ColumnElement[str] | None = None
) -> ColumnElement[int]:
    """Of rows with a camera; NO_FIRM where no rule fits. `layer`: the fault's; None: any fault that rules do not single
    out."""
    named = {rule.region_code for rule in rules} - {""}
    land, codes = regions.land(tx), codes_of_cameras(tx) if named else []
    inside = {wanted: [code for code in codes if land.holds(wanted, code)] for wanted in named}
    whens = [
        (_fits(rule, inside.get(rule.region_code), layer), literal(int(rule.maintainer_id)))
        for rule in rules
        if layer is not None or not rule.layer
    ]
    return case(*whens, else_=literal(NO_FIRM)) if whens else literal(NO_FIRM)


def _fits(rule: AssignmentRule, inside: Sequence[str] | None, layer: ColumnElement[str] | None) -> ColumnElement[bool]:
    c = cameras.c
    parts: list[ColumnElement[bool]] = [literal(True)]
    if inside is not None:
        parts.append(c.region_code.in_(inside))
    if rule.tier is not None:
        parts.append(c.tier == rule.tier.value)
    if rule.point_class is not None:
        parts.append(c.point_class == rule.point_class)
    if rule.owner_id is not None:
        parts.append(c.owner_id == rule.owner_id)
    if rule.layer and layer is not None:
        parts.append(layer == rule.layer)
    return and_(*parts)
