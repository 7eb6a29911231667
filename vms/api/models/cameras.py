"""Cameras: the row of a list, the whole record, its history."""

from datetime import date, datetime

from pydantic import Field

from vms.access.decide import Verdict
from vms.api.models.shape import Answer, Asked, IdNumber, LongText
from vms.assessment.day_parts import DayPart
from vms.health.status import Status
from vms.inventory.camera import CoordinateSystem, LifeCycle, StreamRole
from vms.inventory.device import AuthScheme
from vms.inventory.tier import Tier


class AccessNow(Answer):
    """May the person who asks look at this camera, and why."""

    decision: Verdict = Field(description="allowed, ask (the owner) or refused")
    code: str = Field(description="stable, e.g. `by_role`, `near_incident`, `withdrawn`")
    because_en: str
    because_zh: str
    until: datetime | None


class CameraRow(Answer):
    id: int
    name: str
    common_name: str
    tier: Tier
    status: Status
    since: datetime | None = Field(description="since when it has this status; null while unknown")
    because: str
    region_code: str
    lon: float | None
    lat: float | None
    bearing_deg: float | None
    h_fov_deg: float | None
    max_view_m: float | None
    ptz: bool
    indoor: bool
    pole_code: str
    install_address: str
    owner: str
    life_cycle: LifeCycle
    still_at: datetime | None = Field(description="when the latest still picture was taken; null: there is none")
    access: AccessNow
    region_name: str
    owner_id: int | None
    device_id: int | None
    gb_device_id: str
    manufacturer: str = Field(description="as declared, else as the device says; so are model and serial_no")
    model: str
    serial_no: str
    firmware: str
    address: str | None = Field(description="where its device is, else as declared; null for roles that may not see it")
    port: int | None
    point_class: int | None
    asset_status: int
    mgmt_unit: str
    installed_on: date | None
    retention_days: int | None
    open_faults: int
    problems: list[str] = Field(description="codes of what is odd about its device")
    created_at: datetime | None
    changed_at: datetime | None
    completeness_pct: float | None = Field(description="of its record; null: not judged yet, or retired")
    breaks: list[str] = Field(description="codes of the rules that its record breaks, as judged last")


class CameraPage(Answer):
    total: int = Field(description="how many fit the filter, whatever the page")
    next: str | None = Field(description="given as `after` it brings the page that follows; null: this was the last")
    items: list[CameraRow]


class PoseNow(Answer):
    lon: float
    lat: float
    mount_height_m: float | None
    bearing_deg: float | None
    tilt_deg: float | None
    h_fov_deg: float | None
    max_view_m: float | None


class DeclaredNow(Answer):
    """What a person entered."""

    name: str
    common_name: str
    tier: Tier
    point_class: int | None
    region_code: str
    install_address: str
    pole_code: str
    gb_device_id: str
    serial_no: str
    mac: str | None
    address: str | None = Field(description="null for roles that may not see addresses")
    port: int | None
    manufacturer: str
    model: str
    indoor: bool
    pose: PoseNow | None
    entered_x: float | None
    entered_y: float | None
    entered_system: CoordinateSystem
    asset_status: int


class ObservedNow(Answer):
    """What the device said."""

    name: str
    channel: str
    ptz: bool
    has_snapshot: bool
    pose: PoseNow | None


class DeviceNow(Answer):
    id: int
    address: str | None = Field(description="null for roles that may not see addresses")
    port: int | None
    manufacturer: str
    model: str
    firmware: str
    serial_no: str
    mac: str | None
    auth: AuthScheme
    login_refused: bool
    first_seen_at: datetime
    last_seen_at: datetime
    problems: list[str]


class StreamNow(Answer):
    role: StreamRole
    profile: str
    encoding: str
    width: int
    height: int
    uri: str | None = Field(description="null for roles that may not see addresses")


class DifferenceNow(Answer):
    """Declared and observed do not agree."""

    field: str
    declared: str
    observed: str
    sentence_en: str
    sentence_zh: str


class LayerNow(Answer):
    layer: str = Field(description="network, control, stream, picture, recording")
    ok: bool | None = Field(description="null: not looked at, or with `because` looked at in vain")
    because: str


class WatchNow(Answer):
    status: Status
    since: datetime | None
    because: str
    layers: list[LayerNow]
    clock_offset_s: float | None
    looked_at: datetime | None


class FaultNow(Answer):
    id: int
    kind: str
    layer: str
    severity: str
    because: str
    opened_at: datetime
    closed_at: datetime | None
    outage_id: int | None = Field(description="it fell with others")
    score: float | None = Field(description="of a picture fault: 0 … 1, 0.5 is at the limit; the worst so far")


class FlipRow(Answer):
    at: datetime
    from_status: Status
    to_status: Status
    because: str


class UptimeNow(Answer):
    """Shares of the time that somebody watched; null where nobody did."""

    day_share: float | None = Field(description="the last 24 h, 0 … 1")
    week_share: float | None = Field(description="the last 7 days, 0 … 1")


class ConsentNow(Answer):
    mode: str = Field(description="never, on_request, near_incident, always")
    radius_m: float
    given_at: datetime
    paused_until: datetime | None
    withdrawn_at: datetime | None


class CameraDetail(Answer):
    row: CameraRow
    declared: DeclaredNow
    observed: ObservedNow
    differences: list[DifferenceNow]
    device: DeviceNow | None
    streams: list[StreamNow]
    watch: WatchNow
    faults: list[FaultNow]
    uptime: UptimeNow
    flips: list[FlipRow] = Field(description="the latest 20, newest first")
    consent: ConsentNow | None


class StatusSpan(Answer):
    status: str
    from_at: datetime
    to_at: datetime


class NoticeSpan(Answer):
    id: int
    kind: str
    start_at: datetime
    end_at: datetime


class CameraHistory(Answer):
    camera_id: int
    from_at: datetime
    to_at: datetime
    spans: list[StatusSpan] = Field(description="its statuses, oldest first; between them nobody watched")
    flips: list[FlipRow]
    faults: list[FaultNow]
    notices: list[NoticeSpan] = Field(description="approved ones that cover it")
    uptime: UptimeNow


class CalendarDay(Answer):
    day: date
    length_s: float = Field(description="of today: so far")
    parts_s: dict[DayPart, float] = Field(description="they add up to `length_s`")
    faults: list[int] = Field(description="those that were open then")


class CameraCalendar(Answer):
    camera_id: int
    time_zone: str
    days: list[CalendarDay] = Field(description="oldest first, today last")
    faults: list[FaultNow] = Field(description="newest first")


class LookRow(Answer):
    """One entry of the log that cannot be altered."""

    id: int
    at: datetime
    ended_at: datetime | None
    who: str
    kind: str = Field(description="live, snapshot, still, clip")
    incident_no: str | None
    purpose: str
    allowed: bool
    because: str


class LookList(Answer):
    chain_ok: bool = Field(description="every entry shown fits its hash and the entry before it")
    total: int
    items: list[LookRow]


class NewAccessRequest(Asked):
    incident_id: IdNumber | None = None
    purpose: LongText = Field(min_length=1)


class AccessRequestRow(Answer):
    id: int
    camera_id: int
    camera_name: str
    who: str
    incident_id: int | None
    incident_no: str | None
    purpose: str
    asked_at: datetime
    decided_at: datetime | None
    granted_until: datetime | None
    state: str = Field(description="open, granted, refused, expired")


class AccessRequestList(Answer):
    items: list[AccessRequestRow]


class AccessRequestDecision(Asked):
    grant: bool
    minutes: int = Field(default=60, ge=1, le=1440, description="how long the grant lasts")
