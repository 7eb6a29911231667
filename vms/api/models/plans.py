"""Plans for new cameras, and areas that nobody may see into."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from vms.api.models.shape import Answer, Asked, GeoJson, LongText
from vms.planning.catalogue import SiteKind
from vms.store.plans import PlanState

Name = Annotated[str, Field(min_length=1, max_length=120)]
Share = Annotated[float, Field(description="0 … 1")]


class CameraTypeIn(Asked):
    name: Annotated[str, Field(min_length=1, max_length=40)]
    name_zh: Annotated[str, Field(max_length=40)] = ""
    height_m: Annotated[float, Field(ge=0.5, le=60)] = 4.0
    tilt_deg: Annotated[float, Field(ge=0, le=90)] = 12.0
    h_fov_deg: Annotated[float, Field(gt=1, le=360, description="360: looks all around")] = 90.0
    range_m: Annotated[float, Field(gt=1, le=500)] = 60.0
    width_px: Annotated[int, Field(ge=320, le=32_768, description="of each lens")] = 2560
    cost: Annotated[float, Field(ge=0.001, le=1e9, description="of the whole camera")] = 1.0
    sees_by_night: Annotated[bool, Field(description="false: counts for nothing asked for by night")] = True
    lenses_deg: Annotated[
        tuple[Annotated[float, Field(ge=-360, le=360)], ...],
        Field(min_length=1, max_length=8, description="where each lens looks, clockwise from the camera's bearing"),
    ] = (0.0,)


class NewPlan(Asked):
    name: Name
    area: Annotated[GeoJson, Field(description="GeoJSON: polygons, WGS-84")]
    budget: Annotated[float, Field(gt=0, le=1e9, description="in the unit of the costs; as shipped 10,000 yuan")]
    types: Annotated[list[CameraTypeIn] | None, Field(max_length=8, description="null: as `camera-types` lists")] = None
    site_cost: Annotated[
        dict[SiteKind, Annotated[float, Field(ge=0, le=1e9)]],
        Field(default_factory=dict, description="of a site's first camera, on top of the camera"),
    ]
    spacing_m: Annotated[float, Field(ge=3, le=200)] = 15.0
    per_site: Annotated[int, Field(ge=1, le=8)] = 4
    finer_px_per_m: Annotated[float, Field(ge=0, le=2000, description="nothing is asked for less; 0: the rules")] = 0.0
    views: Annotated[int, Field(ge=1, le=4, description="from so many different points at least")] = 1
    turn_first: Annotated[bool, Field(description="count the turns as done before sites are bought")] = False
    count_faulty: Annotated[bool, Field(description="ill cameras count: they will be repaired")] = True
    prove_s: Annotated[float, Field(ge=0, le=600, description="so long an optimum is looked for and proven")] = 0.0
    private_px_per_m: Annotated[float, Field(ge=20, le=2000)] = 62.5


class CameraTypeRow(Answer):
    name: str
    name_zh: str
    height_m: float
    tilt_deg: float
    h_fov_deg: float
    range_m: float
    width_px: int
    cost: float
    sees_by_night: bool
    lenses_deg: list[float]


class PlanCatalogue(Answer):
    types: list[CameraTypeRow]
    site_cost: dict[SiteKind, float]


class PlanRow(Answer):
    id: int
    name: str
    state: PlanState
    stage: str = Field(description="while it runs: ground, demand, views, turns, sites, choice, proof")
    stages_done: int
    stages_total: int
    who: str
    created_at: datetime
    finished_at: datetime | None
    problem: str
    budget: float
    cost: float | None
    cameras: int | None
    share_before: Share | None
    share_after: Share | None
    share_bound: Share | None = Field(description="nobody reaches more for this budget")
    of_bound: Share | None = Field(description="gain ÷ the largest gain that is possible at all")
    proven: bool | None
    applied_at: datetime | None
    applied_by: str


class PlanPage(Answer):
    total: int
    items: list[PlanRow]


class PlannedCameraRow(Answer):
    number: int = Field(description="in the order to build")
    site: int = Field(description="cameras of one site share what they hang on")
    kind: str
    label: str
    lon: float
    lat: float
    bearing_deg: float
    type: str
    cost: float = Field(description="with the site, where it is the site's first")
    spent: float
    gain: float = Field(description="metres of road, weighted")
    share: Share = Field(description="covered when this and all before it stand")
    road_m: float
    places: list[str]
    roads: list[str]
    gap_ids: list[int] = Field(description="gaps that it closes, in whole or in part")
    whole_entrances: int | None = Field(
        default=None, description="that have with it all the cameras they want; null: of a plan that did not count them"
    )
    half_entrances: int | None = Field(default=None, description="that it serves, and that want another one still")
    camera_id: int | None = Field(description="its draft record")


class TurnRow(Answer):
    camera_id: int
    name: str
    bearing_before_deg: float
    bearing_after_deg: float
    gain: float
    order_id: int | None = Field(description="the order that tells a crew to do it; null: none yet")
    order: str | None = Field(description="its number")


class MoveRow(Answer):
    camera_id: int
    name: str
    lon: float
    lat: float
    bearing_deg: float
    type: str
    loss: float = Field(description="what only its present view covers")
    gain: float = Field(description="of the new place, less the loss")


class OnlookerRow(Answer):
    """A camera that stands already and looks into what is private."""

    camera_id: int
    name: str
    area_id: int
    area: str
    share: Share = Field(description="of the area that it sees")
    px_per_m: float


class RefusedArea(Answer):
    id: int
    name: str


class EntranceCountsRow(Answer):
    """How many have all the cameras they want, how many some of them; `whole` and `half`: when the plan stands."""

    asked: int
    whole_before: int
    half_before: int
    whole: int
    half: int


class PlanResult(Answer):
    worth_total: float = Field(description="metres of road, weighted: all that is wanted")
    guarantee: Share = Field(description="of the optimum, whatever the ground is like")
    proof_gap: float | None = Field(description="null: no proof was asked for, or the area is too large")
    spots: int
    sites: int
    candidates: int
    refused: int = Field(description="candidates that would look into private areas")
    refused_areas: list[RefusedArea]
    entrances: EntranceCountsRow | None = Field(description="null: the plan did not count them")
    turns: list[TurnRow] = Field(description="what turning brings before anything is bought, in this order")
    moves: list[MoveRow]
    onlookers: list[OnlookerRow]


class PlanDetail(Answer):
    plan: PlanRow
    area: GeoJson
    types: list[CameraTypeRow]
    views: int
    finer_px_per_m: float
    turn_first: bool
    count_faulty: bool
    spacing_m: float
    prove_s: float
    result: PlanResult | None
    cameras: list[PlannedCameraRow]


class PlanSideRow(Answer):
    plan: PlanRow
    sites: int
    alone: list[int] = Field(description="numbers of the cameras that the other one has not")


class PlanPair(Answer):
    first: int
    second: int


class PlansComparedRow(Answer):
    first: PlanSideRow
    second: PlanSideRow
    both: list[PlanPair]
    same_area: bool


class ApplyPlan(Asked):
    numbers: Annotated[list[int] | None, Field(max_length=5000, description="null: all")] = None
    turns: Annotated[
        list[int] | None,
        Field(max_length=5000, description="cameras to turn; null: all of the plan where `numbers` is null, else none"),
    ] = None


class PlanApplied(Answer):
    made: int
    before: int = Field(description="had a record already")
    gaps: int = Field(description="gaps that are marked as planned now")
    camera_ids: list[int]
    orders: int = Field(description="orders opened now for cameras to turn")
    notes: int = Field(description="turns written into an order that was open for the camera")


class NewPrivateAreas(Asked):
    areas: Annotated[GeoJson, Field(description="GeoJSON polygons, each with `name` and `reason`")]
    reason: LongText = ""
    coordinates: Annotated[Literal["wgs84", "gcj02", "bd09"], Field(description="what theirs are")] = "wgs84"


class PrivateAreasKept(Answer):
    added: int
    known: int


class PrivateAreaRow(Answer):
    id: int
    name: str
    reason: str
    shape: GeoJson
    added_by: str
    added_at: datetime


class PrivateAreaPage(Answer):
    total: int
    items: list[PrivateAreaRow]


ExportFormat = Literal["geojson", "xlsx"]
SheetLanguage = Literal["zh", "en"]
