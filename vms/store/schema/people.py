"""Who signs in, who owns cameras."""

from sqlalchemy import Column, ForeignKey, Index, String, Table, Text, UniqueConstraint

from vms.store.schema.columns import BigId, UtcInstant, id_column, metadata

users = Table(
    "users",
    metadata,
    id_column(),
    Column("name", String(80), nullable=False, unique=True),
    Column("password_hash", Text, nullable=False),
    Column("role", String(20), nullable=False, comment="vms.access.roles.Role"),
    Column("owner_id", BigId, ForeignKey("owners.id"), comment="for role owner: whose cameras"),
    Column("maintainer_id", BigId, comment="for crews: the firm that they work for; none: the office's own"),
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

sign_in_refusals = Table(
    "sign_in_refusals",
    metadata,
    id_column(),
    Column("user_name", String(80), nullable=False, comment="as typed; there need not be such a user"),
    Column("address", String(64), nullable=False, comment="who asked, IP address"),
    Column("at", UtcInstant, nullable=False),
    Index("ix_sign_in_refusals_who", "user_name", "address", "at"),
)

owners = Table(
    "owners",
    metadata,
    id_column(),
    Column("name", Text, nullable=False),
    Column("tier", String(20), nullable=False),
    Column("contact", Text, nullable=False, default="", comment="personal data: masked in lists"),
    Column("created_at", UtcInstant, nullable=False),
    UniqueConstraint("name", "tier"),
)
