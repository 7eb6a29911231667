"""The settings: one TOML file, each key also from the environment (`VMS_DATABASE_URL`, `VMS_POLLING__INTERVAL_S`, …).

Strict: an unknown key, a wrong unit or a missing file is refused with its place. Secrets come from the environment or
from files that the settings name.
"""

import tomllib
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, ValidationError, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from vms.config_sections import (
    AlertSettings,
    ArchiveSettings,
    CredentialSettings,
    DiscoverySettings,
    LiveSettings,
    MapSettings,
    NetworkSettings,
    NoticesSettings,
    OrdersSettings,
    OutagesSettings,
    PollingSettings,
    PtzCheckSettings,
    RecordingSettings,
    RegionSettings,
    RetentionSettings,
    WeatherSettings,
    WebSettings,
    network_text,
)
from vms.core.errors import BadInput

MAX_FILE_BYTES = 1_000_000


class Settings(BaseSettings):
    model_config = SettingsConfigDict(extra="forbid", frozen=True, env_prefix="VMS_", env_nested_delimiter="__")

    data_folder: Path = Field(Path("var"), description="folder for the database, stills, key and socket")
    database_url: str = Field(
        "", description="sqlite:///file or postgresql://user@host/name; empty: SQLite in data_folder"
    )
    host: str = Field("127.0.0.1", description="address the console listens on")
    port: int = Field(8088, ge=0, le=65535, description="port the console listens on")
    admin_password: str = Field(
        "", repr=False, max_length=200, description="first administrator's; empty: made at first start and printed once"
    )
    secret_key: str = Field("", repr=False, description="key for camera credentials; empty: a file in data_folder")
    town: str = Field("", max_length=100, description="name of the town, shown in the console")
    time_zone: str = Field(
        "Asia/Shanghai", description="the office's: days of figures, orders and reports are its days"
    )
    regions: tuple[RegionSettings, ...] = Field((), description="the tree of regions; empty: as it was stored before")
    networks: tuple[NetworkSettings, ...] = Field((), description="which network belongs to whom")
    credentials: tuple[CredentialSettings, ...] = Field((), description="credential sets for cameras")
    registration_networks: tuple[str, ...] = Field(
        (), description="networks in which owners may register cameras; nothing outside is ever contacted for them"
    )
    polling: PollingSettings = PollingSettings()
    discovery: DiscoverySettings = DiscoverySettings()
    live: LiveSettings = LiveSettings()
    web: WebSettings = WebSettings()
    archive: ArchiveSettings = ArchiveSettings()
    orders: OrdersSettings = OrdersSettings()
    outages: OutagesSettings = OutagesSettings()
    weather: WeatherSettings = WeatherSettings()
    notices: NoticesSettings = NoticesSettings()
    retention: RetentionSettings = RetentionSettings()
    recordings: RecordingSettings = RecordingSettings()
    ptz_check: PtzCheckSettings = PtzCheckSettings()
    alerts: AlertSettings = AlertSettings()
    map: MapSettings = MapSettings()
    demo_control: str = Field("", description="address of a pretend city's control interface; only the demo sets it")

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @field_validator("time_zone")
    @classmethod
    def _check_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError(f"not a time zone such as Asia/Shanghai: {value!r}")
        return value

    @field_validator("registration_networks")
    @classmethod
    def _check_networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(network_text(item) for item in value)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)  # load_settings lays the sources over each other and names what is wrong

    @property
    def url(self) -> str:
        return self.database_url or f"sqlite:///{self.data_folder.absolute() / 'vms.db'}"

    @property
    def stills_folder(self) -> Path:
        return self.data_folder / "stills"

    @property
    def photographs_folder(self) -> Path:
        return self.data_folder / "photographs"

    @property
    def references_folder(self) -> Path:
        return self.data_folder / "references"

    @property
    def maps_folder(self) -> Path:
        return self.data_folder / "maps"

    @property
    def gateway_socket(self) -> Path:
        return self.data_folder / "live.sock"


def load_settings(path: Path | None = None, **overrides: Any) -> Settings:
    """Settings from a TOML file, the environment on top, `overrides` (command line) over both.

    Raises BadInput that names the file, the key and what is wrong with it.
    """
    place = str(path) if path else "settings"
    content = _merge(_merge(_read_toml(path) if path else {}, EnvSettingsSource(Settings)()), overrides)
    try:
        settings = Settings(**content)
    except ValidationError as problem:
        raise BadInput("; ".join(_sentence(error) for error in problem.errors()[:20]), where=place) from None
    names = {item.name for item in settings.credentials}
    for network in settings.networks:
        for credential in network.credentials:
            if credential not in names:
                raise BadInput(f"networks: {network.cidr} names an unknown credential set {credential!r}", where=place)
    return settings


def _merge(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        lower = merged.get(key)
        merged[key] = _merge(lower, value) if isinstance(value, dict) and isinstance(lower, dict) else value
    return merged


def _sentence(error: ErrorDetails) -> str:
    key = ".".join(str(part) for part in error["loc"])
    return f"{key}: unknown key" if error["type"] == "extra_forbidden" else f"{key}: {error['msg']}"


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_FILE_BYTES + 1)
    except OSError as problem:
        raise BadInput(problem.strerror or "cannot be read", where=str(path)) from None
    if len(raw) > MAX_FILE_BYTES:
        raise BadInput(f"larger than {MAX_FILE_BYTES} bytes", where=str(path))
    try:
        return tomllib.loads(raw.decode("utf-8"))
    except UnicodeDecodeError as problem:
        raise BadInput(f"not UTF-8 at byte {problem.start}", where=str(path)) from None
    except tomllib.TOMLDecodeError as problem:
        raise BadInput(str(problem), where=str(path)) from None
    except RecursionError:
        raise BadInput("nested too deeply", where=str(path)) from None
