"""Who maintained what before the rules of assignment, or the regions they name, were changed: past months by firm."""

from sqlalchemy import JSON, Column, Table

from vms.store.schema.columns import UtcInstant, id_column, metadata

past_assignments = Table(
    "past_assignments",
    metadata,
    id_column(),
    Column("until_at", UtcInstant, nullable=False, index=True, comment="they held until then"),
    Column("rules", JSON, nullable=False, comment="in their order, as assignment_rules has them"),
    Column("parents", JSON, nullable=False, comment="{region: region above it or null}"),
)
