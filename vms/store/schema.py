"""The tables. Units stand in the names; instants are UTC; declared and observed are separate columns."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.engine import Dialect


class UtcInstant(TypeDecorator[datetime]):
    """An aware UTC datetime in Python; SQLite keeps it without a zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant without a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        instant: datetime = value
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)
BigId = BigInteger().with_variant(Integer, "sqlite")


def _id() -> Column[int]:
    return Column("id", BigId, primary_key=True, autoincrement=True)


regions = Table(
    "regions",
    metadata,
    Column("code", String(20), primary_key=True, comment="civil code, GB/T 2260 and below"),
    Column("name", Text, nullable=False),
    Column("parent_code", String(20), index=True),
    Column("level", String(20), nullable=False, default="", comment="province, city, county, street, community, grid"),
)

users = Table(
    "users",
    metadata,
    _id(),
    Column("name", String(80), nullable=False, unique=True),
    Column("password_hash", Text, nullable=False),
    Column("role", String(20), nullable=False, comment="vms.access.roles.Role"),
    Column("owner_id", BigId, ForeignKey("owners.id"), comment="for role owner: whose cameras"),
    Column("created_at", UtcInstant, nullable=False),
    Column("disabled_at", UtcInstant),
)

sign_ins = Table(
    "sign_ins",
    metadata,
    Column("token_hash", String(64), primary_key=True, comment="SHA-256 of the token; the token itself is not kept"),
    Column("user_id", BigId, ForeignKey("users.id"), nullable=False),
    Column("created_at", UtcInstant, nullable=False),
    Column("expires_at", UtcInstant, nullable=False),
)

owners = Table(
    "owners",
    metadata,
    _id(),
    Column("name", Text, nullable=False),
    Column("tier", String(20), nullable=False),
    Column("contact", Text, nullable=False, default="", comment="personal data: masked in lists"),
    Column("created_at", UtcInstant, nullable=False),
    UniqueConstraint("name", "tier"),
)

credentials = Table(
    "credentials",
    metadata,
    _id(),
    Column("name", String(80), nullable=False, unique=True),
    Column("username", Text, nullable=False),
    Column("secret", LargeBinary, nullable=False, comment="Fernet token; never logged, never returned"),
    Column("version", Integer, nullable=False, default=1, comment="counts up when the secret changes"),
    Column("changed_at", UtcInstant, nullable=False),
)

devices = Table(
    "devices",
    metadata,
    _id(),
    Column("address", String(64), nullable=False, comment="where it was last heard; not its identity"),
    Column("port", Integer, nullable=False),
    Column("manufacturer", Text, nullable=False, default=""),
    Column("model", Text, nullable=False, default=""),
    Column("firmware", Text, nullable=False, default=""),
    Column("hardware", Text, nullable=False, default=""),
    Column("scopes", JSON, nullable=False, default=list),
    Column("heard_by", JSON, nullable=False, default=list),
    Column("problems", JSON, nullable=False, default=list, comment="[{code, message}]"),
    Column("clock_offset_s", Float),
    Column("quirks", JSON, nullable=False, default=dict, comment="vms.inventory.device.Quirks"),
    Column("credential_id", BigId, ForeignKey("credentials.id")),
    Column("login_refused_version", Integer, comment="credential version that was refused; not tried again"),
    Column("first_seen_at", UtcInstant, nullable=False),
    Column("last_seen_at", UtcInstant, nullable=False),
    Index("ix_devices_address", "address", "port"),
)

device_keys = Table(
    "device_keys",
    metadata,
    Column("device_id", BigId, ForeignKey("devices.id", ondelete="CASCADE"), primary_key=True),
    Column("kind", String(20), primary_key=True, comment="serial, mac, endpoint_reference"),
    Column("value", String(200), primary_key=True),
    Index("ix_device_keys_value", "kind", "value"),
)

identity_conflicts = Table(
    "identity_conflicts",
    metadata,
    _id(),
    Column("found_at", UtcInstant, nullable=False),
    Column("address", String(64), nullable=False),
    Column("port", Integer, nullable=False),
    Column("device_ids", JSON, nullable=False, comment="the devices that the evidence points at"),
    Column("reasons", JSON, nullable=False),
    Column("resolved_at", UtcInstant),
    Column("resolution", Text),
)

