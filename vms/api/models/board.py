"""The office's board: counts by region, tier or firm, what needs somebody today, the line of the last day, areas."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import Field

from vms.api.models.health import PollerNow
from vms.api.models.shape import Answer
from vms.assessment.figure import FigureKind
from vms.health.board import BoardBy


class BoardNumbers(Answer):
    total: int
    up: int
    suspect: int
    down: int
    unknown: int
    intact: int = Field(description="cameras without an open fault of severity major or worse")
    pictured: int = Field(description="cameras with a picture of the last day")
    picture_ok: int = Field(description="those of them without an open fault of weight in it")
    recorded_share: float | None = Field(description="of what the plans of `recorded_day` ask for; null: nobody looked")
    orders_open: int
    orders_overdue: int
    outages: int = Field(description="open ones that hold some of these cameras")


class BoardRow(BoardNumbers):
    key: str = Field(description="the tier, the region's code, the firm's id; empty: none")
    name: str
    level: str = Field(description="of a region; empty where the tree does not know it")
    deeper: bool = Field(description="there are regions below it")


class RegionStep(Answer):
    code: str
    name: str


class CoverageLost(Answer):
    road_m: float = Field(description="what only cameras that are ill now would cover")
    places: int
    measured_at: datetime


class FiguresMissed(Answer):
    """Of the last daily report of the assessment."""

    report_id: int
    start_at: datetime
    end_at: datetime
    made_at: datetime
    missed: list[FigureKind] = Field(description="below their target")
    judged: int = Field(description="figures that have a target and could be told")


class BoardNow(Answer):
    at: datetime = Field(description="when it was counted")
    by: BoardBy
    region: str = Field(description="as asked for")
    path: list[RegionStep] = Field(
        description="from the top down to where the rows lie: `region`, else the deepest region that holds all cameras"
    )
    rows: list[BoardRow]
    all: BoardNumbers
    recorded_day: date
    poller: PollerNow
    coverage_lost: CoverageLost | None = Field(description="of the whole city; null: not measured yet")
    figures: FiguresMissed | None = Field(description="null: no report has been made yet")


class TrendPoint(Answer):
    at: datetime
    total: int
    up: int
    suspect: int
    down: int
    unknown: int
    intact: int


class BoardTrend(Answer):
    from_at: datetime
    to_at: datetime
    every_s: float = Field(description="so far apart the points are; a longer gap: nobody counted")
    points: list[TrendPoint]


class OutageArea(Answer):
    type: Literal["Feature"] = "Feature"
    geometry: dict[str, Any] = Field(description="a polygon around the cameras that are still away")
    properties: dict[str, Any] = Field(description="id, kind, name, cameras, opened_at")


class OutageAreas(Answer):
    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: list[OutageArea]
