"""What happened, and which feeds were shown for it."""

from sqlalchemy import JSON, Column, Float, ForeignKey, Integer, String, Table, Text

from vms.store.schema.columns import BigId, UtcInstant, id_column, metadata

incidents = Table(
    "incidents",
    metadata,
    id_column(),
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
