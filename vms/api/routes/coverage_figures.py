"""Figures of coverage: rates against targets, prices of cameras, over-covered ground, rules of demand, the report."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

from vms.access.roles import Person
from vms.api.guards import OfficeCall, PlannerCall, RoomsNow, StaffCall
from vms.api.models.coverage_gaps import (
    DensityClassRow,
    NeedsNow,
    NeedsPut,
    OverCoveredSpot,
    PriceList,
    PriceNow,
    RateRow,
    RatesNow,
    RedundancyNow,
    SpareCameraRow,
)
from vms.api.models.shape import IdNumber, Instant
from vms.api.parts import parse_box
from vms.api.region_asked import RegionAsked
from vms.api.rooms import Rooms
from vms.core.errors import BadInput, NotAllowed, NotFound
from vms.core.ids import CameraId
from vms.core.intervals import Interval
from vms.coverage.density import PROFILES
from vms.coverage.gaps import geometry_of
from vms.coverage.needs import document_of_needs
from vms.services.assessment.said import Language
from vms.services.coverage.coverage_report import gather_report
from vms.services.coverage.demand_now import shipped_needs
from vms.services.coverage.edit_needs import put_needs
from vms.services.coverage.report_page import report_page
from vms.services.coverage.tell_rates import GroupRate, tell_rates
from vms.services.coverage.tier_rates import Part, TierRates
from vms.store import cameras, coverage_demand, regions
from vms.store.cameras_in_hand import cameras_in_hand

router = APIRouter(tags=["coverage"])
MOST_CAMERAS = 1000
_PAGE_FENCE = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
USUAL = timedelta(days=30)


def _window(rooms: Rooms, start: datetime | None, end: datetime | None) -> Interval:
    until = end or rooms.clock()
    begin = start or until - USUAL
    if begin >= until:
        raise BadInput("the time ends before it begins", where="to")
    return Interval(begin, until)


@router.get("/coverage/rates")
def rates(
    _call: OfficeCall,
    rooms: RoomsNow,
    start: Annotated[Instant | None, Query(alias="from", description="none: 30 days before the end")] = None,
    end: Annotated[Instant | None, Query(alias="to", description="none: now")] = None,
    by: Literal["region", "class", "need", "tier"] = "class",
    night: bool = False,
    region: RegionAsked = "",
) -> RatesNow:
    """Exactly: metres and places times the time for which they were covered. By tier: of this moment alone, what its
    usable cameras see by themselves."""
    if by == "tier":
        if start or end:
            raise BadInput("what each tier sees is told of this moment alone", where="from" if start else "to")
        return _of_tiers(rooms, region, night=night)
    with rooms.database.reading() as tx:
        told = tell_rates(tx, _window(rooms, start, end), by, now=rooms.clock(), by_night=night, region=region)
    return RatesNow.model_validate(
        {
            "from": told.start,
            "to": told.end,
            "by": told.by,
            "night": told.by_night,
            "measured_until": told.measured_until,
            "known_share": told.known_share,
            "items": [_rate(group) for group in told.groups],
            "total": _rate(told.total),
        }
    )


def _of_tiers(rooms: Rooms, region: str, *, night: bool) -> RatesNow:
    told = _tiers(rooms, region, night=night)

    def row(key: str, part: Part, only: Part | None = None) -> RateRow:
        return RateRow(
            key=key,
            name="",
            road_m=told.road_m,
            road_rate=part.road,
            road_target=None,
            places=told.places,
            place_rate=part.places,
            place_target=None,
            target=None,
            met=None,
            only_road_rate=only.road if only else None,
            only_place_rate=only.places if only else None,
        )

    return RatesNow.model_validate(
        {
            "from": told.as_of,
            "to": told.as_of,
            "by": "tier",
            "night": night,
            "measured_until": told.as_of,
            "known_share": 1.0,
            "items": [row(one.tier.value, one.alone, one.only) for one in told.tiers],
            "total": row("all", told.together),
        }
    )


def _tiers(rooms: Rooms, region: str, *, night: bool) -> TierRates:
    with rooms.database.reading() as tx:
        land = regions.land(tx)
    return rooms.coverage.tier_rates(land, region, by_night=night)


@router.get("/coverage/report")
def printed_report(
    _call: OfficeCall,
    rooms: RoomsNow,
    start: Annotated[Instant | None, Query(alias="from")] = None,
    end: Annotated[Instant | None, Query(alias="to")] = None,
    region: RegionAsked = "",
    language: Language = "zh",
) -> Response:
    """To print, or to keep as PDF; the method is on the last page."""
    window, tiers = _window(rooms, start, end), _tiers(rooms, region, night=False)
    with rooms.database.reading() as tx:
        made = gather_report(tx, window, region, rooms.coverage.street_corners(), rooms.clock(), tiers=tiers)
    page = report_page(made, language, rooms.settings.town, rooms.settings.zone)
    return Response(page, media_type="text/html; charset=utf-8", headers={"Content-Security-Policy": _PAGE_FENCE})


@router.get("/coverage/price")
def price(
    call: StaffCall, rooms: RoomsNow, camera: Annotated[list[IdNumber], Query(min_length=1, max_length=MOST_CAMERAS)]
) -> PriceList:
    """What is lost without a camera, or while it is ill; of several each by itself. By day. A crew asks for those that
    it was sent for."""
    _only_in_hand(rooms, call.person, camera)
    _only_known(rooms, camera)
    found = rooms.coverage.price_of([CameraId(camera_id) for camera_id in camera])
    rows = []
    for camera_id in dict.fromkeys(camera):
        known = found.get(CameraId(camera_id))
        rows.append(
            PriceNow(
                camera_id=camera_id,
                placed=known is not None,
                road_m=known.road_m if known else 0.0,
                places=known.places if known else 0,
                weighted_m=known.weighted_m if known else 0.0,
                covers_m=known.covers_m if known else 0.0,
            )
        )
    return PriceList(items=rows)


def _only_known(rooms: Rooms, camera_ids: Sequence[int]) -> None:
    with rooms.database.reading() as tx:
        known = {camera.camera_id for camera in cameras.by_ids(tx, [CameraId(one) for one in camera_ids])}
    others = set(camera_ids) - known
    if others:
        raise NotFound(f"there is no camera {min(others)}")


def _only_in_hand(rooms: Rooms, person: Person, camera_ids: Sequence[int]) -> None:
    """What coverage is worth is the office's to know; a crew knows it of its open orders."""
    if person.maintainer_id is None:
        return
    with rooms.database.reading() as tx:
        others = set(camera_ids) - cameras_in_hand(tx, person.maintainer_id)
    if others:
        raise NotAllowed(f"camera {min(others)} is none that your firm was sent for", code="role")


