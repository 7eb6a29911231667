"""The assessment as JSON."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field

from vms.api.models.shape import Answer, Asked, Day
from vms.assessment.figure import FigureKind
from vms.assessment.grouping import GroupBy
from vms.store.assessment_reports import ReportKind


class FigureValue(Answer):
    kind: FigureKind
    value: float | None = Field(description="a share 0 … 1 or seconds; null: it cannot be told, `because` says why")
    part: int = Field(description="whole microseconds or counts")
    whole: int
    target: float | None
    met: bool | None
    because: str
    because_zh: str


class GroupRow(Answer):
    key: str
    name: str
    name_zh: str = ""
    cameras: int
    rank: int | None
    not_ranked: str = Field("", description="why it has no rank")
    not_ranked_zh: str = ""
    score: float | None = Field(description="0 … 100")
    left_out: list[FigureKind] = Field(description="they have a weight and could not be told")
    figures: list[FigureValue]
    time_s: dict[str, float] = Field(description="the parts add up to cameras × period")


class DayRow(Answer):
    day: date
    online_rate: float | None
    intact_rate: float | None
    image_quality_rate: float | None


class MethodRow(Answer):
    kind: FigureKind
    name: str
    name_zh: str
    unit: str
    part: str
    whole: str
    part_zh: str
    whole_zh: str
    less_is_better: bool


class PartRow(Answer):
    part: str
    name: str
    name_zh: str


class AimValue(Asked):
    target: float | None = Field(None, description="a share 0 … 1, or seconds; null: shown, not judged")
    weight: float = Field(0.0, ge=0, le=1000)


class ProfileValue(Answer):
    name: str
    aims: dict[FigureKind, AimValue]
    outages_are_charged: bool


class AssessmentNow(Answer):
    from_: date = Field(alias="from")
    to: date
    time_zone: str
    start_at: datetime
    until: datetime = Field(description="the end, or the moment of making where the period is not over")
    by: GroupBy
    region: str
    region_name: str = ""
    profile: ProfileValue
    groups: list[GroupRow] = Field(description="the best first")
    total: GroupRow
    days: list[DayRow]
    method: list[MethodRow]
    parts: list[PartRow]


class ProfileWanted(Asked):
    aims: dict[FigureKind, AimValue]
    outages_are_charged: bool = False
    is_default: bool = False


class ProfileRow(Answer):
    name: str
    aims: dict[FigureKind, AimValue]
    outages_are_charged: bool
    is_default: bool
    ships: bool = Field(description="comes with the program and stays as it is")
    changed_at: datetime | None
    changed_by: str


class ProfileList(Answer):
    items: list[ProfileRow]
    method: list[MethodRow]


class ProfileChoice(Asked):
    """A profile by its name, or one that is being written: then `aims` are given."""

    name: str = Field("", max_length=80, description="empty: the office's default")
    aims: dict[FigureKind, AimValue] | None = None
    outages_are_charged: bool = False


class ComparisonWanted(Asked):
    from_: Annotated[Day, Field(alias="from")]
    to: Day
    by: GroupBy = GroupBy.REGION
    region: str = Field("", max_length=20)
    one: ProfileChoice
    other: ProfileChoice


class JudgedGroup(Answer):
    rank: int | None
    score: float | None
    missed: list[FigureKind] = Field(description="targets that were not met")
    left_out: list[FigureKind]


class ComparedGroup(Answer):
    key: str
    name: str
    cameras: int
    one: JudgedGroup
    other: JudgedGroup


class ComparisonNow(Answer):
    from_: date = Field(alias="from")
    to: date
    until: datetime
    by: GroupBy
    one: ProfileValue
    other: ProfileValue
    groups: list[ComparedGroup] = Field(description="as `other` ranks them")
    total: ComparedGroup


class ReportWanted(Asked):
    from_: Annotated[Day, Field(alias="from")]
    to: Day
    by: GroupBy = GroupBy.REGION
    region: str = Field("", max_length=20)
    profile: str = Field("", max_length=80)


class ReportRow(Answer):
    id: int
    kind: ReportKind
    start_at: datetime
    end_at: datetime
    by: str
    made_at: datetime
    made_by: str


class ReportPage(Answer):
    time_zone: str = Field(description="the office's: a report is about its days")
    total: int
    items: list[ReportRow]


class KeptReport(Answer):
    report: ReportRow
    content: dict[str, Any] = Field(description="AssessmentNow as it was said then")