cameras = Table(
    "cameras",
    metadata,
    _id(),
    Column("device_id", BigId, ForeignKey("devices.id"), index=True),
    Column("channel", String(100), nullable=False, default="", comment="the device's video source token"),
    Column("life_cycle", String(20), nullable=False),
    Column("owner_id", BigId, ForeignKey("owners.id"), index=True),
    # declared by a person
    Column("name", Text, nullable=False),
    Column("common_name", Text, nullable=False, default=""),
    Column("tier", String(20), nullable=False, index=True),
    Column("point_class", Integer),
    Column("region_code", String(20), nullable=False, default="", index=True),
    Column("install_address", Text, nullable=False, default=""),
    Column("pole_code", String(40), nullable=False, default="", index=True),
    Column("gb_device_id", String(20), nullable=False, default="", index=True),
    Column("serial_no", String(100), nullable=False, default="", index=True),
    Column("mac", String(17), nullable=False, default="", index=True),
    Column("address", String(64), nullable=False, default=""),
    Column("port", Integer),
    Column("manufacturer", Text, nullable=False, default=""),
    Column("model", Text, nullable=False, default=""),
    Column("indoor", Boolean, nullable=False, default=False),
    Column("lon", Float, comment="WGS-84"),
    Column("lat", Float, comment="WGS-84"),
    Column("entered_x", Float, comment="as entered, in entered_system"),
    Column("entered_y", Float),
    Column("entered_system", String(10), nullable=False, default="wgs84"),
    Column("mount_height_m", Float),
    Column("bearing_deg", Float),
    Column("tilt_deg", Float),
    Column("h_fov_deg", Float),
    Column("max_view_m", Float),
    Column("asset_status", Integer, nullable=False, default=10, comment="GA/T 2000.40"),
    # observed from the device
    Column("observed_name", Text, nullable=False, default=""),
    Column("observed_lon", Float),
    Column("observed_lat", Float),
    Column("observed_bearing_deg", Float),
    Column("observed_elevation_m", Float),
    Column("ptz", Boolean, nullable=False, default=False),
    Column("snapshot_uri", Text),
    Column("created_at", UtcInstant, nullable=False),
    Column("changed_at", UtcInstant, nullable=False),
)

