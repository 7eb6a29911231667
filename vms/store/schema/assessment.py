"""The assessment (考核): profiles of thresholds and weights, and reports as they were made."""

from sqlalchemy import JSON, Boolean, Column, Index, LargeBinary, String, Table

from vms.store.schema.columns import UtcInstant, id_column, metadata

assessment_profiles = Table(
    "assessment_profiles",
    metadata,
    id_column(),
    Column("name", String(80), nullable=False, unique=True),
    Column("content", JSON, nullable=False, comment="{figure: {target, weight, …}}, the rules of exclusion"),
    Column("is_default", Boolean, nullable=False, default=False),
    Column("changed_at", UtcInstant, nullable=False),
    Column("changed_by", String(80), nullable=False),
)

assessment_reports = Table(
    "assessment_reports",
    metadata,
    id_column(),
    Column("kind", String(10), nullable=False, comment="daily, weekly, monthly, asked"),
    Column("start_at", UtcInstant, nullable=False),
    Column("end_at", UtcInstant, nullable=False),
    Column("grouped_by", String(20), nullable=False, comment="region, tier, owner, maintainer"),
    Column("profile", JSON, nullable=False, comment="as it was then"),
    Column("content", JSON, nullable=False, comment="the figures as they were said"),
    Column("made_at", UtcInstant, nullable=False),
    Column("made_by", String(80), nullable=False),
    Column("sheet", LargeBinary, comment="XLSX"),
    Index("ix_assessment_reports_what", "kind", "start_at", "grouped_by"),
)
