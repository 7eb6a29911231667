"""What the dispatcher has decided and not yet written."""

from sqlalchemy import JSON, Column, Integer, String, Table

from vms.store.schema.columns import id_column, metadata

dispatch_pieces = Table(
    "dispatch_pieces",
    metadata,
    id_column(),
    Column("kind", String(10), nullable=False, comment="moved, marked, freed, saved, told"),
    Column("rows", Integer, nullable=False, comment="about so many are written by it"),
    Column("content", JSON, nullable=False),
    comment="put in with the decision, taken out in the transaction that writes it: mostly empty",
)
