"""What exists: regions, devices with their keys, cameras, streams, credentials."""

from sqlalchemy import JSON, Boolean, Column, Date, Float, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from vms.store.schema.columns import BigId, UtcInstant, id_column, metadata

LIST_ORDERS = (
    *("shown_name", "region_code", "install_address", "shown_manufacturer", "shown_model", "shown_owner"),
    *("address_number", "installed_on", "changed_at"),
)
"""Columns that long lists are read in the order of; who may not know of every camera needs no look at its row."""

regions = Table(
    "regions",
    metadata,
    Column("code", String(20), primary_key=True, comment="civil code, GB/T 2260 and below"),
    Column("name", Text, nullable=False),
    Column("parent_code", String(20), index=True),
    Column("level", String(20), nullable=False, default="", comment="province, city, county, street, community, grid"),
    Column("box", JSON, comment="[west, south, east, north] in degrees; none: not known"),
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
    Column("owner_id", BigId, comment="whose set it is; none: the office's"),
)

credential_uses = Table(
    "credential_uses",
    metadata,
    Column("credential_id", BigId, ForeignKey("credentials.id", ondelete="CASCADE"), primary_key=True),
    Column("device_id", BigId, primary_key=True, comment="0: a device that is not in the inventory"),
    Column("purpose", String(20), primary_key=True, comment="discovery, poll, still, live, clip, task, registration"),
    Column("who", String(80), primary_key=True, comment="the person, or the process where nobody asked"),
    Column("day", Date, primary_key=True, comment="UTC"),
    Column("first_at", UtcInstant, nullable=False),
    Column("last_at", UtcInstant, nullable=False),
    Column("count", Integer, nullable=False),
    Column("refused", Integer, nullable=False, default=0),
    Index("ix_credential_uses_device", "device_id", "day"),
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
    Column(
        "policy", JSON, nullable=False, default=dict, server_default="{}", comment="DevicePolicy: what a person allows"
    ),
    Column("replaced_by", BigId, comment="the hardware that stands at its point now"),
    Column("merged_into", BigId, comment="the device that it really is; kept for an undo"),
    Index("ix_devices_address", "address", "port"),
)

device_keys = Table(
    "device_keys",
    metadata,
    Column("device_id", BigId, ForeignKey("devices.id", ondelete="CASCADE"), primary_key=True),
    Column("kind", String(20), primary_key=True, comment="serial, mac, endpoint_reference"),
    Column("value", String(200), primary_key=True),
    Column(
        "given",
        Boolean,
        nullable=False,
        default=False,
        server_default="0",
        comment="a person gave it by merging or splitting; it stays when the device tells another",
    ),
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
    Column("observed", JSON, comment="what was seen, so that a person can decide later"),
    Column("kind", String(20), nullable=False, default="identity", server_default="identity"),
    Column(
        "subject", String(160), nullable=False, default="", server_default="", comment="what it is about; asked once"
    ),
    Column("device_id", BigId, comment="the device that was stored apart, the new hardware, the recorder"),
    Column("camera_ids", JSON, nullable=False, default=list, server_default="[]"),
    Column("decision", String(20), comment="same_as, new_device, …; none: open, or decided before there were kinds"),
    Column("resolved_by", String(80)),
    Index("ix_identity_conflicts_subject", "subject"),
    Index("ix_identity_conflicts_device", "device_id"),
)

