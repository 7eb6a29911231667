"""Firms, rules of assignment, service levels, calendars, channels of alerts."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from vms.api.models.shape import Answer, Asked, Day, IdNumber, ShortText
from vms.health.fault import Severity
from vms.health.layer import Layer
from vms.inventory.tier import Tier
from vms.maintenance.alert import AlertItem, Moment
from vms.store.alerts import AlertState, ChannelKind

Name = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^\S(.*\S)?$")]
RegionCode = Annotated[str, Field(max_length=20)]
PointClass = Annotated[int, Field(ge=1, le=3)]
Minutes = Annotated[int, Field(ge=0, le=1440)]
DaySpans = Annotated[list[tuple[Minutes, Minutes]], Field(max_length=12)]
"""[from, until] in minutes of the day, in order."""
Seconds = Annotated[int, Field(ge=60, le=366 * 86_400)]


class MaintainerRow(Answer):
    id: int
    name: str
    contact: str | None = Field(description="personal data: for the office")
    contract: str
    calendar: str | None
    crews: list[str] = Field(description="names of its users")
    created_at: datetime
    retired_at: datetime | None


class MaintainerList(Answer):
    items: list[MaintainerRow]


class MaintainerWanted(Asked):
    contact: ShortText = ""
    contract: Annotated[str, Field(max_length=80)] = ""
    calendar: Name | None = Field(default=None, description="its working hours; none: day and night")
    retired: bool = Field(default=False, description="gets no orders any more; its rules are taken out")
    new_name: Annotated[str, Field(max_length=200)] = ""


class RuleContent(Asked):
    """None and empty: any."""

    region_code: RegionCode = Field(default="", description="and everything below it")
    tier: Tier | None = None
    point_class: PointClass | None = None
    owner_id: IdNumber | None = None
    layer: Layer | None = None
    maintainer_id: IdNumber
    crew: Annotated[str, Field(max_length=80)] = Field(default="", description="a user of the firm; empty: its office")


class RulesWanted(Asked):
    """In their order: the first that fits decides."""

    rules: Annotated[list[RuleContent], Field(max_length=2000)]


class RuleRow(Answer):
    region_code: str
    tier: Tier | None
    point_class: int | None
    owner_id: int | None
    layer: str | None
    maintainer_id: int
    maintainer: str
    crew: str


class RuleList(Answer):
    rules: list[RuleRow]


class LevelFits(Asked):
    """Empty: any."""

    point_classes: Annotated[tuple[PointClass, ...], Field(max_length=3)] = ()
    tiers: Annotated[tuple[Tier, ...], Field(max_length=4)] = ()
    regions: Annotated[tuple[RegionCode, ...], Field(max_length=200)] = ()
    severities: Annotated[tuple[Severity, ...], Field(max_length=3)] = ()
    maintainers: Annotated[tuple[IdNumber, ...], Field(max_length=200)] = ()


class LevelContent(Asked):
    name: Name
    fits: LevelFits = Field(default_factory=LevelFits)
    respond_s: Seconds = Field(description="until somebody is there; seconds of the calendar")
    repair_s: Seconds
    many_from: Annotated[int, Field(ge=2, le=1_000_000)] | None = Field(
        default=None, description="where so many cameras fell together, many_repair_s holds"
    )
    many_repair_s: Seconds | None = None
    calendar: Name | None = Field(default=None, description="none: the firm's working hours, else day and night")


class LevelsWanted(Asked):
    """In their order: the first that fits decides. Orders keep the deadlines that they were opened with."""

    levels: Annotated[list[LevelContent], Field(max_length=200)]


class TryOut(Asked):
    """A fault that is only thought of; rules and levels that are being written, none: those that hold."""

    camera_id: IdNumber
    layer: Layer | Literal[""] = ""
    severity: Severity = Severity.MAJOR
    cameras: Annotated[int, Field(ge=1, le=1_000_000)] = Field(default=1, description="how many fall together")
    rules: Annotated[list[RuleContent], Field(max_length=2000)] | None = None
    levels: Annotated[list[LevelContent], Field(max_length=200)] | None = None


class Arranged(Answer):
    """Who would be sent, and until when, if it happened now."""

    region_code: str
    tier: Tier
    point_class: int | None
    owner_id: int | None
    rule: int | None = Field(description="its place among the rules, from 0; null: none fits, nobody is sent")
    maintainer_id: int | None
    maintainer: str
    crew: str
    level: int | None = Field(description="its place among the levels, from 0; null: none fits, no deadline")
    level_name: str
    in_calendar: bool = Field(description="false: the clock runs day and night")
    respond_by: datetime | None
    repair_by: datetime | None


class ReachWanted(Asked):
    layer: Layer | Literal[""] = Field(default="", description="of the fault that is thought of")
    rules: Annotated[list[RuleContent], Field(max_length=2000)] | None = Field(
        default=None, description="that are being written; none: those that hold"
    )


class Reach(Answer):
    cameras: list[int] = Field(description="that each rule decides, in their order")
    nobodys: int = Field(description="cameras that no rule fits")


class LevelRow(Answer):
    id: int
    name: str
    fits: LevelFits
    respond_s: int
    repair_s: int
    many_from: int | None
    many_repair_s: int | None
    calendar: str | None


class LevelList(Answer):
    levels: list[LevelRow]


class CalendarWanted(Asked):
    time_zone: Annotated[str, Field(min_length=1, max_length=40)] = "Asia/Shanghai"
    week: Annotated[list[DaySpans], Field(min_length=7, max_length=7)] = Field(description="Monday first")
    days: Annotated[dict[Day, DaySpans], Field(max_length=2000)] = Field(
        default={}, description="instead of the week: [] on a holiday, hours on a working day made up for"
    )


class CalendarRow(Answer):
    id: int
    name: str
    time_zone: str
    week: list[list[tuple[int, int]]]
    days: dict[date, list[tuple[int, int]]]


class CalendarList(Answer):
    items: list[CalendarRow]


class WantsContent(Asked):
    """Empty: all."""

    moments: Annotated[tuple[Moment, ...], Field(max_length=20)] = ()
    severities: Annotated[tuple[Severity, ...], Field(max_length=3)] = ()
    regions: Annotated[tuple[RegionCode, ...], Field(max_length=200)] = ()
    maintainers: Annotated[tuple[IdNumber, ...], Field(max_length=200)] = ()


class ChannelWanted(Asked):
    kind: ChannelKind
    target: Annotated[str, Field(min_length=3, max_length=1000)] = Field(
        description="webhook: http(s) address inside the settings' alerts.networks; mail: addresses, by commas"
    )
    secret: Annotated[str, Field(min_length=16, max_length=200)] | None = Field(
        default=None, description="signs a webhook's messages; none: as it is, or made for a new webhook"
    )
    wants: WantsContent = Field(default_factory=WantsContent)
    batch_s: Annotated[int, Field(ge=0, le=86_400)] = 60
    most_per_hour: Annotated[int, Field(ge=1, le=1000)] = 20
    quiet: DaySpans = Field(default=[], description="[from, until] in minutes of the day; critical goes through")
    time_zone: Annotated[str, Field(min_length=1, max_length=40)] = "Asia/Shanghai"
    enabled: bool = True


class ChannelRow(Answer):
    id: int
    name: str
    kind: ChannelKind
    target: str
    has_secret: bool
    wants: WantsContent
    batch_s: int
    most_per_hour: int
    quiet: list[tuple[int, int]]
    time_zone: str
    enabled: bool


class ChannelProblem(Answer):
    """Messages that did not arrive."""

    since: datetime
    messages: int
    tries: int
    answer: str = Field(description="of the last attempt; empty: they wait for their turn for too long")


class ListedChannel(ChannelRow):
    trouble: ChannelProblem | None


class ChannelMade(Answer):
    channel: ChannelRow
    secret: str | None = Field(description="where one was made: shown once")


class ChannelList(Answer):
    items: list[ListedChannel]
    mail: bool = Field(description="the settings name a mail server")
    networks: list[str] = Field(description="webhooks are sent to addresses in these networks alone")


class AlertRow(Answer):
    id: int
    channel: str
    state: AlertState
    items: list[AlertItem]
    opened_at: datetime
    due_at: datetime
    tries: int
    sent_at: datetime | None
    answer: str


class AlertPage(Answer):
    total: int
    items: list[AlertRow]
