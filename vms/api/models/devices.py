"""Devices: what each said of itself, what was learnt about talking to it, what a person allows."""

from datetime import date, datetime

from pydantic import Field

from vms.api.models.shape import Answer, Asked, ShortText
from vms.health.spending import Reason


class DeviceRow(Answer):
    id: int
    manufacturer: str
    model: str
    firmware: str
    serial_no: str = Field(description="as the device spells it, also where it is a fake")
    address: str | None = Field(description="null for roles that may not see addresses")
    port: int | None
    cameras: int
    auth: str = Field(description="unknown, none, wsse, digest, refused")
    problems: list[str] = Field(description="codes; the words are in the device itself")
    login_refused: bool
    last_seen_at: datetime
    displaced_at: datetime | None = Field(description="since when another device answers at its address")


class DevicePage(Answer):
    total: int
    items: list[DeviceRow]


class IdentityKey(Answer):
    kind: str = Field(description="serial, mac, endpoint_reference, tls_key")
    value: str


class Learnt(Answer):
    """How to talk to it, as found out; all of it can be forgotten."""

    soap_version: str
    auth: str
    device_path: str
    action_in_content_type: bool
    needs_login_for_clock: bool
    media_version: int
    health_operation: str = Field(description="what the poll asks; empty: GetSystemDateAndTime")
    session_limit: int = Field(description="streams that it bears at once, as far as it has shown; 0: unknown")
    session_evidence: str = Field(description="refused: it refused one more; told: its encoder instances; or empty")
    tls: bool
    tls_fingerprint: str = Field(description="SHA-256 of the certificate that it showed first; empty: none yet")
    stream_tls_fingerprint: str = Field(description="the same of its streams by rtsps, where that is another one")
    reference_changes: bool = Field(description="its endpoint reference is not always the same and says nothing")
    forgotten: bool = Field(description="waits to be learnt anew")


class Policy(Answer):
    legacy_tls: bool
    plain_password: bool
    tls_fingerprint: str


class ProblemInWords(Answer):
    code: str
    message: str = Field(description="empty for roles that may not see addresses")


class RefusedLoginRow(Answer):
    name: str = Field(description="the credential set")
    version: int
    is_current: bool = Field(description="false: the set has changed since and may be tried again")


class DeviceCameraRow(Answer):
    id: int
    name: str
    channel: str
    life_cycle: str


class DeviceDetail(Answer):
    id: int
    manufacturer: str
    model: str
    firmware: str
    hardware: str
    serial_no: str
    address: str | None
    port: int | None
    keys: list[IdentityKey] = Field(description="what identifies it; empty for roles that may not see addresses")
    clock_offset_s: float | None = Field(description="device minus ours, when it was identified last")
    heard_by: list[str]
    scopes: list[str]
    first_seen_at: datetime
    last_seen_at: datetime
    displaced_at: datetime | None
    learnt: Learnt
    policy: Policy
    problems: list[ProblemInWords]
    credential_set: str = Field(description="its name; empty: none")
    refused_logins: list[RefusedLoginRow]
    cameras: list[DeviceCameraRow]


class Forget(Asked):
    refused_logins: bool = Field(
        default=False, description="also which logins it refused: somebody put the account right on the device"
    )
    why: ShortText = ""


class PolicyWanted(Asked):
    """The whole policy; what is left out is not allowed."""

    legacy_tls: bool = Field(default=False, description="protocol versions and ciphers of old firmware")
    plain_password: bool = Field(default=False, description="the password itself instead of a digest; over TLS only")
    tls_fingerprint: str = Field(
        default="",
        pattern=r"^(?:(?:[0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2})?$",
        description="SHA-256 of the certificate that a person has confirmed; empty: the one that was shown first",
    )
    why: ShortText = ""


class DeviceEventRow(Answer):
    at: datetime | None = Field(description="by the device's clock")
    topic: str = Field(description="e.g. tns1:VideoSource/ImageTooDark/ImagingService")
    operation: str = Field(description="Initialized: how it stands; Changed; Deleted")
    source: dict[str, str]
    data: dict[str, str]


class DeviceEvents(Answer):
    items: list[DeviceEventRow]
    problems: list[ProblemInWords]


class DeviceCostRow(Answer):
    day: date = Field(description="UTC")
    requests: int
    bytes_in: int
    busy_s: float = Field(description="how long it was kept answering")
    sign_ins: int
    refused: int = Field(description="refused logins")
    most_at_once: int = Field(description="connections open together at most")
    by_reason: dict[Reason, int] = Field(description="requests: incident, wall, poll, diagnosis")


class DayBudgetNow(Answer):
    requests: int
    sign_ins: int


class DeviceCosts(Answer):
    today: date = Field(description="UTC")
    budget: DayBudgetNow | None = Field(description="what it may be asked in a day; null: nobody counts")
    items: list[DeviceCostRow] = Field(description="newest first; what the poller has not written yet is missing")
