"""Counts of health, faults."""

from dataclasses import replace
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request

from vms.access.decide import LookKind
from vms.access.roles import SEES_PENDING
from vms.api.guards import RoomsNow, StaffCall
from vms.api.models.health import FaultPage, HealthSummary, SummaryRow
from vms.api.models.shape import IdNumber
from vms.api.region_asked import RegionAsked
from vms.api.show import show_poller
from vms.api.show_faults import FaultShow
from vms.core.ids import CameraId, MaintainerId
from vms.health import board
from vms.health.board import ANYWHERE, BoardBy, BoardRow
from vms.health.fault import FaultKind, Severity
from vms.health.layer import Layer
from vms.inventory.tier import Tier
from vms.services.board_memory import BoardMemory, Counted
from vms.services.diagnosis.faults_waiting_for_day import faults_waiting_for_day
from vms.services.look_at_camera import decisions_for
from vms.store import fault_list, fault_verdicts, maintainers
from vms.store.fault_list import FaultFilter
from vms.store.faults import FaultState
from vms.store.poller_state import poller_state

router = APIRouter(tags=["health"])


@router.get("/health/summary")
def summary(
    call: StaffCall, request: Request, rooms: RoomsNow, by: Literal["tier", "region"] = "tier"
) -> HealthSummary:
    """By tier, or by each region's own cameras; the tree of regions and more figures: `health/board`."""
    memory: BoardMemory = request.app.state.board
    counted = memory.counted()
    found = board.rows(counted.board, BoardBy(by), ANYWHERE)
    now = rooms.clock()
    with rooms.database.reading() as tx:
        state = poller_state(tx, now)
    return HealthSummary(
        at=counted.at,
        by=by,
        rows=[_row(row, counted) for row in found if row.tally.total],
        all=_row(board.whole(counted.board, ANYWHERE), counted, name="all"),
        poller=show_poller(state, now, call.person),
    )


@router.get("/faults")
def list_faults(
    call: StaffCall,
    rooms: RoomsNow,
    state: FaultState = FaultState.OPEN,
    tier: Tier | None = None,
    region: RegionAsked = "",
    kind: FaultKind | None = None,
    layer: Layer | None = None,
    severity: Severity | None = None,
    camera_id: IdNumber | None = None,
    outage_id: Annotated[IdNumber | None, Query(description="those that fell with this outage")] = None,
    alone: Annotated[bool, Query(description="not those that fell with others")] = False,
    fold: Annotated[bool, Query(description="as `alone`; their outages are told beside, in `folded`")] = False,
    ordered: Annotated[bool | None, Query(description="with or without a work order")] = None,
    maintainer: Annotated[IdNumber | None, Query(description="who has the order, or would get it")] = None,
    sort: Annotated[str, Query(max_length=30)] = "-opened_at",
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> FaultPage:
    wanted = FaultFilter(
        state=state,
        tier=tier,
        region_code=region,
        kind=kind,
        layer=layer,
        severity=severity,
        camera_id=None if camera_id is None else CameraId(camera_id),
        outage_id=outage_id,
        alone=alone or fold,
        ordered=ordered,
        maintainer_id=None if maintainer is None else MaintainerId(maintainer),
        approved_only=call.person.role not in SEES_PENDING,
    )
    now = rooms.clock()
    with rooms.database.reading() as tx:
        page = fault_list.page(tx, wanted, now=now, sort=sort, limit=limit, offset=offset)
        outages = fault_list.folded(tx, replace(wanted, alone=False), now) if fold else []
        ids = {item.row.camera_id for item in page.items}
        seen = decisions_for(tx, call.person, ids, rooms.settings.agreements, now, kind=LookKind.STILL)
        firms = maintainers.names(tx)
        said = fault_verdicts.in_force(tx, [item.row.fault_id for item in page.items])
        rows = [item.row for item in page.items if item.row.closed_at is None]
        waiting = faults_waiting_for_day(tx, ((row.fault_id, row.camera_id, row.kind) for row in rows), now)
    show = FaultShow(firms, call.person.maintainer_id, said, call.person, waiting)
    return FaultPage(
        total=page.total,
        items=[show.fault(item, may_look=seen[item.row.camera_id].allowed) for item in page.items],
        folded=[show.outage(one) for one in outages],
    )


def _row(row: BoardRow, counted: Counted, name: str = "") -> SummaryRow:
    tally = row.tally
    return SummaryRow(
        key=name or row.key,
        name=name or (counted.tree.regions[row.key].name if row.key in counted.tree else row.key),
        total=tally.total,
        up=tally.up,
        suspect=tally.suspect,
        down=tally.down,
        unknown=tally.unknown,
        intact=tally.intact,
    )
