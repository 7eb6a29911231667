"""The rules of assignment as they were: kept before each change, so that a past month stays with who maintained it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from vms.core.ids import MaintainerId, OwnerId
from vms.inventory.tier import Tier
from vms.maintenance.assignment import AssignmentRule
from vms.places.land import Land
from vms.store.schema import past_assignments, regions


def keep(tx: Connection, rules: Sequence[AssignmentRule], now: datetime) -> None:
    """Called before they, or the tree of regions, are changed."""
    rows = tx.execute(select(regions.c.code, regions.c.parent_code))
    values = {
        "until_at": now,
        "rules": [_written(rule) for rule in rules],
        "parents": {row.code: row.parent_code for row in rows},
    }
    tx.execute(insert(past_assignments).values(values))


def held_at(tx: Connection, at: datetime) -> tuple[list[AssignmentRule], Land] | None:
    """What was in force just before this moment, and the regions it spoke of; None: what is in force now."""
    p = past_assignments.c
    statement = select(p.rules, p.parents).where(p.until_at >= at).order_by(p.until_at, p.id).limit(1)
    row = tx.execute(statement).one_or_none()
    return None if row is None else ([_read(one) for one in row.rules], Land(row.parents))


def _written(rule: AssignmentRule) -> dict[str, Any]:
    """Without the crew: a person's name."""
    return {
        "region_code": rule.region_code,
        "tier": rule.tier.value if rule.tier else "",
        "point_class": rule.point_class,
        "owner_id": rule.owner_id,
        "layer": rule.layer,
        "maintainer_id": rule.maintainer_id,
    }


def _read(told: Mapping[str, Any]) -> AssignmentRule:
    return AssignmentRule(
        region_code=told["region_code"],
        tier=Tier(told["tier"]) if told["tier"] else None,
        point_class=told["point_class"],
        owner_id=None if told["owner_id"] is None else OwnerId(told["owner_id"]),
        layer=told["layer"],
        maintainer_id=MaintainerId(told["maintainer_id"]),
    )
