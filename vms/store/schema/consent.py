"""What owners allow and who looked: registrations, consents, requests, the log of looks."""

from sqlalchemy import JSON, Boolean, Column, Float, ForeignKey, String, Table, Text

from vms.store.schema.columns import BigId, UtcInstant, id_column, metadata

registrations = Table(
    "registrations",
    metadata,
    id_column(),
    Column("status", String(20), nullable=False, index=True, comment="submitted, approved, refused, withdrawn"),
    Column("submitted_at", UtcInstant, nullable=False),
    Column("submitted_by", BigId, ForeignKey("users.id")),
    Column("owner_id", BigId, ForeignKey("owners.id"), nullable=False),
    Column("camera_id", BigId, ForeignKey("cameras.id")),
    Column("content", JSON, nullable=False, comment="as submitted, without credentials"),
    Column("credential_id", BigId, ForeignKey("credentials.id"), comment="the login of the camera, if one was given"),
    Column("access_key_hash", String(64), nullable=False, index=True, comment="lets the owner come back"),
    Column("decided_at", UtcInstant),
    Column("decided_by", BigId, ForeignKey("users.id")),
    Column("reason", Text, nullable=False, default=""),
)

consents = Table(
    "consents",
    metadata,
    id_column(),
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
    id_column(),
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
    id_column(),
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
    Column("previous_hash", String(64), nullable=False, unique=True, comment="unique: the chain cannot fork"),
    Column("hash", String(64), nullable=False, comment="SHA-256 over this entry and previous_hash, ended_at left out"),
)
