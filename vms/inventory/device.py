"""What a device said about itself: values that the devices room returns and the store keeps as observed."""

from dataclasses import dataclass, field
from enum import StrEnum


class AuthScheme(StrEnum):
    """Which way of signing in worked."""

    UNKNOWN = "unknown"
    NONE = "none"
    WSSE = "wsse"
    DIGEST = "digest"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something odd about a device; `code` is stable (e.g. `xaddr_rewritten`, `login_refused`, `clock_missing`)."""

    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedStream:
    profile: str
    encoding: str
    """`H264`, `H265`, `JPEG`, as the device spells it, upper case."""
    width: int
    height: int
    uri: str
    """RTSP address without user or password; host and port are those that answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedPose:
    """From ONVIF GetGeoLocation, where the device offers it."""

    lon: float
    lat: float
    elevation_m: float | None = None
    bearing_deg: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedChannel:
    token: str
    """The video source's token: stable within the device, the key of the camera."""
    name: str
    streams: tuple[ObservedStream, ...] = ()
    snapshot_uri: str | None = None
    ptz: bool = False
    pose: ObservedPose | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quirks:
    """What was learnt about talking to a device; kept with it as data, can be reset."""

    soap_version: str = "1.2"
    auth: AuthScheme = AuthScheme.UNKNOWN
    device_path: str = "/onvif/device_service"
    needs_login_for_clock: bool = False
    action_in_content_type: bool = True
    media_version: int = 1
    health_operation: str = ""
    """The cheapest operation that proves that its ONVIF stack answers; empty: GetSystemDateAndTime."""
    session_limit: int = 0
    """Streams that it bears at once, as far as it has shown; 0: unknown."""
    session_evidence: str = ""
    """Where that comes from: `refused` (it refused one more), `told` (its guaranteed encoder instances)."""
    tls: bool = False
    """It is spoken to by TLS, whatever its port."""
    tls_fingerprint: str = ""
    """SHA-256 of the certificate that it showed first, hex; another one later is a problem, not a login."""
    stream_tls_fingerprint: str = ""
    """The same of its streams by RTSP over TLS, where that is another one."""
    reference_changes: bool = False
    """Its endpoint reference is not always the same, so that another one says nothing."""
    forgotten: bool = False
    """A person had it forgotten what was learnt; the poller learns it anew, without credentials."""

    def forget(self) -> "Quirks":
        """Where it is and that it wants TLS stay, since nobody would find it otherwise; and what its endpoint reference
        is worth, so that it is not taken for another."""
        return Quirks(
            device_path=self.device_path,
            tls=self.tls or bool(self.tls_fingerprint),
            reference_changes=self.reference_changes,
            forgotten=True,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DevicePolicy:
    """What a person allows for one device; never learnt."""

    legacy_tls: bool = False
    """Old protocol versions and ciphers."""
    plain_password: bool = False
    """PasswordText, over TLS only."""
    tls_fingerprint: str = ""
    """The certificate that a person has confirmed, SHA-256 in hex; empty: the one that was shown first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedDevice:
    address: str
    port: int
    manufacturer: str = ""
    model: str = ""
    firmware: str = ""
    serial_no: str = ""
    macs: tuple[str, ...] = ()
    """Lower case, colon-separated, in the order of the interfaces."""
    endpoint_reference: str = ""
    auth: AuthScheme = AuthScheme.UNKNOWN
    clock_offset_s: float | None = None
    """Device minus ours; None where the device told no usable time."""
    hardware: str = ""
    scopes: tuple[str, ...] = ()
    channels: tuple[ObservedChannel, ...] = ()
    quirks: Quirks = field(default_factory=Quirks)
    heard_by: tuple[str, ...] = ()
    """Which method and interface heard it: `multicast:lo`, `unicast`, `sweep`."""
    problems: tuple[Problem, ...] = ()
    login_refused: bool = False

    @property
    def mac(self) -> str:
        return self.macs[0] if self.macs else ""
