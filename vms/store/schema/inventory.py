"""What exists: regions, devices with their keys, cameras, streams, credentials."""

from sqlalchemy import JSON, Boolean, Column, Float, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from vms.store.schema.columns import BigId, UtcInstant, id_column, metadata

regions = Table(
    "regions",
    metadata,
    Column("code", String(20), primary_key=True, comment="civil code, GB/T 2260 and below"),
    Column("name", Text, nullable=False),
    Column("parent_code", String(20), index=True),
    Column("level", String(20), nullable=False, default="", comment="province, city, county, street, community, grid"),
)

credentials = Table(
    "credentials",
    metadata,
    id_column(),
    Column("name", String(80), nullable=False, unique=True),
    Column("username", Text, nullable=False),
    Column("secret", LargeBinary, nullable=False, comment="Fernet token; never logged, never returned"),
    Column("version", Integer, nullable=False, default=1, comment="counts up when the secret changes"),
    Column("changed_at", UtcInstant, nullable=False),
)

devices = Table(
    "devices",
    metadata,
    id_column(),
    Column("address", String(64), nullable=False, comment="where it was last heard; not its identity"),
    Column("port", Integer, nullable=False),
    Column("manufacturer", Text, nullable=False, default=""),
    Column("model", Text, nullable=False, default=""),
    Column("firmware", Text, nullable=False, default=""),
    Column("serial_no", Text, nullable=False, default="", comment="as the device spells it, also where it is a fake"),
    Column("macs", JSON, nullable=False, default=list),
    Column("endpoint_reference", Text, nullable=False, default=""),
    Column("auth", String(10), nullable=False, default="unknown", comment="vms.inventory.device.AuthScheme"),
    Column("hardware", Text, nullable=False, default=""),
    Column("scopes", JSON, nullable=False, default=list),
    Column("heard_by", JSON, nullable=False, default=list),
    Column("problems", JSON, nullable=False, default=list, comment="[{code, message}]"),
    Column("clock_offset_s", Float),
    Column("quirks", JSON, nullable=False, default=dict, comment="vms.inventory.device.Quirks"),
    Column("credential_id", BigId, ForeignKey("credentials.id")),
    Column("login_refused_version", Integer, comment="credential version that was refused; not tried again"),
    Column("refused_logins", JSON, nullable=False, default=dict, comment="{credential id: version} that it refused"),
    Column("first_seen_at", UtcInstant, nullable=False),
    Column("last_seen_at", UtcInstant, nullable=False),
    Column("displaced_at", UtcInstant, comment="another device answers at its address; not polled until heard again"),
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
    id_column(),
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
    id_column(),
    Column("device_id", BigId, ForeignKey("devices.id"), index=True),
    Column("channel", String(100), nullable=False, default="", comment="the device's video source token"),
    Column("life_cycle", String(20), nullable=False),
    Column("owner_id", BigId, ForeignKey("owners.id"), index=True),
    # declared by a person
    Column("name", Text, nullable=False, index=True),
    Column("common_name", Text, nullable=False, default=""),
    Column("tier", String(20), nullable=False, index=True),
    Column("point_class", Integer),
    Column("region_code", String(20), nullable=False, default="", index=True),
    Column("install_address", Text, nullable=False, default=""),
    Column("declared_channel", String(100), nullable=False, default="", comment="as entered; channel: as observed"),
    Column("pole_code", String(40), nullable=False, default="", index=True),
    Column("gb_device_id", String(20), nullable=False, default="", index=True),
    Column("serial_no", String(100), nullable=False, default="", index=True),
    Column("mac", String(17), nullable=False, default="", index=True),
    Column("address", String(64), nullable=False, default="", index=True),
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
    Column("width_px", Integer, comment="width of the main picture, as entered"),
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