identity_actions = Table(
    "identity_actions",
    metadata,
    id_column(),
    Column("at", UtcInstant, nullable=False),
    Column("who", String(80), nullable=False),
    Column("kind", String(20), nullable=False, comment="merge, split, replace, join_cameras"),
    Column("why", Text, nullable=False, default=""),
    Column("content", JSON, nullable=False, comment="the rows before, so that it can be undone"),
    Column("undone_at", UtcInstant),
    Column("undone_by", String(80)),
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
    Column("height_px", Integer),
    Column("v_fov_deg", Float),
    Column("asset_status", Integer, nullable=False, default=10, comment="GA/T 2000.40"),
    Column("ipv6", String(64), nullable=False, default="", server_default=""),
    Column("police_org_code", String(12), nullable=False, default="", server_default=""),
    Column("structure_type", Integer, comment="code table, as all codes below"),
    Column("function_types", JSON, nullable=False, default=list, server_default="[]"),
    Column("position_types", JSON, nullable=False, default=list, server_default="[]"),
    Column("supply_light", Integer),
    Column("encoding", String(20), nullable=False, default="", server_default=""),
    Column("network_attr", Integer),
    Column("industry", String(40), nullable=False, default="", server_default=""),
    Column("site_category", String(40), nullable=False, default="", server_default=""),
    Column("installed_on", Date),
    Column("mgmt_unit", Text, nullable=False, default="", server_default=""),
    Column("mgmt_contact", Text, nullable=False, default="", server_default="", comment="personal data: masked"),
    Column("retention_days", Integer),
    Column("filing_no", Text, nullable=False, default="", server_default=""),
    Column("filing_on", Date),
    Column("signage_present", Boolean),
    # made of the record, the device and the owner, for lists: store/search_columns.py
    Column("shown_name", String(200), nullable=False, default="", server_default="", comment="declared, else told"),
    Column("shown_manufacturer", String(200), nullable=False, default="", server_default=""),
    Column("shown_model", String(200), nullable=False, default="", server_default=""),
    Column("shown_owner", String(200), nullable=False, default="", server_default=""),
    Column("address_number", BigId, comment="the IPv4 address where it is, else where it was said to be"),
    # what the pose was held against: inventory/pose_check.py
    Column("pose_check", String(10), nullable=False, default="", server_default="", comment="verified, measured"),
    Column(
        "pose_mark", String(16), nullable=False, default="", server_default="", comment="of the pose it was made of"
    ),
    # observed from the device
    Column("observed_name", Text, nullable=False, default="", index=True),
    Column("observed_lon", Float),
    Column("observed_lat", Float),
    Column("observed_bearing_deg", Float),
    Column("observed_elevation_m", Float),
    Column("ptz", Boolean, nullable=False, default=False),
    Column("snapshot_uri", Text),
    Column("created_at", UtcInstant, nullable=False),
    Column("changed_at", UtcInstant, nullable=False),
    *(Index(f"ix_cameras_by_{name}", name, "id", "life_cycle") for name in LIST_ORDERS),
    Index("ix_cameras_life_cycle", "life_cycle"),
    Index("ix_cameras_spot", "lat", "lon"),
)

search_texts = Table(
    "search_texts",
    metadata,
    Column("camera_id", BigId, ForeignKey("cameras.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("words", Text, nullable=False, comment="what is not ASCII, as written, in small letters"),
    Column("letters", Text, nullable=False, comment="what is ASCII, and the pinyin of the rest"),
    Column("network", Text, nullable=False, comment="the same, for those who may read network addresses"),
    comment="beside the cameras and not in them: a search reads all of it, and little else",
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

camera_devices = Table(
    "camera_devices",
    metadata,
    id_column(),
    Column("camera_id", BigId, ForeignKey("cameras.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("device_id", BigId, ForeignKey("devices.id"), nullable=False, index=True),
    Column("channel", String(100), nullable=False),
    Column("from_at", UtcInstant, nullable=False),
    Column("until_at", UtcInstant, comment="since when it is another device's; none: now"),
    Column("why", Text, nullable=False, default=""),
    comment="which hardware stood at the point, and when",
)

camera_paths = Table(
    "camera_paths",
    metadata,
    Column("camera_id", BigId, ForeignKey("cameras.id", ondelete="CASCADE"), primary_key=True),
    Column("device_id", BigId, ForeignKey("devices.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("channel", String(100), primary_key=True),
    Column("found_at", UtcInstant, nullable=False),
    Column("reasons", JSON, nullable=False, default=list),
    Column("observed_name", Text, nullable=False, default=""),
    Column("uri", Text, nullable=False, default="", comment="of its main stream; tells it when the token changes"),
    Column("width", Integer, nullable=False, default=0),
    comment="other ways to the same camera: an NVR's channel that is also reachable directly",
)
