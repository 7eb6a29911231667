"""Gaps as records, their steps, rates, prices, ground seen more often than asked for, rules of demand."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from vms.api.models.shape import Answer, Asked, GeoJson, IdNumber, LongText
from vms.coverage.gap_steps import GapState, GapStep


class GapPlaceNow(Answer):
    side: str = Field(description="of the road: north, north_east, …; empty: both, or no road")
    crossing: str = Field(description="the street at the nearest corner; empty: none within 600 m")
    way: str = Field(description="from that corner to the stretch; empty: the stretch goes over it")
    from_m: float = Field(description="from the corner, as the crow flies; without one along the road of the map")
    to_m: float


class GapRow(Answer):
    id: str = Field(description="the record's number")
    kind: str = Field(description="road or place")
    ground: str = Field(
        description="its class: main_road, street, lane, railway, key_place, square, unit_entrance, school_gate, "
        "crossing, town_exit"
    )
    cause: str
    night_only: bool = Field(description="by day it is covered")
    name: str
    length_m: float | None = Field(
        description="metres of road that it counts for: one side of a road counts half; null: a place"
    )
    line_m: float | None = Field(description="length of its line along the road; null: a place")
    where: GapPlaceNow = Field(description="on its street, so that two of one street can be told apart")
    weighted_m: float = Field(description="its worth, as metres of road of weight 1")
    category: str
    region_code: str
    need_px_per_m: float
    need_views: int
    best_density_px_per_m: float | None
    camera_ids: list[int] = Field(description="whom the cause names: to be repaired, asked, sharpened or moved")
    since: datetime = Field(description="for this cause")
    uncovered_since: datetime = Field(description="whatever the cause was before")
    state: GapState
    state_at: datetime
    assigned_to: str
    plan_id: int | None
    closed_at: datetime | None = Field(description="null: it is a gap now")
    reopened: int = Field(description="how often it came again")
    geometry: GeoJson = Field(description="a GeoJSON geometry")


class GapTotals(Answer):
    road_m: float
    covered_road_m: float
    places: int = Field(description="key places and squares")
    covered_places: int
    by_cause_m: dict[str, float] = Field(description="empty of a moment before: only the sums were written down")


class GapList(Answer):
    measured: bool = Field(
        description="whether anybody measured at that moment; false: `items` are what was known last"
    )
    measured_at: datetime | None
    totals: GapTotals | None = Field(
        description="by day, of the whole town, at this moment or the one asked for; null: nobody measured then"
    )
    items: list[GapRow] = Field(description="as written down, some seconds after a change; lengths as measured last")
    total: int = Field(description="how many fit, without the limit")


class GapStepShown(Answer):
    id: int
    at: datetime
    who: str = Field(description="empty: the program")
    step: str = Field(description="confirm, note, plan, reopen, assign, comment; closed, reopened by the program")
    text: str
    photograph: bool


class GapDetail(Answer):
    gap: GapRow
    steps: list[GapStepShown] = Field(description="the oldest first")


class GapWordAsked(Asked):
    step: GapStep
    text: LongText = Field(default="", description="wanted for note and comment")
    plan_id: IdNumber | None = Field(default=None, description="wanted for plan")
    assigned_to: Annotated[str, Field(max_length=80, description="for assign; empty: nobody")] = ""


class RateRow(Answer):
    key: str
    name: str
    depth: int = Field(default=0, description="of a region: below how many of those told above it")
    rest: bool = Field(default=False, description="what lies in the region and in none of those below it")
    road_m: float = Field(description="asked for, on average over the time that was measured")
    road_rate: float | None = Field(description="0 … 1; null: no road is asked for, or nobody measured")
    road_target: float | None = Field(
        description="of several classes: by the metres asked for of each; null: one of them has no target"
    )
    places: float
    place_rate: float | None
    place_target: float | None
    target: float | None = Field(description="where one figure is the target of road and places")
    met: bool | None = Field(description="both rates reach their targets")
    only_road_rate: float | None = Field(
        default=None, description="of a tier: the part that is covered and would not be without its cameras"
    )
    only_place_rate: float | None = None


class RatesNow(Answer):
    from_: datetime = Field(alias="from")
    to: datetime
    by: str
    night: bool
    measured_until: datetime | None = Field(
        description="so far it is written down; what came after is counted neither way; null: nobody ever measured"
    )
    known_share: float | None = Field(
        description="of the time until then: how much of it coverage was measured; null: all of it came after"
    )
    items: list[RateRow] = Field(description="of regions: each with all below it, parents before children")
    total: RateRow


class PriceNow(Answer):
    camera_id: int
    placed: bool = Field(description="false: it has no view, and nobody knows what depends on it")
    road_m: float = Field(description="of road that is lost without it, or lost while it is ill; by day")
    places: int
    weighted_m: float = Field(description="both by their weights")
    covers_m: float = Field(description="of road that it covers or would, whoever else does")


class PriceList(Answer):
    items: list[PriceNow]


class OverCoveredSpot(Answer):
    kind: str
    ground: str
    name: str
    region_code: str
    length_m: float
    views: int = Field(description="at least, on all of it")
    need_views: int
    geometry: GeoJson


class SpareCameraRow(Answer):
    camera_id: int
    covers_m: float = Field(description="of road, all of which enough others cover as well")


class RedundancyNow(Answer):
    by_views_m: list[float] = Field(description="metres of road seen by 0, 1, … usable views; the last: or more")
    spots: list[OverCoveredSpot] = Field(description="at least three views more than asked for; the longest first")
    cameras: list[SpareCameraRow] = Field(description="each by itself could go and nothing would be lost")


class DensityClassRow(Answer):
    name: str
    name_zh: str
    least_px_per_m: float


class NeedsNow(Answer):
    version: int | None = Field(description="null: nobody has written any yet")
    own: bool = Field(description="the program's own rules")
    at: datetime | None
    who: str
    why: str
    document: dict[str, Any] = Field(description="edition, incidents, rule: as docs/gaps.md says")
    editions: dict[str, list[DensityClassRow]] = Field(description="classes of density by edition, from coarse to fine")


class NeedsPut(Asked):
    document: dict[str, Any] | None = Field(description="null: the program's own rules again")
    why: LongText = ""
    version: IdNumber | None = Field(default=None, description="the one that was edited; another one since: refused")
