"""Plans for new cameras as background work: ask, look, compare, export, turn into draft records; private areas."""

import json
from typing import Annotated

from fastapi import APIRouter, Query, Response

from vms.api.guards import OfficeCall, PlannerCall, RoomsNow
from vms.api.models.plans import (
    ApplyPlan,
    ExportFormat,
    NewPlan,
    NewPrivateAreas,
    PlanApplied,
    PlanCatalogue,
    PlanDetail,
    PlanPage,
    PlanPair,
    PlanRow,
    PlansComparedRow,
    PlanSideRow,
    PrivateAreaPage,
    PrivateAreaRow,
    PrivateAreasKept,
    SheetLanguage,
)
from vms.api.models.shape import IdNumber
from vms.api.show_plans import plan_detail, plan_row, type_row
from vms.core.errors import Conflict
from vms.planning.catalogue import DEFAULT_SITE_COSTS, DEFAULT_TYPES, CameraType
from vms.services.plans.apply_plan import apply_plan
from vms.services.plans.compare_plans import PlanSide, compare_plans
from vms.services.plans.desk import ask_for_plan, cancel_plan, remove_plan
from vms.services.plans.export_plan import plan_geojson, plan_sheet
from vms.services.plans.keep_private import keep_private
from vms.services.plans.polygons import read_polygons
from vms.services.plans.request import PlanRequest
from vms.store import plans, private_areas
from vms.store.plans import PlanState

router = APIRouter(tags=["plans"])
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Limit = Annotated[int, Query(ge=1, le=500)]
Offset = Annotated[int, Query(ge=0, le=10_000_000)]


@router.post("/coverage/plans", status_code=201)
def ask(body: NewPlan, call: PlannerCall, rooms: RoomsNow) -> PlanRow:
    """It waits for the jobs process, which works it out beside everything else."""
    types = DEFAULT_TYPES if body.types is None else tuple(CameraType(**one.model_dump()) for one in body.types)
    request = PlanRequest(
        area=body.area,
        budget=body.budget,
        types=types,
        site_cost={**DEFAULT_SITE_COSTS, **body.site_cost},
        per_site=body.per_site,
        spacing_m=body.spacing_m,
        finer_px_per_m=body.finer_px_per_m,
        views=body.views,
        turn_first=body.turn_first,
        count_faulty=body.count_faulty,
        prove_s=body.prove_s,
        private_px_per_m=body.private_px_per_m,
    )
    return plan_row(ask_for_plan(rooms.database, body.name, request, call.person, rooms.clock()))


@router.get("/coverage/plans")
def list_plans(_call: OfficeCall, rooms: RoomsNow, limit: Limit = 50, offset: Offset = 0) -> PlanPage:
    """The newest first."""
    with rooms.database.reading() as tx:
        page = plans.page(tx, limit=limit, offset=offset)
    return PlanPage(total=page.total, items=[plan_row(plan) for plan in page.items])


@router.get("/coverage/plans/{plan_id}")
def one_plan(plan_id: IdNumber, _call: OfficeCall, rooms: RoomsNow) -> PlanDetail:
    with rooms.database.reading() as tx:
        return plan_detail(plans.get(tx, plan_id), plans.cameras_of(tx, plan_id))


@router.get("/coverage/plans/{plan_id}/compare")
def compare(
    plan_id: IdNumber, _call: OfficeCall, rooms: RoomsNow, other: Annotated[int, Query(ge=0, le=2**53 - 1)]
) -> PlansComparedRow:
    found = compare_plans(rooms.database, plan_id, other)
    return PlansComparedRow(
        first=_side(found.first),
        second=_side(found.second),
        both=[PlanPair(first=first, second=second) for first, second in found.both],
        same_area=found.same_area,
    )