streams = Table(
    "streams",
    metadata,
    Column("camera_id", BigId, ForeignKey("cameras.id", ondelete="CASCADE"), primary_key=True),
    Column("profile", String(100), primary_key=True),
    Column("role", String(10), nullable=False, comment="main, sub"),
    Column("encoding", String(20), nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("uri", Text, nullable=False),
)

watch_sessions = Table(
    "watch_sessions",
    metadata,
    _id(),
    Column("started_at", UtcInstant, nullable=False),
    Column("alive_at", UtcInstant, nullable=False, comment="the poller's heartbeat; an old one: nobody looks"),
    Column("interval_s", Float, nullable=False),
)

watches = Table(
    "watches",
    metadata,
    Column("camera_id", BigId, ForeignKey("cameras.id", ondelete="CASCADE"), primary_key=True),
    Column("session_id", BigId, ForeignKey("watch_sessions.id"), nullable=False),
    Column("status", String(10), nullable=False),
    Column("since", UtcInstant, nullable=False),
    Column("because", Text, nullable=False, default=""),
    Column("layers", JSON, nullable=False, default=dict, comment="last judgement of each layer"),
    Column("clock_offset_s", Float),
    Column("updated_at", UtcInstant, nullable=False),
)

flips = Table(
    "flips",
    metadata,
    _id(),
    Column("camera_id", BigId, ForeignKey("cameras.id", ondelete="CASCADE"), nullable=False),
    Column("session_id", BigId, ForeignKey("watch_sessions.id"), nullable=False),
    Column("from_status", String(10), nullable=False),
    Column("to_status", String(10), nullable=False),
    Column("at", UtcInstant, nullable=False),
    Column("because", Text, nullable=False, default=""),
    Index("ix_flips_camera", "camera_id", "at"),
)

faults = Table(
    "faults",
    metadata,
    _id(),
    Column("camera_id", BigId, ForeignKey("cameras.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("kind", String(30), nullable=False, comment="vms.health.fault.FaultKind"),
    Column("layer", String(20), nullable=False),
    Column("severity", String(10), nullable=False),
    Column("because", Text, nullable=False, default=""),
    Column("opened_at", UtcInstant, nullable=False, index=True),
    Column("closed_at", UtcInstant, index=True),
)

daily_numbers = Table(
    "daily_numbers",
    metadata,
    Column("camera_id", BigId, ForeignKey("cameras.id", ondelete="CASCADE"), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("metric", String(40), primary_key=True, comment="up_s, answer_s, clock_offset_s, …"),
    Column("n", Integer, nullable=False),
    Column("total", Float, nullable=False),
    Column("least", Float, nullable=False),
    Column("most", Float, nullable=False),
)

stills = Table(
    "stills",
    metadata,
    Column("camera_id", BigId, ForeignKey("cameras.id", ondelete="CASCADE"), primary_key=True),
    Column("at", UtcInstant, nullable=False),
    Column("file", Text, nullable=False, comment="below the data folder"),
    Column("statistics", JSON, nullable=False, default=dict),
)

incidents = Table(
    "incidents",
    metadata,
    _id(),
    Column("incident_no", String(40), nullable=False, unique=True),
    Column("source", String(20), nullable=False),
    Column("category", String(40), nullable=False, default=""),
    Column("level", Integer, nullable=False, default=3),
    Column("reported_at", UtcInstant, nullable=False),
    Column("address_text", Text, nullable=False, default=""),
    Column("lon", Float, nullable=False),
    Column("lat", Float, nullable=False),
    Column("region_code", String(20), nullable=False, default=""),
    Column("summary", Text, nullable=False, default=""),
    Column("status", String(20), nullable=False, index=True),
    Column("created_by", BigId, ForeignKey("users.id")),
    Column("closed_at", UtcInstant),
)

incident_feeds = Table(
    "incident_feeds",
    metadata,
    Column("incident_id", BigId, ForeignKey("incidents.id", ondelete="CASCADE"), primary_key=True),
    Column("shown_at", UtcInstant, primary_key=True),
    Column("user_id", BigId, ForeignKey("users.id")),
    Column("feeds", JSON, nullable=False, comment="the ranked list as it was shown, with its terms"),
)

registrations = Table(
    "registrations",
    metadata,
    _id(),
    Column("status", String(20), nullable=False, index=True, comment="submitted, approved, refused, withdrawn"),
    Column("submitted_at", UtcInstant, nullable=False),
    Column("submitted_by", BigId, ForeignKey("users.id")),
    Column("owner_id", BigId, ForeignKey("owners.id"), nullable=False),
    Column("camera_id", BigId, ForeignKey("cameras.id")),
    Column("content", JSON, nullable=False, comment="as submitted, without credentials"),
    Column("access_key_hash", String(64), nullable=False, index=True, comment="lets the owner come back"),
    Column("decided_at", UtcInstant),
    Column("decided_by", BigId, ForeignKey("users.id")),
    Column("reason", Text, nullable=False, default=""),
)

consents = Table(
    "consents",
    metadata,
    _id(),
    Column("camera_id", BigId, ForeignKey("cameras.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("mode", String(20), nullable=False),
    Column("radius_m", Float, nullable=False),
    Column("given_at", UtcInstant, nullable=False),
    Column("withdrawn_at", UtcInstant),
    Column("paused_until", UtcInstant),
)

access_requests = Table(
    "access_requests",
    metadata,
    _id(),
    Column("camera_id", BigId, ForeignKey("cameras.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("user_id", BigId, ForeignKey("users.id"), nullable=False),
    Column("incident_id", BigId, ForeignKey("incidents.id")),
    Column("purpose", Text, nullable=False, default=""),
    Column("asked_at", UtcInstant, nullable=False),
    Column("decided_at", UtcInstant),
    Column("granted_until", UtcInstant),
)

looks = Table(
    "looks",
    metadata,
    _id(),
    Column("at", UtcInstant, nullable=False),
    Column("camera_id", BigId, nullable=False, index=True),
    Column("user_id", BigId, nullable=False),
    Column("user_name", Text, nullable=False),
    Column("kind", String(20), nullable=False, comment="live, snapshot, still, clip"),
    Column("incident_id", BigId),
    Column("purpose", Text, nullable=False, default=""),
    Column("allowed", Boolean, nullable=False),
    Column("because", Text, nullable=False),
    Column("ended_at", UtcInstant),
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False, comment="SHA-256 over this entry and previous_hash, ended_at left out"),
)

events = Table(
    "events",
    metadata,
    _id(),
    Column("at", UtcInstant, nullable=False),
    Column("kind", String(40), nullable=False, comment="camera.added, camera.changed, camera.flip, incident.opened, …"),
    Column("subject", BigId, comment="the id of the camera, incident, registration, …"),
    Column("content", JSON, nullable=False, default=dict),
)

maps = Table(
    "maps",
    metadata,
    _id(),
    Column("name", Text, nullable=False),
    Column("attribution", Text, nullable=False, default=""),
    Column("imported_at", UtcInstant, nullable=False),
    Column("content", LargeBinary, nullable=False, comment="the town as gzipped GeoJSON"),
)

settings = Table(
    "settings",
    metadata,
    Column("key", String(80), primary_key=True),
    Column("value", JSON, nullable=False),
)
