"""The region that a list is narrowed to: by the tree or by a camera's code it is known; any other is an error."""

from typing import Annotated

from fastapi import Depends, Query

from vms.api.guards import RoomsNow
from vms.core.errors import NotFound
from vms.store.region_scope import is_known


def _known(
    rooms: RoomsNow,
    region: Annotated[str, Query(max_length=20, description="and everything below it; empty: the whole city")] = "",
) -> str:
    if region:
        with rooms.database.reading() as tx:
            if not is_known(tx, region):
                raise NotFound(f"there is no region {region}", where="region")
    return region


RegionAsked = Annotated[str, Depends(_known)]
