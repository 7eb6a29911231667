"""The office's board: counts with drill-down, the line of the last day, outages as areas."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request

from vms.access.hide_addresses import for_person
from vms.access.roles import SEES_PENDING, Person
from vms.api.guards import RoomsNow, StaffCall
from vms.api.models.board import BoardNow, BoardTrend, OutageArea, OutageAreas, RegionStep, TrendPoint
from vms.api.region_asked import RegionAsked
from vms.api.show import show_poller
from vms.api.show_board import show_lost, show_missed, show_numbers, show_row
from vms.core.errors import NotFound
from vms.health.board import BoardBy, Ground, descend, rows, seen_by_firm, whole
from vms.health.outages.area import area_around
from vms.services.board_memory import BoardMemory
from vms.services.sample_board import EVERY_S
from vms.store import board_samples, outage_areas, regions
from vms.store.poller_state import poller_state

router = APIRouter(tags=["health"])
DAY = timedelta(days=1)
Region = Annotated[str, Query(max_length=20, description="and everything below it; empty: the whole city")]


@router.get("/health/board")
def health_board(
    call: StaffCall, request: Request, rooms: RoomsNow, by: BoardBy = BoardBy.REGION, region: Region = ""
) -> BoardNow:
    memory: BoardMemory = request.app.state.board
    counted = memory.counted()
    tree, board, firm = counted.tree, counted.board, call.person.maintainer_id
    if firm is not None:
        board = seen_by_firm(board, firm)
    if region and region not in tree and not any(cell.region_code.startswith(region) for cell in board.cells):
        raise NotFound(f"there is no region {region}", where="region")
    at = region or descend(tree, {cell.region_code for cell in board.cells if cell.tally.total})
    ground = Ground(tree, at, everything=not region)
    line = [*reversed(tree.ancestors(at)), tree.regions[at]] if at in tree else []
    now = rooms.clock()
    with rooms.database.reading() as tx:
        state = poller_state(tx, now)
    return BoardNow(
        at=counted.at,
        by=by,
        region=region,
        path=[RegionStep(code=one.code, name=one.name) for one in line],
        rows=[show_row(row, by, tree, counted.maintainers, at) for row in rows(board, by, ground)],
        all=show_numbers(whole(board, ground)),
        recorded_day=counted.recorded_day,
        poller=show_poller(state, now, call.person),
        coverage_lost=show_lost(counted.gaps),
        figures=None if counted.figures is None else show_missed(counted.figures),
    )


@router.get("/health/trend")
def health_trend(_call: StaffCall, rooms: RoomsNow, region: RegionAsked = "") -> BoardTrend:
    """The last 24 hours as they were counted; where nobody counted there is no point."""
    now = rooms.clock()
    with rooms.database.reading() as tx:
        samples = board_samples.since(tx, now - DAY, Ground(regions.tree(tx), region))
    points = [
        TrendPoint(
            at=one.at,
            total=one.total,
            up=one.up,
            suspect=one.suspect,
            down=one.down,
            unknown=one.unknown,
            intact=one.intact,
        )
        for one in samples
    ]
    return BoardTrend(from_at=now - DAY, to_at=now, every_s=EVERY_S, points=points)


@router.get("/health/outage-areas")
def where_outages_are(call: StaffCall, rooms: RoomsNow) -> OutageAreas:
    """GeoJSON; the 200 largest that are open."""
    with rooms.database.reading() as tx:
        found = outage_areas.open_outages(tx, approved_only=call.person.role not in SEES_PENDING)
    return OutageAreas(features=[_area(one, call.person) for one in found])


def _area(found: outage_areas.OutagePlaces, person: Person) -> OutageArea:
    ring = [[round(place.lon, 6), round(place.lat, 6)] for place in area_around(found.places)]
    properties = {
        "id": found.outage_id,
        "kind": found.kind,
        "name": for_person(found.name, person),
        "cameras": len(found.places),
        "opened_at": found.opened_at.isoformat(),
    }
    return OutageArea(geometry={"type": "Polygon", "coordinates": [ring]}, properties=properties)
