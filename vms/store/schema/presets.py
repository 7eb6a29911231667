"""Where cameras that turn stand, their presets, what people said of these; the sensors of cameras that have several."""

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, String, Table, Text

from vms.store.schema.columns import BigId, UtcInstant, metadata

camera_heads = Table(
    "camera_heads",
    metadata,
    Column("camera_id", BigId, ForeignKey("cameras.id", ondelete="CASCADE"), primary_key=True),
    Column("read_at", UtcInstant, nullable=False, comment="when it was seen there first, or told something else"),
    Column("pan", Float, comment="in the device's own units; none: it does not tell"),
    Column("tilt", Float),
    Column("zoom", Float),
    Column(
        "space",
        String(120),
        nullable=False,
        default="",
        server_default="",
        comment="what the device calls it, where that is a space of degrees",
    ),
    Column("moving", Boolean, nullable=False),
    Column("preset", String(64), nullable=False, comment="the token; empty: between presets"),
    Column("presets_read_at", UtcInstant, comment="none: not yet"),
    Column("aim_bearing_deg", Float, comment="where it looks now; none: nobody said enough to reckon with"),
    Column("aim_tilt_deg", Float),
    Column("aim_h_fov_deg", Float, comment="none: as the record says"),
    Column("aim_source", String(10), nullable=False, default="", comment="told, computed, assumed"),
)

camera_presets = Table(
    "camera_presets",
    metadata,
    Column("camera_id", BigId, ForeignKey("cameras.id", ondelete="CASCADE"), primary_key=True),
    Column("token", String(64), primary_key=True),
    Column("place", Integer, nullable=False, comment="in the device's order"),
    Column("name", String(100), nullable=False),
    Column("pan", Float, comment="none: the device does not tell where it is"),
    Column("tilt", Float),
    Column("zoom", Float),
    Column(
        "space",
        String(120),
        nullable=False,
        default="",
        server_default="",
        comment="what the device calls it, where that is a space of degrees",
    ),
    Column("told_bearing_deg", Float, comment="none: nobody has said where this preset looks"),
    Column("told_tilt_deg", Float),
    Column("told_h_fov_deg", Float),
    Column("told_by", String(80), nullable=False, default=""),
    Column("told_at", UtcInstant),
    Column("lost_at", UtcInstant, comment="when the device was seen to have moved it: what was told holds no more"),
)

camera_sensors = Table(
    "camera_sensors",
    metadata,
    Column("camera_id", BigId, ForeignKey("cameras.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, comment="from 1, in the order in which people call them"),
    Column("name", String(80), nullable=False, default=""),
    Column("channel", String(100), nullable=False, default="", comment="the device's video source; empty: not known"),
    Column("bearing_deg", Float, comment="none: nobody said"),
    Column("tilt_deg", Float),
    Column("h_fov_deg", Float),
    Column("v_fov_deg", Float),
    Column("max_view_m", Float),
    Column("width_px", Integer),
    Column("changed_by", String(80), nullable=False),
    Column("changed_at", UtcInstant, nullable=False),
    Column("why", Text, nullable=False, default=""),
    Index("ix_camera_sensors_channel", "channel"),
    comment="of one record, one housing: its sensors fail together; a camera without rows has one, its own pose",
)
