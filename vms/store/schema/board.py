"""What the office's board showed a while ago: samples of its counts, for the line of the last day."""

from sqlalchemy import JSON, Column, Table

from vms.store.schema.columns import UtcInstant, metadata

board_samples = Table(
    "board_samples",
    metadata,
    Column("at", UtcInstant, primary_key=True),
    Column("whole", JSON, nullable=False, comment="[cameras, up, suspect, down, unknown, intact]"),
    Column("regions", JSON, nullable=False, comment="{region's code: the same of its own cameras}"),
    comment="one every few minutes, kept for a day; where nobody counted there is none",
)
