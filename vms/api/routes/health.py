"""Counts of health, faults."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from vms.access.decide import LookKind
from vms.access.roles import SEES_PENDING
from vms.api.guards import RoomsNow, StaffCall
from vms.api.models.health import FaultPage, FaultRow, HealthSummary, SummaryRow
from vms.api.models.shape import IdNumber
from vms.api.show import show_poller
from vms.core.ids import CameraId
from vms.health.fault import FaultKind, Severity
from vms.health.reading import Layer
from vms.inventory.tier import Tier
from vms.services.board_memory import BoardMemory
from vms.services.look_at_camera import decisions_for
from vms.store import faults, health_summary
from vms.store.faults import FaultFilter, FaultState
from vms.store.health_summary import SummaryBy

router = APIRouter(tags=["health"])


@router.get("/health/summary")
def summary(_call: StaffCall, request: Request, rooms: RoomsNow, by: SummaryBy = SummaryBy.TIER) -> HealthSummary:
    board: BoardMemory = request.app.state.board
    counted = board.counted(by)
    return HealthSummary(
        at=counted.at,
        by=by,
        rows=[_row(row) for row in counted.rows],
        all=_row(health_summary.together(counted.rows)),
        poller=show_poller(counted.session, rooms.clock()),
    )


@router.get("/faults")
def list_faults(
    call: StaffCall,
    rooms: RoomsNow,
    state: FaultState = FaultState.OPEN,
    tier: Tier | None = None,
    region: Annotated[str, Query(max_length=20)] = "",
    kind: FaultKind | None = None,
    layer: Layer | None = None,
    severity: Severity | None = None,
    camera_id: IdNumber | None = None,
    outage_id: Annotated[IdNumber | None, Query(description="those that fell with this outage")] = None,
    alone: Annotated[bool, Query(description="not those that fell with others")] = False,
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
        alone=alone,
        approved_only=call.person.role not in SEES_PENDING,
    )
    with rooms.database.reading() as tx:
        page = faults.page(tx, wanted, sort=sort, limit=limit, offset=offset)
        ids = {row.camera_id for row in page.items}
        seen = decisions_for(tx, call.person, ids, rooms.settings.agreements, rooms.clock(), kind=LookKind.STILL)
    return FaultPage(
        total=page.total,
        items=[show_fault(row, may_look=seen[row.camera_id].allowed) for row in page.items],
    )


def show_fault(row: faults.FaultRow, *, may_look: bool) -> FaultRow:
    return FaultRow(
        id=row.fault_id,
        camera_id=row.camera_id,
        camera_name=row.camera_name,
        tier=row.tier,
        region_code=row.region_code,
        kind=row.kind,
        layer=row.layer,
        severity=row.severity,
        because=row.because,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        still_at=row.still_at if may_look else None,
        outage_id=row.outage_id,
        score=row.score,
    )


def _row(row: health_summary.SummaryRow) -> SummaryRow:
    return SummaryRow(
        key=row.key,
        name=row.name,
        total=row.total,
        up=row.up,
        suspect=row.suspect,
        down=row.down,
        unknown=row.unknown,
        intact=row.intact,
    )
