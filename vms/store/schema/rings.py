"""Standing rings of checkpoints: where they cross the roads, and when and why they stood open."""

from sqlalchemy import JSON, Boolean, Column, Float, ForeignKey, Index, String, Table, Text

from vms.store.schema.columns import BigId, UtcInstant, id_column, metadata

rings = Table(
    "rings",
    metadata,
    id_column(),
    Column("name", String(80), nullable=False, unique=True),
    Column("kind", String(20), nullable=False, comment="middle, outer, other"),
    Column("made_from", String(20), nullable=False, comment="polygon: drawn by hand; cut: the smallest closed ring"),
    Column("outline", JSON, nullable=False, comment="[[lon, lat], …] as drawn, closed; empty for a cut"),
    Column("note", Text, nullable=False, default=""),
    Column("created_at", UtcInstant, nullable=False),
    Column("created_by", String(80), nullable=False),
)

ring_points = Table(
    "ring_points",
    metadata,
    id_column(),
    Column("ring_id", BigId, ForeignKey("rings.id", ondelete="CASCADE"), nullable=False),
    Column("lon", Float, nullable=False),
    Column("lat", Float, nullable=False),
    Column("bearing_deg", Float, nullable=False, comment="of the road there, to find it again on another map"),
    Column("road", String(200), nullable=False, default=""),
    Index("ix_ring_points_ring", "ring_id"),
    comment="by position, not by road: they outlive every map",
)

ring_openings = Table(
    "ring_openings",
    metadata,
    id_column(),
    Column("ring_id", BigId, ForeignKey("rings.id", ondelete="CASCADE"), nullable=False),
    Column("cause_kind", String(20), nullable=False, comment="outage, faulty, no_consent, none_built, no_road"),
    Column("cause_key", String(40), nullable=False, comment="the outage, the camera; else empty"),
    Column("name", Text, nullable=False, comment="of the outage or the camera"),
    Column("points", JSON, nullable=False, comment="ids of the points that nobody sees"),
    Column("cameras", JSON, nullable=False, comment="ids of the cameras that would see them"),
    Column("seen_at", UtcInstant, nullable=False),
    Column("counts", Boolean, nullable=False, comment="it has lasted long enough to be true"),
    Column("told", Boolean, nullable=False, comment="nobody need be told (any more)"),
    Column("told_at", UtcInstant, comment="when people were told; empty where the ring was made like this"),
    Column("mended_at", UtcInstant, comment="since when it is gone; not long enough yet to be over"),
    Column("closed_at", UtcInstant),
    Index("ix_ring_openings_open", "ring_id", "closed_at"),
)
