"""What each section of the settings may say: keys, units, limits, and what they are for."""

import functools
import ipaddress
import re
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from vms.health.fault import Severity
from vms.inventory.tier import Tier
from vms.places.regions import RegionLevel

Seconds = Annotated[float, Field(gt=0, le=86_400)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def network_text(value: str) -> str:
    try:
        return str(ipaddress.ip_network(value, strict=False))
    except ValueError as problem:
        raise ValueError(f"not a network such as 10.20.0.0/16: {value!r}") from problem


class NetworkSettings(_Strict):
    """Cameras found inside `cidr` belong to this tier, region and owner and are asked with this credential set."""

    cidr: str = Field(description="network, e.g. 10.20.0.0/16")
    tier: Tier = Field(description="government, unit, community or household")
    region_code: str = Field("", max_length=20, description="civil code of the region")
    owner: str = Field("", max_length=200, description="name of the owner of cameras found here")
    credentials: tuple[str, ...] = Field((), description="names of credential sets, tried in this order")
    trusted: bool = Field(False, description="true: cameras found here are taken in without a person's approval")
    agreement: bool = Field(False, description="true: an agreement lets operators see unit and community cameras here")
    configure: bool = Field(
        False, description="true: an agreement lets the office configure unit and community cameras here"
    )

    _check_cidr = field_validator("cidr")(network_text)


class RegionSettings(_Strict):
    """One node of the tree of regions."""

    code: str = Field(min_length=2, max_length=20, description="civil code (GB/T 2260 and below)")
    name: str = Field(min_length=1, max_length=100, description="as people call it")
    level: RegionLevel = Field(description="province, city, county, street, community or grid_cell")
    parent: str = Field("", max_length=20, description="code of the region above; empty at the top")
    box: tuple[float, float, float, float] | None = Field(
        None, description="west, south, east, north in degrees: no camera of the region stands outside"
    )


class CredentialSettings(_Strict):
    """A user name and the file that holds its password (first line)."""

    name: str = Field(min_length=1, max_length=80, description="what networks call it")
    username: str = Field(max_length=200, description="user name on the cameras")
    password_file: Path = Field(description="file whose first line is the password; mode 0600")
    owner: str = Field(
        "", max_length=200, description="whose set it is: tried at all of this owner's networks, after those they name"
    )


class PollingSettings(_Strict):
    interval_s: Seconds = Field(60.0, description="seconds between two polls of one device")
    stream_every: int = Field(5, ge=1, le=10_000, description="polls between two proofs that the stream plays")
    still_every: int = Field(10, ge=1, le=10_000, description="polls between two still pictures")
    timeout_s: Seconds = Field(5.0, description="seconds that a device may take to answer")
    width: int = Field(4000, ge=1, le=100_000, description="devices asked at the same time")
    backoff_max_s: Seconds = Field(900.0, description="longest pause between two polls of a silent device, seconds")
    requests_per_day: int | None = Field(
        None, ge=100, le=10_000_000, description="asked of one camera in a day at most; none: what the interval needs"
    )


InterfaceName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.@-]{0,14}$")]
Port = Annotated[int, Field(ge=1, le=65_535)]


class DiscoverySettings(_Strict):
    interfaces: tuple[InterfaceName, ...] = Field(
        (), max_length=100, description="interfaces for multicast; none: no multicast"
    )
    ports: tuple[Port, ...] = Field(
        (80, 8080, 8000, 8899, 2020, 5000, 443, 1000), min_length=1, max_length=64, description="TCP ports of a sweep"
    )
    every_h: float | None = Field(None, ge=0.1, le=24 * 31, description="hours between two sweeps; none: by hand only")
    pace_per_s: float = Field(500.0, ge=1, le=100_000, description="packets per second into one /24 during a sweep")
    doors_at_once: int = Field(512, ge=16, le=65_536, description="TCP doors knocked at together, over all networks")
    blocks_at_once: int = Field(32, ge=1, le=1024, description="/24 networks that are swept side by side")
    devices_at_once: int = Field(64, ge=1, le=4096, description="devices that are asked who they are, side by side")


class LiveSettings(_Strict):
    linger_s: Seconds = Field(5.0, description="seconds a stream is kept open after its last viewer left")
    max_per_device: int = Field(4, ge=1, le=64, description="streams pulled from one device at the same time")
    warm: int = Field(4, ge=0, le=32, description="best feeds whose streams are opened when an incident comes in")


class WebSettings(_Strict):
    secure_cookie: bool = Field(False, description="true where the console is reached by https: the cookie says so")
    trusted_proxies: tuple[str, ...] = Field(
        (), description="addresses of reverse proxies whose X-Forwarded-For and X-Forwarded-Proto are believed"
    )
    sign_ins_per_minute: int = Field(60, ge=1, le=100_000, description="attempts from one address, right or wrong")
    registrations_per_hour: int = Field(20, ge=1, le=100_000, description="registrations from one address")


