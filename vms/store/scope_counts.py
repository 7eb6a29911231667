"""How many cameras in service are alike, as rules of assignment ask."""

from collections.abc import Sequence

from sqlalchemy import Connection, func, select

from vms.core.ids import OwnerId
from vms.inventory.camera import IN_SERVICE_VALUES
from vms.inventory.tier import Tier
from vms.maintenance.scope import Scope
from vms.store.schema import cameras


def cameras_by_scope(tx: Connection, *, layer: str = "", owners: bool = False) -> Sequence[tuple[Scope, int]]:
    """`owners`: told apart by owner too, which makes many more groups. One pass over the cameras."""
    c = cameras.c
    alike = [c.region_code, c.tier, c.point_class, *([c.owner_id] if owners else [])]
    counted = select(*alike, func.count().label("n")).where(c.life_cycle.in_(IN_SERVICE_VALUES)).group_by(*alike)
    return [
        (
            Scope(
                region_code=row.region_code,
                tier=Tier(row.tier),
                point_class=row.point_class,
                owner_id=OwnerId(row.owner_id) if owners and row.owner_id is not None else None,
                layer=layer,
            ),
            row.n,
        )
        for row in tx.execute(counted)
    ]