@router.get("/coverage/redundancy")
def redundancy(
    _call: OfficeCall,
    rooms: RoomsNow,
    bbox: Annotated[str, Query(max_length=100)] = "",
    limit: Annotated[int, Query(ge=1, le=2000)] = 200,
) -> RedundancyNow:
    """By day: ground that more cameras see than anybody asked for (防止重复建设)."""
    found = rooms.coverage.redundancy(parse_box(bbox), limit)
    return RedundancyNow(
        by_views_m=list(found.by_views_m),
        spots=[
            OverCoveredSpot(
                kind=spot.kind,
                ground=spot.ground,
                name=spot.name,
                region_code=spot.region,
                length_m=spot.length_m,
                views=spot.views,
                need_views=spot.need_views,
                geometry=geometry_of(spot.line),
            )
            for spot in found.spots
        ],
        cameras=[SpareCameraRow(camera_id=one.camera_id, covers_m=one.covers_m) for one in found.cameras],
    )


@router.get("/coverage/needs")
def needs(_call: OfficeCall, rooms: RoomsNow) -> NeedsNow:
    """What the network is asked to see: the first rule that fits decides."""
    return _needs(rooms)


@router.put("/coverage/needs")
def edit_needs(body: NeedsPut, call: PlannerCall, rooms: RoomsNow) -> NeedsNow:
    """Bad rules are refused, with the rule and the field."""
    put_needs(rooms.database, body.document, call.person, rooms.clock(), why=body.why, version=body.version)
    return _needs(rooms)


def _needs(rooms: Rooms) -> NeedsNow:
    with rooms.database.reading() as tx:
        stored = coverage_demand.current(tx)
    written = None if stored is None else stored.document
    return NeedsNow(
        version=None if stored is None else stored.version,
        own=written is None,
        at=None if stored is None else stored.at,
        who="" if stored is None else stored.who,
        why="" if stored is None else stored.why,
        document=document_of_needs(shipped_needs()) if written is None else written,
        editions={
            profile.edition: [
                DensityClassRow(name=one.name, name_zh=one.name_zh, least_px_per_m=one.least_px_per_m)
                for one in profile.classes
            ]
            for profile in PROFILES.values()
        },
    )


def _rate(group: GroupRate) -> RateRow:
    return RateRow(
        key=group.key,
        name=group.name,
        depth=group.depth,
        rest=group.rest,
        road_m=group.road_m,
        road_rate=group.road_rate,
        road_target=group.road_target,
        places=group.places,
        place_rate=group.place_rate,
        place_target=group.place_target,
        target=group.target,
        met=group.met,
    )
