"""Whether it works: watches, flips, faults, numbers, stills."""

from sqlalchemy import JSON, Boolean, Column, Float, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from vms.store.schema.columns import BigId, UtcInstant, id_column, metadata

watch_sessions = Table(
    "watch_sessions",
    metadata,
    id_column(),
    Column("started_at", UtcInstant, nullable=False),
    Column("alive_at", UtcInstant, nullable=False, comment="the poller's heartbeat; an old one: nobody looks"),
    Column("interval_s", Float, nullable=False),
    Column("once", Boolean, nullable=False, default=False, comment="a single poll of everything, no lasting poller"),
    Column("ended_at", UtcInstant, comment="stopped in good order; NULL: runs, or was killed"),
    Column("figures", JSON, nullable=False, default=dict, comment="the poller about itself: lateness_max_s, …"),
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
    id_column(),
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
    id_column(),
    Column("camera_id", BigId, ForeignKey("cameras.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("kind", String(30), nullable=False, comment="vms.health.fault.FaultKind"),
    Column("layer", String(20), nullable=False),
    Column("severity", String(10), nullable=False),
    Column("because", Text, nullable=False, default=""),
    Column("opened_at", UtcInstant, nullable=False, index=True),
    Column("closed_at", UtcInstant, index=True),
    Column("outage_id", BigId, index=True, comment="it fell with others: not ordered, not charged on its own"),
    Column("score", Float, comment="of a picture fault: 0 … 1, the worst so far"),
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

daily_sets = Table(
    "daily_sets",
    metadata,
    Column("day", String(10), primary_key=True, comment="of the office's time zone"),
    Column("what", String(20), primary_key=True, comment="vms.store.daily_sets.What"),
    Column("bits", LargeBinary, nullable=False, comment="a bit for each camera's id, compressed"),
    comment="of which cameras something was so on a day: some kB for 100,000 cameras",
)

stills = Table(
    "stills",
    metadata,
    Column("camera_id", BigId, ForeignKey("cameras.id", ondelete="CASCADE"), primary_key=True),
    Column("at", UtcInstant, nullable=False),
    Column("file", Text, nullable=False, comment="below the data folder"),
    Column("statistics", JSON, nullable=False, default=dict),
    Column("stands", String(64), comment="of a camera that turns: the preset; empty: between; none: nobody knows"),
)
