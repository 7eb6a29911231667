"""Gaps as records: listed, one with its history, what people make of them."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from vms.api.guards import OfficeCall, PlannerCall, RoomsNow
from vms.api.models.coverage_gaps import GapDetail, GapList, GapPlaceNow, GapRow, GapStepShown, GapTotals, GapWordAsked
from vms.api.models.shape import IdNumber, Instant
from vms.api.parts import parse_box
from vms.api.region_asked import RegionAsked
from vms.api.rooms import Rooms
from vms.core.errors import BadInput
from vms.core.visible import as_written
from vms.coverage.gap_place import place_of_gap
from vms.coverage.gap_words import check_gap_words
from vms.places.street_corners import StreetCorners
from vms.services.coverage.answers import Gaps
from vms.services.coverage.step_gap import GapWord, gap_photograph, note_gap
from vms.services.coverage.totals_then import totals_then
from vms.services.plans.say_of_gap import say_of_gap
from vms.store import coverage_gap_list
from vms.store.coverage_gap_list import GapFilter, GapRecord

router = APIRouter(tags=["coverage"])
TYPES = ("image/jpeg", "image/png")
_BODY = {"required": True, "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in TYPES}}
Word = Annotated[str, Query(max_length=20)]


@router.get("/coverage/gaps")
def coverage_gaps(
    _call: OfficeCall,
    rooms: RoomsNow,
    cause: Word = "",
    kind: Word = "",
    ground: Annotated[str, Query(max_length=20, alias="class")] = "",
    region: RegionAsked = "",
    bbox: Annotated[str, Query(max_length=100)] = "",
    night: Annotated[bool | None, Query(description="true: by night only; false: by day too")] = None,
    state: Annotated[str, Query(max_length=20, description="open, confirmed, noted, planned, closed")] = "",
    assigned_to: Annotated[str, Query(max_length=80)] = "",
    plan_id: IdNumber | None = None,
    at: Annotated[Instant | None, Query(description="what was a gap then; none: what is one now")] = None,
    sort: Annotated[str, Query(max_length=30)] = "-worth",
    limit: Annotated[int, Query(ge=1, le=5000)] = 1000,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> GapList:
    check_gap_words(cause=cause, kind=kind, ground=ground, state=state)
    wanted = GapFilter(
        cause=cause,
        kind=kind,
        ground=ground,
        region_code=region,
        box=parse_box(bbox),
        night_only=night,
        state=state,
        assigned_to=assigned_to,
        plan_id=plan_id,
        at=at,
    )
    with rooms.database.reading() as tx:
        then = None if at is None else totals_then(tx, at, rooms.clock())
        found = coverage_gap_list.page(tx, wanted, sort=sort, limit=limit, offset=offset)
    told = then if at is not None else _measured(rooms.coverage.gaps())
    corners = rooms.coverage.street_corners()
    items = [_row(gap, corners) for gap in found.items]
    return GapList(
        measured=told is not None,
        measured_at=None if told is None else told.measured_at,
        totals=None if told is None else _totals(told),
        items=items,
        total=found.total,
    )


def _measured(told: Gaps) -> Gaps | None:
    return None if told.measured_at is None else told


def _totals(told: Gaps) -> GapTotals:
    return GapTotals(
        road_m=told.road_m,
        covered_road_m=told.covered_road_m,
        places=told.places,
        covered_places=told.covered_places,
        by_cause_m=dict(told.by_cause_m),
    )


@router.get("/coverage/gaps/{gap_id}")
def one_gap(gap_id: IdNumber, _call: OfficeCall, rooms: RoomsNow) -> GapDetail:
    return _detail(rooms, gap_id)


@router.patch("/coverage/gaps/{gap_id}")
def step(gap_id: IdNumber, body: GapWordAsked, call: PlannerCall, rooms: RoomsNow) -> GapDetail:
    """Confirmed, noted, planned, given to somebody, commented on; closed it is by the program alone."""
    word = GapWord(step=body.step, text=body.text, plan_id=body.plan_id, assigned_to=body.assigned_to)
    say_of_gap(rooms.database, gap_id, word, call.person, rooms.clock())
    return _detail(rooms, gap_id)


@router.post("/coverage/gaps/{gap_id}/photographs", status_code=201, openapi_extra={"requestBody": _BODY})
async def note(
    gap_id: IdNumber,
    call: PlannerCall,
    rooms: RoomsNow,
    request: Request,
    text: Annotated[str, Query(min_length=1, max_length=2000)],
) -> GapDetail:
    """Noted on the spot: the body is the picture, JPEG or PNG, at most 12 MB and 50 megapixels."""
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given not in TYPES:
        raise BadInput(f"a body of {' or '.join(TYPES)} is taken", where="content-type")
    data, said = await request.body(), as_written(text).strip()
    if not said:
        raise BadInput("some words are wanted", where="text")
    await run_in_threadpool(
        note_gap, rooms.database, rooms.photographs_folder, gap_id, data, said, call.person, rooms.clock()
    )
    return await run_in_threadpool(_detail, rooms, gap_id)


@router.get(
    "/coverage/gaps/{gap_id}/photographs/{step_id}",
    response_class=Response,
    responses={200: {"content": {"image/jpeg": {}}, "description": "at most 2560 px wide or high"}},
)
def photograph(
    gap_id: IdNumber,
    step_id: IdNumber,
    _call: OfficeCall,
    rooms: RoomsNow,
    small: Annotated[bool, Query(description="at most 320 px wide or high")] = False,
) -> Response:
    data = gap_photograph(rooms.database, rooms.photographs_folder, gap_id, step_id, thumbnail=small)
    return Response(data, media_type="image/jpeg", headers={"Cache-Control": "private, no-store"})


def _detail(rooms: Rooms, gap_id: int) -> GapDetail:
    with rooms.database.reading() as tx:
        gap = coverage_gap_list.get(tx, gap_id)
        steps = coverage_gap_list.steps(tx, gap_id)
    return GapDetail(
        gap=_row(gap, rooms.coverage.street_corners()),
        steps=[
            GapStepShown(
                id=one.step_id,
                at=one.at,
                who=one.who,
                step=one.step,
                text=one.text,
                photograph=one.photograph is not None,
            )
            for one in steps
        ],
    )


def _row(gap: GapRecord, corners: StreetCorners) -> GapRow:
    where = place_of_gap(gap, gap.line, corners)
    return GapRow(
        id=str(gap.gap_id),
        kind=gap.kind,
        ground=gap.ground,
        cause=gap.cause,
        night_only=gap.night_only,
        name=gap.name,
        length_m=gap.length_m or None,
        line_m=round(gap.to_m - gap.from_m, 1) or None,
        where=GapPlaceNow(
            side=where.side or "",
            crossing=where.crossing,
            way=where.way or "",
            from_m=round(where.from_m, 1),
            to_m=round(where.to_m, 1),
        ),
        weighted_m=gap.weighted_m,
        category=gap.category,
        region_code=gap.region_code,
        need_px_per_m=gap.need_px_per_m,
        need_views=gap.need_views,
        best_density_px_per_m=gap.best_px_per_m or None,
        camera_ids=list(gap.camera_ids),
        since=gap.since,
        uncovered_since=gap.uncovered_since,
        state=gap.state,
        state_at=gap.state_at,
        assigned_to=gap.assigned_to,
        plan_id=gap.plan_id,
        closed_at=gap.closed_at,
        reopened=gap.reopened,
        geometry=gap.geometry,
    )
