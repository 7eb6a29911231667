"""Lists of cameras to read and to compare: groups with their counts, trees of regions and owners, filter fields."""

from dataclasses import replace

from fastapi import APIRouter, Request

from vms.access.roles import sees_addresses
from vms.api.guards import AnyCall, RoomsNow
from vms.api.listing import FilterText, SearchText, follow_archive, visible_to
from vms.api.models.lists import FilterFieldList, GroupList, OwnerTreeNow, RegionTreeNow
from vms.api.show_lists import show_filter_field, show_group, show_owners, show_region
from vms.inventory.filters.fields import FIELDS
from vms.store import camera_groups, code_tables
from vms.store.camera_groups import MOST_GROUPS, GroupBy

router = APIRouter(tags=["inventory"])


@router.get("/cameras/groups")
def count_groups(
    call: AnyCall, rooms: RoomsNow, request: Request, by: GroupBy, filter: FilterText = "", q: SearchText = ""
) -> GroupList:
    now, wanted = rooms.clock(), replace(visible_to(call.person, filter, q), owners_told=by is GroupBy.OWNER)
    follow_archive(request.app.state.archive, wanted, now)
    with rooms.database.reading() as tx:
        found = camera_groups.groups(tx, by, wanted, now)
    return GroupList(at=now, by=by, truncated=len(found) == MOST_GROUPS, items=[show_group(one) for one in found])


@router.get("/region-tree")
def region_tree(
    call: AnyCall, rooms: RoomsNow, request: Request, filter: FilterText = "", q: SearchText = ""
) -> RegionTreeNow:
    now, wanted = rooms.clock(), visible_to(call.person, filter, q)
    follow_archive(request.app.state.archive, wanted, now)
    with rooms.database.reading() as tx:
        nodes = camera_groups.region_tree(tx, wanted, now)
    return RegionTreeNow(at=now, items=[show_region(node) for node in nodes])


@router.get("/owner-tree")
def owner_tree(
    call: AnyCall, rooms: RoomsNow, request: Request, filter: FilterText = "", q: SearchText = ""
) -> OwnerTreeNow:
    now, wanted = rooms.clock(), replace(visible_to(call.person, filter, q), owners_told=True)
    follow_archive(request.app.state.archive, wanted, now)
    with rooms.database.reading() as tx:
        nodes = camera_groups.owner_tree(tx, wanted, now)
    return OwnerTreeNow(at=now, items=show_owners(nodes))


@router.get("/filter-fields")
def filter_fields(call: AnyCall, rooms: RoomsNow) -> FilterFieldList:
    """What `filter` understands, for the builder and the completion in the console."""
    sees, crew = sees_addresses(call.person), call.person.maintainer_id is not None
    with rooms.database.reading() as tx:
        codes = code_tables.every(tx)
    fields = [
        show_filter_field(item, codes, sees_addresses=sees)
        for item in FIELDS
        if (sees or not item.restricted) and not (crew and item.whose)
    ]
    return FilterFieldList(items=fields, groups=list(GroupBy))