class ArchiveSettings(_Strict):
    """What a record must hold to conform."""

    retention_days: int = Field(30, ge=1, le=3_650, description="least days that recordings are kept")
    key_retention_days: int = Field(90, ge=1, le=3_650, description="the same at key sites")
    key_site_categories: tuple[str, ...] = Field(
        ("counter_terror",), max_length=50, description="codes of the table site_category that are key sites"
    )
    filing_within_days: int = Field(30, ge=1, le=366, description="days after installation within which it is filed")
    position_decimals: int = Field(6, ge=0, le=9, description="decimals of a position in degrees, classes 1 and 2")
    map_margin_deg: float = Field(0.02, ge=0, le=5, description="degrees beyond the map's edge that are still in town")

    @model_validator(mode="after")
    def _check_key_sites(self) -> Self:
        if self.key_retention_days < self.retention_days:
            raise ValueError("key_retention_days is shorter than retention_days")
        return self


class OrdersSettings(_Strict):
    settle_s: Seconds | None = Field(None, description="a fault so old is ordered, seconds; none: after two polls")
    verify_polls: int = Field(10, ge=1, le=10_000, description="good polls after which a repair counts as verified")
    flap_h: float = Field(6.0, ge=0, le=720, description="healed by itself and back within so many hours: one order")
    repeat_days: float = Field(
        7.0, ge=0, le=366, description="back within so many days after its order was closed: a repeated fault"
    )
    least_severity: Severity = Field(Severity.MAJOR, description="minor, major or critical: faults below get no order")
    tiers: tuple[Tier, ...] = Field((), description="only cameras of these tiers get orders; empty: all")


class OutagesSettings(_Strict):
    """When falls count as one outage."""

    share: float = Field(
        0.8, gt=0.5, le=1, description="of the watched devices on a node must have fallen for it to be the whole cause"
    )
    least: int = Field(3, ge=2, le=1000, description="devices of a node that must have fallen together")
    falls_per_day: float = Field(
        0.05,
        gt=0,
        le=10,
        description="of one device by itself, believed until enough was seen: more, and less is a cause",
    )
    join_s: float = Field(3600.0, ge=60, le=86_400, description="who falls so soon after a dead node joins its outage")
    reopen_s: float = Field(
        1800.0, ge=0, le=86_400, description="the same cause again so soon after its end is the same outage"
    )
    learn_days: int = Field(90, ge=7, le=730, description="so far back falls are compared to learn what hangs together")
    never_reached_after_h: float = Field(
        24.0, gt=0, le=8_784, description="in service for so long, and no device was found at its address: a fault"
    )


class WeatherSettings(_Strict):
    """When many pictures go bad together, as in fog or when street lamps fail."""

    cell_m: float = Field(2000.0, ge=100, le=100_000, description="cameras so near each other share their weather, m")
    least: int = Field(6, ge=2, le=10_000, description="devices that must show it around one spot")
    share: float = Field(0.5, gt=0, le=1, description="of those looked at there must show it")
    rest_s: float = Field(
        3600.0, ge=60, le=86_400, description="few are left and none came out for so long: those are ill on their own"
    )
    window_s: float = Field(1800.0, ge=60, le=86_400, description="a camera counts where its last still is so new")
    wrong_for_s: float = Field(
        43_200.0, ge=0, le=2_592_000, description="what a person called wrong is not found again for so long"
    )

    @model_validator(mode="after")
    def _lasts_at_least(self) -> Self:
        if self.wrong_for_s and self.wrong_for_s < self.window_s:
            raise ValueError("wrong_for_s is shorter than window_s: the same stills would show it again")
        return self


class NoticesSettings(_Strict):
    """Announced outages (报备)."""

    longest_days: int = Field(92, ge=1, le=3_660, description="a notice lasts no longer")
    ahead_days: int = Field(366, ge=0, le=3_660, description="it begins no later than so many days from now")
    late_days: int = Field(
        31, ge=0, le=366, description="so long after it began it may be handed in, and is shown as late; 0: never"
    )