@router.get("/coverage/plans/{plan_id}/export", response_class=Response)
def export(
    plan_id: IdNumber,
    _call: OfficeCall,
    rooms: RoomsNow,
    format: Annotated[ExportFormat, Query()] = "geojson",
    language: Annotated[SheetLanguage, Query()] = "zh",
) -> Response:
    """GeoJSON for other maps, or a spreadsheet."""
    with rooms.database.reading() as tx:
        plan, planned = plans.get(tx, plan_id), plans.cameras_of(tx, plan_id)
    if plan.state is not PlanState.DONE:
        raise Conflict("only a plan that is done is exported", code="plan_not_done")
    name = f'attachment; filename="plan-{plan_id}.{format}"'
    if format == "xlsx":
        content = plan_sheet(plan, planned, language)
        return Response(content, media_type=SPREADSHEET, headers={"Content-Disposition": name})
    content = json.dumps(plan_geojson(plan, planned), ensure_ascii=False).encode()
    return Response(content, media_type="application/geo+json", headers={"Content-Disposition": name})


@router.post("/coverage/plans/{plan_id}/cancel")
def cancel(plan_id: IdNumber, _call: PlannerCall, rooms: RoomsNow) -> PlanRow:
    """Whoever works on it stops within seconds."""
    return plan_row(cancel_plan(rooms.database, plan_id, rooms.clock()))


@router.post("/coverage/plans/{plan_id}/apply")
def apply(plan_id: IdNumber, body: ApplyPlan, call: PlannerCall, rooms: RoomsNow) -> PlanApplied:
    """A draft record for each camera that has none yet, an order for each camera to turn; twice asked is once done."""
    done = apply_plan(
        rooms.database,
        plan_id,
        call.person,
        rooms.clock(),
        numbers=body.numbers,
        turns=body.turns,
        policy=rooms.settings.orders,
    )
    return PlanApplied(
        made=done.made,
        before=done.before,
        gaps=done.gaps,
        camera_ids=[int(one) for one in done.camera_ids],
        orders=done.orders,
        notes=done.notes,
    )


@router.delete("/coverage/plans/{plan_id}", status_code=204)
def remove(plan_id: IdNumber, call: PlannerCall, rooms: RoomsNow) -> None:
    """Gaps planned by it are open again. 409 while it is worked out, and of one that records were made of."""
    remove_plan(rooms.database, plan_id, call.person, rooms.clock())


@router.get("/coverage/camera-types")
def camera_types(_call: OfficeCall, _rooms: RoomsNow) -> PlanCatalogue:
    """What a plan chooses from where it does not say otherwise."""
    return PlanCatalogue(types=[type_row(one) for one in DEFAULT_TYPES], site_cost=dict(DEFAULT_SITE_COSTS))


@router.get("/coverage/private-areas")
def list_private(_call: OfficeCall, rooms: RoomsNow, limit: Limit = 500, offset: Offset = 0) -> PrivateAreaPage:
    with rooms.database.reading() as tx:
        page = private_areas.page(tx, limit=limit, offset=offset)
    rows = [
        PrivateAreaRow(
            id=one.area_id,
            name=one.name,
            reason=one.reason,
            shape=one.shape,
            added_by=one.added_by,
            added_at=one.added_at,
        )
        for one in page.items
    ]
    return PrivateAreaPage(total=page.total, items=rows)


@router.post("/coverage/private-areas", status_code=201)
def add_private(body: NewPrivateAreas, call: PlannerCall, rooms: RoomsNow) -> PrivateAreasKept:
    """Each needs a reason; the same ones again add nothing."""
    drawn = read_polygons(body.areas, system=body.coordinates)
    kept = keep_private(rooms.database, drawn, call.person.name, rooms.clock(), reason=body.reason)
    return PrivateAreasKept(added=kept.added, known=kept.known)


@router.delete("/coverage/private-areas/{area_id}", status_code=204)
def remove_private(area_id: IdNumber, _call: PlannerCall, rooms: RoomsNow) -> None:
    with rooms.database.writing() as tx:
        private_areas.remove(tx, area_id)


def _side(side: PlanSide) -> PlanSideRow:
    return PlanSideRow(plan=plan_row(side.plan), sites=side.sites, alone=list(side.alone))