class RetentionSettings(_Strict):
    """What is kept how long, in days. The log of looks is never shortened."""

    history_days: int = Field(
        730, ge=184, le=36_500, description="flips, faults, outages, days of footage: figures can be asked so far back"
    )
    gaps_days: int = Field(730, ge=92, le=36_500, description="closed gaps of coverage, with their photographs")
    rates_days: int = Field(
        400, ge=92, le=36_500, description="how coverage rates changed: rates of days can be asked so far back"
    )
    daily_numbers_days: int = Field(92, ge=31, le=36_500, description="a camera's answer time, clock and light by day")
    events_days: int = Field(90, ge=7, le=36_500, description="news that processes tell each other")
    costs_days: int = Field(92, ge=7, le=36_500, description="what each device was asked in a day")
    sweeps_days: int = Field(90, ge=7, le=36_500, description="sweeps of networks and what they found")
    logs_days: int = Field(
        184, ge=184, le=36_500, description="who used which credential, what was told to whom; six months by law"
    )


Clock = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class RecordingSettings(_Strict):
    sample_every_days: int | None = Field(
        7, ge=1, le=366, description="days between two samples of a camera that are really played; none: never"
    )
    sample_from: Clock = Field("01:00", description="samples are played from this local time on, e.g. 01:00")
    sample_until: Clock = Field("05:00", description="and until this one")

    @model_validator(mode="after")
    def _check_hours(self) -> Self:
        if self.sample_from == self.sample_until:
            raise ValueError("sample_from and sample_until are the same time")
        return self


class PtzCheckSettings(_Strict):
    enabled: bool = Field(True, description="false: no camera is ever turned to see whether it turns")
    every_days: int = Field(7, ge=1, le=366, description="days between two checks of a camera")
    check_from: Clock = Field("02:00", description="cameras are turned from this local time on")
    check_until: Clock = Field("04:00", description="and until this one")

    @model_validator(mode="after")
    def _check_hours(self) -> Self:
        if self.check_from == self.check_until:
            raise ValueError("check_from and check_until are the same time")
        return self


class AlertSettings(_Strict):
    networks: tuple[str, ...] = Field(
        (), description="networks that webhooks may be sent to, e.g. 10.0.5.0/24; none: no webhook is sent"
    )
    console_url: str = Field("", max_length=200, description="address of the console, for links in messages")
    smtp_host: str = Field("", max_length=200, description="mail server; empty: no mail is sent")
    smtp_port: Port = Field(25, description="port of the mail server")
    smtp_security: Literal["none", "starttls", "tls"] = Field("starttls", description="none, starttls or tls")
    smtp_username: str = Field("", max_length=200, description="user name at the mail server; empty: none")
    smtp_password_file: Path | None = Field(None, description="file whose first line is its password")
    smtp_within_s: float = Field(20.0, ge=1, le=60, description="a letter that is not taken within so long waits")
    sender: str = Field("", max_length=200, description="address that mail comes from")
    authority_file: Path | None = Field(
        None, description="certificates (PEM) of the office's own authority, for receivers by https and the mail server"
    )

    @field_validator("networks")
    @classmethod
    def _check_networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(network_text(item) for item in value)


class MapSettings(_Strict):
    """What the console draws everything on."""

    base: Literal["own", "xyz", "wmts", "mbtiles"] = Field(
        "own", description="own: made from the maps taken in; xyz, wmts: pictures of a tile server; mbtiles: of a file"
    )
    url: str = Field(
        "",
        max_length=1000,
        description="of a tile, with {z}, {x} and {y} or {TileMatrix}, {TileCol} and {TileRow}; the browser asks there",
    )
    file: Path | None = Field(None, description="MBTiles file of pictures (png, jpg, webp)")
    attribution: str = Field("", max_length=300, description="whose pictures they are; always shown")
    min_zoom: int = Field(0, ge=0, le=22, description="smallest zoom that the source has")
    max_zoom: int = Field(18, ge=0, le=22, description="largest zoom that the source has")
    tile_px: Literal[256, 512] = Field(256, description="width of its pictures")

    @model_validator(mode="after")
    def _check_source(self) -> Self:
        if self.base in ("xyz", "wmts"):
            if not re.match(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?/", self.url):
                raise ValueError("url begins with http:// or https://, a host and a path")
            if re.search(r"[\s;'\"<>\\^`|]", self.url):
                raise ValueError("url holds a blank or a sign that no address of a tile has")
            if not all(place in self.tile_url for place in ("{z}", "{x}", "{y}")):
                raise ValueError("url needs {z}, {x} and {y}")
            if not self.attribution.strip():
                raise ValueError("attribution is needed: say whose map it is")
        if self.base == "mbtiles" and self.file is None:
            raise ValueError("file is needed")
        if self.min_zoom > self.max_zoom:
            raise ValueError("min_zoom is greater than max_zoom")
        return self

    @property
    def tile_url(self) -> str:
        """As browsers' maps write it."""
        names = {"{TileMatrix}": "{z}", "{TileCol}": "{x}", "{TileRow}": "{y}"}
        return functools.reduce(lambda url, name: url.replace(name, names[name]), names, self.url)
